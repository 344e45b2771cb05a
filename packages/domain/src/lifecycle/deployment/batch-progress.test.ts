import { expect, test } from "vitest";
import { batchProgress, progressText } from "./batch-progress.ts";

test("the rate is that of this run, and what is left follows from it", () => {
  const counted = { done: 3000, about: 10_000, written: 12 };
  expect(batchProgress(counted, { done: 1000, at: 5000 }, 7000)).toEqual({
    ...counted,
    perSecond: 1000,
    secondsLeft: 7,
  });
});

test("before anything was done in this run, and where no time has passed, nobody knows a rate", () => {
  const counted = { done: 1000, about: 10_000, written: 0 };
  expect(batchProgress(counted, { done: 1000, at: 0 }, 7000)).toMatchObject({ perSecond: null, secondsLeft: null });
  expect(batchProgress(counted, { done: 0, at: 7000 }, 7000)).toMatchObject({ perSecond: null, secondsLeft: null });
});

test("without a count, or past it, nobody knows how much is left", () => {
  const began = { done: 0, at: 0 };
  expect(batchProgress({ done: 10, about: null, written: 0 }, began, 1000)).toMatchObject({
    perSecond: 10,
    secondsLeft: null,
  });
  expect(batchProgress({ done: 10, about: 5, written: 0 }, began, 1000).secondsLeft).toBeNull();
});

test("it is said with what is known", () => {
  expect(progressText({ done: 12_000, about: 20_000, written: 4113, perSecond: 3400, secondsLeft: 90 })).toBe(
    "12,000 of about 20,000 rows, 4,110 written, 3,400 a second, about 1.5 min left",
  );
  expect(progressText({ done: 10, about: null, written: 0, perSecond: null, secondsLeft: null })).toBe(
    "10 rows, 0 written",
  );
});
