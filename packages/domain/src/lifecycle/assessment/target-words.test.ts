import { expect, test } from "vitest";
import { bytesText, countText, listText, rangeText, rateText, secondsText } from "./target-words.ts";

test("sizes stand in the largest unit of which there is one", () => {
  expect([0, 999, 1500, 47_300_000, 2_060_000_000, 5e18].map(bytesText)).toEqual([
    "0 bytes",
    "999 bytes",
    "1.5 kB",
    "47 MB",
    "2.1 GB",
    "5,000 PB",
  ]);
});

test("counts keep three digits", () => {
  expect([0, 7, 1234, 1_204_999].map(countText)).toEqual(["0", "7", "1,230", "1,200,000"]);
});

test("times are said in the unit that fits", () => {
  expect([0.4, 5.25, 59, 150, 9000].map(secondsText)).toEqual(["moments", "5.3 s", "59 s", "2.5 min", "2.5 h"]);
  expect(rangeText({ least: 2, most: 90 })).toBe("2 s to 1.5 min");
  expect(rangeText({ least: 0.1, most: 0.5 })).toBe("moments");
  expect(rangeText({ least: 3, most: null })).toBe("3 s");
});

test("a rate that nobody knows is said so", () => {
  expect([null, 0, 0.01, 12.4].map(rateText)).toEqual(["an unknown number of", "0", "less than 0.1", "12"]);
});

test("lists are read out", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listText)).toEqual(["", "a", "a and b", "a, b and c"]);
});
