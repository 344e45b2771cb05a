import { expect, test } from "vitest";
import { aSituation } from "../../testing/a-situation.ts";
import { aChange, aProcess } from "../../testing/builders.ts";
import { decideSchedule } from "./schedule.ts";

const freezes = [{ id: "spring", title: "Spring", from: "03-01", to: "03-31", zone: "UTC" }];
const question = { process: aProcess({ freezes }), change: aChange(), situation: aSituation() };

test("a deployment is put down for a moment to come at which its way is open", () => {
  expect(decideSchedule(question, "staging", "2026-02-01T12:00:00+02:00")).toEqual({
    ok: true,
    value: { at: "2026-02-01T10:00:00.000Z" },
  });
});

test.each([
  ["ENVIRONMENT_UNKNOWN", aChange(), "moon", "2026-02-01T00:00:00Z"],
  ["ENVIRONMENT_UNKNOWN", aChange({ environments: [] }), "moon", "2026-02-01T00:00:00Z"],
  ["SCHEDULE_PAST", aChange(), "staging", "2026-01-10T00:00:00Z"],
  ["FROZEN", aChange(), "staging", "2026-03-31T23:59:00Z"],
])("%s", (code, change, environment, at) => {
  expect(decideSchedule({ ...question, change }, environment, at)).toMatchObject({ refusal: { code } });
});
