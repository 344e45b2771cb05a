import { expect, test } from "vitest";
import { flashing } from "./flashing.ts";

test("only what says something else flashes, and what is new where that is wanted", () => {
  expect(flashing(undefined, { a: "1" }, true)).toEqual([]);
  expect(flashing({ a: "1", b: "1" }, { a: "1", b: "2", c: "1" }, false)).toEqual(["b"]);
  expect(flashing({ a: "1", b: "1" }, { a: "1", b: "2", c: "1" }, true)).toEqual(["b", "c"]);
  expect(flashing({ a: "1" }, {}, true)).toEqual([]);
});
