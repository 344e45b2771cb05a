import { expect, test } from "vitest";
import type { Limit } from "./times.ts";
import { limitEnd, USUAL_WORKING_TIME, type WorkingTime } from "./working-time.ts";

const berlin: WorkingTime = {
  ...USUAL_WORKING_TIME,
  zone: "Europe/Berlin",
  from: "08:00",
  to: "16:00",
  holidays: ["12-25", "2026-12-28"],
};

// The 2nd of March 2026 is a Monday.
test.each<[string, Limit, string, WorkingTime, string]>([
  ["hours of the clock", { hours: 2 }, "2026-03-07T23:30:00Z", USUAL_WORKING_TIME, "2026-03-08T01:30:00.000Z"],
  ["the same day", { workingDays: 1 }, "2026-03-02T08:00:00Z", USUAL_WORKING_TIME, "2026-03-02T17:00:00.000Z"],
  ["a day that is over", { workingDays: 1 }, "2026-03-02T17:00:00Z", USUAL_WORKING_TIME, "2026-03-03T17:00:00.000Z"],
  ["over a weekend", { workingDays: 3 }, "2026-03-05T16:59:00Z", USUAL_WORKING_TIME, "2026-03-09T17:00:00.000Z"],
  ["on a Sunday", { workingDays: 1 }, "2026-03-08T12:00:00Z", USUAL_WORKING_TIME, "2026-03-09T17:00:00.000Z"],
  ["within a day", { workingHours: 4 }, "2026-03-02T10:00:00Z", USUAL_WORKING_TIME, "2026-03-02T14:00:00.000Z"],
  ["to its very end", { workingHours: 8 }, "2026-03-02T03:00:00Z", USUAL_WORKING_TIME, "2026-03-02T17:00:00.000Z"],
  ["over a night", { workingHours: 4 }, "2026-03-02T15:00:00Z", USUAL_WORKING_TIME, "2026-03-03T11:00:00.000Z"],
  ["over holidays", { workingHours: 2 }, "2026-12-24T14:00:00Z", berlin, "2026-12-29T08:00:00.000Z"],
  // Clocks go forward on the 29th of March: 8:00 there is 7:00 UTC before it and 6:00 after.
  ["over a change of clocks", { workingHours: 2 }, "2026-03-27T14:00:00Z", berlin, "2026-03-30T07:00:00.000Z"],
  ["days of another zone", { workingDays: 1 }, "2026-03-01T23:30:00Z", berlin, "2026-03-02T15:00:00.000Z"],
])("%s", (_, limit, begins, time, end) => {
  expect(limitEnd(limit, begins, time)).toBe(end);
});
