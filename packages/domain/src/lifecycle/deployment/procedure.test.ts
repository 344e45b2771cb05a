import { expect, test } from "vitest";
import type { RollbackAnswer } from "../../process/process.ts";
import { aProcess, aRow, aTable } from "../../testing/builders.ts";
import { obligations, previousEnvironment, rollbackProcedure } from "./procedure.ts";

const advised: RollbackAnswer = { procedure: ["a", "b"], rehearsed: "advised" };
const required: RollbackAnswer = { procedure: ["b", "c"], rehearsed: "required" };
const process = aProcess({
  rollback: aTable("rollback", advised, {
    hit: "collect",
    rows: [aRow("add", { type: "add" }, advised), aRow("breaking", { breaking: true }, required)],
  }),
  afterwards: aTable(
    "afterwards",
    { monitoringDays: 1, obligations: ["x"] },
    {
      hit: "collect",
      rows: [
        aRow("add", { type: "add" }, { monitoringDays: 1, obligations: ["x"] }),
        aRow("breaking", { breaking: true }, { monitoringDays: 7, obligations: ["x", "y"] }),
      ],
    },
  ),
});

test("the way back adds up, each step once, and one row that requires a rehearsal is enough", () => {
  expect(rollbackProcedure(process, { type: "add" })).toMatchObject({ procedure: ["a", "b"], rehearsed: "advised" });
  expect(rollbackProcedure(process, { type: "add", breaking: true })).toMatchObject({
    procedure: ["a", "b", "c"],
    rehearsed: "required",
  });
  expect(rollbackProcedure(process, {})).toMatchObject({
    procedure: [],
    rehearsed: "required",
    explanation: { met: false },
  });
});

test("what is owed afterwards adds up, for the longest period", () => {
  expect(obligations(process, { type: "add", breaking: true })).toMatchObject({
    monitoringDays: 7,
    obligations: ["x", "y"],
  });
  expect(obligations(process, {})).toMatchObject({ monitoringDays: 0, obligations: [], explanation: { met: false } });
});

test("the environment before one is the one before it in promotion order", () => {
  expect(previousEnvironment(["staging", "production"], "production")).toBe("staging");
  expect(previousEnvironment(["staging", "production"], "staging")).toBeNull();
  expect(() => previousEnvironment(["staging"], "prod")).toThrow(RangeError);
});
