import { expect, test } from "vitest";
import { sequenceLength, textOf } from "./utf8.ts";

test.each(["\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"])(
  "%j is read as it was written",
  (character) => {
    const bytes = Buffer.from(character);
    expect(sequenceLength(bytes, 0)).toBe(bytes.length);
    expect(textOf(bytes, 0, bytes.length)).toBe(character);
  },
);

test("text is read from any place", () => {
  const bytes = Buffer.from("aé–😀z");
  expect(textOf(bytes, 1, bytes.length - 1)).toBe("é–😀");
});

test.each([
  ["a continuation byte alone", [0x80]],
  ["an overlong slash", [0xc0, 0xaf]],
  ["an overlong three-byte form", [0xe0, 0x9f, 0xbf]],
  ["an overlong four-byte form", [0xf0, 0x8f, 0xbf, 0xbf]],
  ["a surrogate", [0xed, 0xa0, 0x80]],
  ["beyond the last code point", [0xf4, 0x90, 0x80, 0x80]],
  ["a byte that never occurs", [0xff, 0x80]],
  ["nothing after a lead byte", [0xc3]],
  ["a wrong second byte", [0xc3, 0x28]],
  ["a wrong third byte", [0xe2, 0x82, 0x28]],
  ["a third byte beyond continuation", [0xe2, 0x82, 0xc0]],
  ["a missing fourth byte", [0xf0, 0x9f, 0x98]],
])("%s is not well-formed", (_name, bytes) => {
  expect(sequenceLength(Uint8Array.from(bytes), 0)).toBe(0);
});
