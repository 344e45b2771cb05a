import { expect, test } from "vitest";
import { sizeInWords } from "./attachment.ts";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1 kB"],
  [1240, "1.2 kB"],
  [999_949, "999.9 kB"],
  [999_950, "1 MB"],
  [10_000_000, "10 MB"],
  [12_345_678, "12.3 MB"],
])("%i bytes are %s", (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words);
});
