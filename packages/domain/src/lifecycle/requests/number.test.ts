import { expect, test } from "vitest";
import { isNumberPattern } from "../../process/number-pattern.ts";
import { formatNumber, numberScope } from "./number.ts";

const now = "2026-11-21T10:00:00Z";

test.each([
  ["CHG-{seq}", 12, "CHG-12"],
  ["CR-{yyyy}-{seq:4}", 7, "CR-2026-0007"],
  ["CR-{yyyy}-{seq:3}", 12345, "CR-2026-12345"],
])("%s with %i is %s", (pattern, seq, number) => {
  expect(formatNumber(pattern, { seq, now })).toBe(number);
});

test("a sequence belongs to prefix and year, whatever the width", () => {
  expect(numberScope("CR-{yyyy}-{seq:4}", now)).toBe("CR-2026-");
  expect(numberScope("CR-{yyyy}-{seq:3}", now)).toBe("CR-2026-");
  expect(numberScope("CHG-{seq}", now)).toBe("CHG-");
});

test.each([
  ["CHG-{seq}", true],
  ["CR-{yyyy}-{seq:4}", true],
  ["CHG", false],
  ["{seq}{seq}", false],
  ["{seq}-{month}", false],
])("%s is a pattern: %s", (pattern, is) => {
  expect(isNumberPattern(pattern)).toBe(is);
});
