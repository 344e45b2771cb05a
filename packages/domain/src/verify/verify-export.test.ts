import { expect, test } from "vitest";
import { aTrail } from "../testing/a-trail.ts";
import { verifyBytes, verifyExport } from "./verify-export.ts";

const trail = aTrail([{ stream: "a", details: { note: "one\u2028line\r\n" } }, { stream: "b" }, { stream: "a" }]);
const file = Buffer.from(`${trail.lines().join("\n")}\n`);

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield item;
}

/** The file in pieces of this size, all handed over in the same memory. */
function* pieces(size: number, bytes = file): Generator<Uint8Array> {
  const shared = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    shared.set(piece);
    yield shared.subarray(0, piece.length);
  }
}

test("an export can be read from any source of lines", async () => {
  expect(await verifyExport(trail.lines())).toMatchObject({ ok: true, count: 3 });
  expect(await verifyExport(later(trail.lines()))).toMatchObject({ ok: true, count: 3 });
  expect(await verifyExport(later(trail.lines().toSpliced(2, 1)))).toMatchObject({
    code: "SEQUENCE_GAP",
    place: { line: 3 },
  });
});

test("an export can be read as bytes in pieces of any size", async () => {
  for (const size of [1, 2, 100, 1000, file.length]) {
    expect(await verifyBytes(pieces(size))).toMatchObject({ ok: true, count: 3 });
    expect(await verifyBytes(later(pieces(size)))).toMatchObject({ ok: true, count: 3 });
  }
});

test("numbers of several digits are read at both ends of a line", async () => {
  const long = aTrail(Array.from({ length: 120 }, (_, index) => ({ stream: index % 9 === 0 ? "b" : "a" })));
  const bytes = Buffer.from(`${long.lines().join("\n")}\n`);
  expect(await verifyBytes([bytes])).toMatchObject({ ok: true, count: 120 });
  const renumbered = Buffer.from(bytes.toString().replace('"seq":101}', '"seq":011}'));
  expect(await verifyBytes([renumbered])).toMatchObject({ code: "LINE_NOT_CANONICAL", place: { line: 102, seq: 101 } });
});

test("wherever a long export is cut or damaged, the same is said of it as line by line", async () => {
  const lines = aTrail(Array.from({ length: 400 }, (_, index) => ({ stream: `s${index % 7}` }))).lines();
  for (const entries of [1, 2, 80, 150, 311, 399, 400]) {
    const cut = lines.slice(0, entries + 1);
    const whole = Buffer.from(`${cut.join("\n")}\n`);
    const verdict = await verifyExport(cut);
    expect(verdict).toMatchObject({ code: "SEAL_MISSING", place: { seq: entries, stream: `s${(entries - 1) % 7}` } });
    for (const size of [5000, 70_000, whole.length]) expect(await verifyBytes(pieces(size, whole))).toEqual(verdict);
    const damaged = lines.with(entries, lines[entries]!.replace('"outcome":"done"', '"outcome":"dome"'));
    expect(damaged[entries]).not.toBe(lines[entries]);
    const said = await verifyExport(damaged);
    expect(said).toMatchObject({ code: "ENTRY_ALTERED", place: { line: entries + 1 } });
    expect(await verifyBytes([Buffer.from(`${damaged.join("\n")}\n`)])).toEqual(said);
  }
});

test("the last line feed may be missing, one more may not be there", async () => {
  expect(await verifyBytes([file.subarray(0, -1)])).toMatchObject({ ok: true });
  expect(await verifyBytes([file, Buffer.from("\n")])).toMatchObject({ code: "TRAILING_DATA", place: { line: 6 } });
  expect(await verifyBytes([file, Buffer.from("x")])).toMatchObject({ code: "TRAILING_DATA", place: { line: 6 } });
});

test("a line that stops short is damage when another follows, and the end of a cut file when none does", async () => {
  const lines = trail.lines();
  const short = `${lines[0]}\n${lines[1]!.slice(0, 99)}\n`;
  const more = Buffer.from(`${lines[2]}\n`);
  expect(await verifyBytes([Buffer.from(short)])).toMatchObject({ code: "SEAL_MISSING", place: { line: 2 } });
  for (const pieces of [
    [Buffer.from(short), more],
    [Buffer.from(short), new Uint8Array(), more],
    [Buffer.concat([Buffer.from(short), more])],
  ]) {
    expect(await verifyBytes(pieces)).toMatchObject({ code: "LINE_NOT_CANONICAL", place: { line: 2, seq: 1 } });
  }
});

test("a refused export is not read to its end", async () => {
  let read = 0;
  function* counted() {
    for (const piece of pieces(100, Buffer.concat([Buffer.from("no export\n"), file]))) {
      read += 1;
      yield piece;
    }
  }
  expect(await verifyBytes(counted())).toMatchObject({ code: "LINE_NOT_CANONICAL", place: { line: 1 } });
  expect(read).toBe(1);
});

test("a line has a longest length, so that memory has one", async () => {
  const endless = [file.subarray(0, file.indexOf("\n") + 1), ...Array.from({ length: 9 }, () => new Uint8Array(1000))];
  expect(await verifyBytes(endless, { longestLine: 5000 })).toMatchObject({
    code: "LINE_TOO_LONG",
    place: { line: 2, seq: 1 },
  });
});
