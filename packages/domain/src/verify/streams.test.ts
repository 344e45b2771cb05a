import { expect, test } from "vitest";
import { Streams } from "./streams.ts";

/** Lets an entry of a stream be taken, with the hashes written as one digit each. */
function take(streams: Streams, name: string, seq: number, before: string, own: string) {
  const bytes = Buffer.from(`${name}${before.repeat(64)}${own.repeat(64)}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = Buffer.byteLength(name);
  return streams.take(view, 0, end, seq, end, end + 64);
}

test("every stream begins with nothing before it and goes on from its last entry, however many there are", () => {
  const streams = new Streams();
  for (let index = 0; index < 500; index++) expect(take(streams, `s-${index}`, 1, "0", String(index % 10))).toBeNull();
  for (let index = 0; index < 500; index++) {
    expect(take(streams, `s-${index}`, 2, String((index + 1) % 10), "5")).toEqual({ due: 2, numbered: true });
    expect(take(streams, `s-${index}`, 2, String(index % 10), "5")).toBeNull();
  }
});

test("names whose bytes make the same key are told apart", () => {
  const streams = new Streams();
  for (const [name, hash] of Object.entries({ "stream-70603": "1", "stream-80000": "2" })) {
    expect(take(streams, name, 1, "0", hash)).toBeNull();
  }
  expect(take(streams, "stream-70603", 2, "1", "3")).toBeNull();
  expect(take(streams, "stream-80000", 2, "2", "4")).toBeNull();
});

test("an entry with another number than the one that is due is a stray", () => {
  const streams = new Streams();
  expect(take(streams, "a", 2, "0", "1")).toEqual({ due: 1, numbered: false });
  expect(take(streams, "a", 1, "1", "1")).toEqual({ due: 1, numbered: true });
  expect(take(streams, "a", 1, "0", "1")).toBeNull();
  expect(take(streams, "a", 1, "0", "1")).toEqual({ due: 2, numbered: false });
});

test("names are told apart in every byte", () => {
  const streams = new Streams();
  for (const name of ["abcdef", "abcdeg", "abcdefg", "bbcdef", "abcde", "abcd"])
    expect(take(streams, name, 1, "0", "1")).toBeNull();
});
