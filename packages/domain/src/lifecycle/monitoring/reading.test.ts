import { expect, test } from "vitest";
import type { RollbackTrigger } from "../../process/rollback-trigger.ts";
import { judgeReading, type Reading } from "./reading.ts";

const aTrigger = (more: Partial<RollbackTrigger>): RollbackTrigger => ({
  id: "t",
  title: "T",
  metric: "health",
  ...more,
});
const judged = (trigger: Partial<RollbackTrigger>, reading: Reading, baseline: Reading | null = null) => {
  const { result, words } = judgeReading(aTrigger(trigger), reading, { baseline, atLeast: 20 });
  return `${result}: ${words}`;
};

test.each<[string, Partial<RollbackTrigger>, Reading]>([
  ["pass: the health check answers", {}, { value: 1 }],
  ["fail: the health check fails", {}, { value: 0 }],
  ["pass: no critical alert", { metric: "alerts" }, { value: 0 }],
  ["fail: 1 critical alert", { metric: "alerts" }, { value: 1 }],
  ["fail: 3 critical alerts", { metric: "alerts" }, { value: 3 }],
  ["pass: 5 % fail, with 5 % allowed", { metric: "error-rate", above: 0.05 }, { value: 0.05 }],
  ["fail: 5.1 % fail, with 5 % allowed", { metric: "error-rate", above: 0.05 }, { value: 0.051, samples: 20 }],
  ["fail: 6 sessions wait for a lock, with 5 allowed", { metric: "lock-waits", above: 5 }, { value: 6 }],
  [
    "pass: replicas are 1.235 s behind, with 30 s allowed",
    { metric: "replication-lag", above: 30 },
    { value: 1.23456 },
  ],
])("%s", (expected, trigger, reading) => {
  expect(judged(trigger, reading)).toBe(expected);
});

test("what was not measured, is no number or rests on too few samples is inconclusive, good or bad", () => {
  const errors = { metric: "error-rate", above: 0.05 } as const;
  expect(judged({}, { missing: "nobody answers" })).toBe("inconclusive: nobody answers");
  expect(judged({}, { value: Number.NaN })).toBe("inconclusive: what was measured is no number");
  for (const value of [0, 1]) {
    expect(judged(errors, { value, samples: 19 })).toBe("inconclusive: 19 samples say too little; it takes 20");
  }
});

test("response times are compared with the baseline, without which nobody knows", () => {
  const slow = (value: number, baseline: Reading | null) =>
    judged({ metric: "response-time", times: 2 }, { value }, baseline);
  expect(slow(0.2, { value: 0.1 })).toBe("pass: 200 ms, with 200 ms allowed (2 times the baseline)");
  expect(slow(0.201, { value: 0.1 })).toBe("fail: 201 ms, with 200 ms allowed (2 times the baseline)");
  expect(judged({ metric: "response-time" }, { value: 2 }, { value: 1 })).toMatch(/^fail/);
  expect(slow(0.1, null)).toMatch(/^inconclusive: nothing was measured/);
  expect(slow(0.1, { missing: "no route" })).toMatch(/^inconclusive: .*no route/);
  expect(slow(0.1, { value: 0 })).toMatch(/^inconclusive: 0 before the deployment/);
});
