import { expect, test } from "vitest";
import { agoInWords, spanInWords } from "./ago.tsx";
import { momentInWords } from "./moment.tsx";

const NOW = Date.parse("2026-11-20T12:00:00Z");

test.each([
  ["2026-11-20T11:59:40Z", "just now"],
  ["2026-11-20T11:58:00Z", "2 minutes ago"],
  ["2026-11-19T12:00:00Z", "yesterday"],
  ["2026-11-20T15:00:00Z", "in 3 hours"],
  ["2025-11-20T00:00:00.123456Z", "last year"],
])("%s is %s", (at, words) => {
  expect(agoInWords(at, NOW)).toBe(words);
});

test.each([
  ["2026-11-20T12:00:00.340Z", "340 ms"],
  ["2026-11-20T12:00:04.200Z", "4.2 s"],
  ["2026-11-20T12:03:05Z", "3 min 5 s"],
])("a span until %s is %s", (end, words) => {
  expect(spanInWords("2026-11-20T12:00:00Z", end)).toBe(words);
});

test.each([
  ["2026-11-20T12:15:00.000Z", "13:15 (in 15 minutes)"],
  ["2026-11-20T23:30:00Z", "21 Nov 2026, 00:30 (in 12 hours)"],
])("%s is %s in the viewer's zone", (at, words) => {
  expect(momentInWords(at, NOW, "Europe/Berlin", "en-GB")).toBe(words);
});
