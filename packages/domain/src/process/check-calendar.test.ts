import { expect, test } from "vitest";
import { aProcess, aTable } from "../testing/builders.ts";
import { checkWritten } from "./check.ts";
import type { Process } from "./process.ts";
import { METRICS, type RollbackTrigger } from "./rollback-trigger.ts";
import type { Freeze, Recurrence } from "./times.ts";
import { USUAL_WORKING_TIME, type WorkingTime } from "./working-time.ts";

function codes(overrides: Partial<Process>): string[] {
  return checkWritten(aProcess(overrides)).map(({ code }) => code);
}

test.each<[string[], Partial<Recurrence>]>([
  [[], {}],
  [["TIME_INVALID"], { from: "2:00" }],
  [["TIME_INVALID", "TIME_INVALID"], { from: "25:00", to: "06:60" }],
  [["ZONE_UNKNOWN"], { zone: "Europe/Berlyn" }],
])("%j in a window", (expected, change) => {
  const window: Recurrence = { from: "02:00", to: "06:00", zone: "Europe/Berlin", ...change };
  expect(codes({ windows: aTable("windows", { windows: [window] }) })).toEqual(expected);
  expect(codes({ windows: aTable("windows", { always: true }) })).toEqual([]);
});

test.each<[string[], Partial<WorkingTime>]>([
  [[], { holidays: ["2026-12-25", "01-01"] }],
  [["TIME_INVALID"], { from: "18:00" }],
  [["ZONE_UNKNOWN"], { zone: "Mars" }],
  [["DAYS_INVALID"], { holidays: ["Christmas"] }],
])("%j in the working time", (expected, change) => {
  expect(codes({ workingTime: { ...USUAL_WORKING_TIME, ...change } })).toEqual(expected);
});

test.each<[string[], Partial<Freeze>]>([
  [[], {}],
  [[], { from: "12-31", to: "01-01" }],
  [["DAYS_INVALID"], { from: "2026-12-24", to: "2026-12-23" }],
  [["DAYS_INVALID"], { from: "12-24" }],
  [["DAYS_INVALID"], { from: "Christmas" }],
  [["DAYS_INVALID"], { to: "2026-13-01" }],
  [["ZONE_UNKNOWN"], { zone: "" }],
  [["DIMENSION_UNKNOWN"], { when: { luck: true } }],
])("%j in a freeze", (expected, change) => {
  const freeze: Freeze = { id: "f", title: "F", from: "2026-12-23", to: "2026-12-24", zone: "UTC", ...change };
  expect(codes({ freezes: [freeze] })).toEqual(expected);
});

test("a freeze until a date names a field of one, and no days beside it", () => {
  const date = { id: "sunset", title: "", help: "", kind: "date" as const };
  const form = { ...aProcess().form, fields: [...aProcess().form.fields, date] };
  const freeze = (more: Partial<Freeze>) => codes({ form, freezes: [{ id: "f", title: "F", zone: "UTC", ...more }] });
  expect(freeze({ until: "sunset" })).toEqual([]);
  expect(freeze({ until: "title" })).toEqual(["FIELD_UNKNOWN"]);
  expect(freeze({ until: "sunset", from: "12-24", to: "12-26" })).toEqual(["DAYS_INVALID"]);
  expect(freeze({})).toEqual(["DAYS_INVALID"]);
});

test.each<[string[], Partial<RollbackTrigger>]>([
  [[], {}],
  [[], { metric: "alerts" }],
  [[], { metric: "error-rate", above: 0.05 }],
  [[], { metric: "response-time", times: 2 }],
  [[], { metric: "lock-waits", above: 5 }],
  [[], { metric: "replication-lag", above: 30 }],
  [["THRESHOLD_INVALID"], { metric: "lock-waits" }],
  [["THRESHOLD_INVALID"], { metric: "replication-lag", above: 30, times: 2 }],
  [["THRESHOLD_INVALID"], { above: 1 }],
  [["THRESHOLD_INVALID"], { metric: "alerts", times: 2 }],
  [["THRESHOLD_INVALID"], { metric: "error-rate" }],
  [["THRESHOLD_INVALID"], { metric: "error-rate", above: 5 }],
  [["THRESHOLD_INVALID"], { metric: "error-rate", above: 0.1, times: 2 }],
  [["THRESHOLD_INVALID"], { metric: "response-time", times: 1 }],
])("%j in a rollback trigger", (expected, change) => {
  const trigger: RollbackTrigger = { id: "t", title: "T", metric: "health", ...change };
  const answer = { triggers: [trigger], intervalSeconds: 60, failures: 2 };
  expect(codes({ triggers: aTable("triggers", answer) })).toEqual(expected);
  const twice = { ...answer, triggers: [trigger, trigger] };
  expect(codes({ triggers: aTable("triggers", twice) })).toContain("DUPLICATE_ID");
});

test("each metric has one right form", () => {
  const thresholds = [{}, { above: 0.05 }, { times: 2 }];
  for (const metric of METRICS) {
    const found = thresholds.map((threshold) => {
      const triggers = [{ id: "t", title: "T", metric, ...threshold }];
      return codes({ triggers: aTable("triggers", { triggers, intervalSeconds: 60, failures: 1 }) }).length;
    });
    expect(found.sort()).toEqual([0, 1, 1]);
  }
});
