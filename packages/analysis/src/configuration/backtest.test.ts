import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import { expect, test } from "vitest";
import { backtest, type PastChange } from "./backtest.ts";
import { parseProcess } from "./process-file.ts";

const text = readFileSync(resolve(import.meta.dirname, "../../../../processes/itil/process.yaml"), "utf8");

function processOf(yaml: string): Process {
  const loaded = parseProcess(yaml, "process.yaml");
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  return loaded.value.process;
}
const today = processOf(text);
const replaced = (what: string | RegExp, by: string) => {
  const other = text.replace(what, by);
  expect(other).not.toBe(text);
  return processOf(other);
};

const past = (number: string, fields: Record<string, unknown>, began: PastChange["began"] = []): PastChange => ({
  number,
  title: number,
  status: "closed",
  hash: "today",
  given: {
    type: "normal",
    fields: { type: "normal", components: ["billing"], ...fields },
    artifacts: [],
    environments: ["production"],
    componentTeams: { billing: "payments" },
  },
  began,
});
/** Sunday in the window, and Monday outside of it. */
const SUNDAY = [{ environment: "production", at: "2026-03-01T03:00:00.000Z" }];
const MONDAY = [{ environment: "production", at: "2026-03-02T03:00:00.000Z" }];
const history = [
  past("CR-1", { impact: "low", probability: "low" }, SUNDAY),
  past("CR-2", { impact: "high", probability: "low" }, MONDAY),
];
const versions = new Map([["today", today]]);

test("against itself a process says nothing otherwise", () => {
  expect(backtest(history, versions, today)).toEqual({ changes: 2, differing: [], sums: [] });
});

test("a row that concludes another risk is told with what follows from it, per change and in sum", () => {
  const proposed = replaced(/(id: high-any, when: \{ impact: high \}, then: \{ value: )critical/, "$1high");
  const { differing, sums } = backtest(history, versions, proposed);
  expect(differing).toMatchObject([{ number: "CR-2" }]);
  const { otherwise } = differing[0]!;
  expect(otherwise).toContainEqual({ what: "risk", before: "critical", after: "high" });
  expect(otherwise).toContainEqual({
    what: "approvals for production",
    before: [expect.stringContaining("cab")],
    after: expect.arrayContaining([expect.stringContaining("business-stakeholder")]),
  });
  expect(sums).toContainEqual({
    what: "risk",
    changes: 1,
    ways: [{ before: "critical", after: "high", changes: 1 }],
  });
});

test("another window is held against the moments at which deployments began", () => {
  const proposed = replaced(/days: \[SU\]/, "days: [MO]");
  const { differing } = backtest(history, versions, proposed);
  expect(differing.map(({ number, otherwise }) => [number, otherwise])).toEqual([
    ["CR-1", [{ what: "window for production", before: "open", after: "OUTSIDE_WINDOW" }]],
    ["CR-2", [{ what: "window for production", before: "OUTSIDE_WINDOW", after: "open" }]],
  ]);
});

test("a field that becomes required is a problem of every form that has it not", () => {
  const proposed = replaced(
    /(id: databaseChanges, title: Database changes, help: What changes in databases., kind: long-text,)/,
    "$1 required: true,",
  );
  const { differing, sums } = backtest(history, versions, proposed);
  expect(differing).toHaveLength(2);
  expect(differing[0]!.otherwise).toEqual([
    { what: "form", before: [], after: ["FIELD_REQUIRED /fields/databaseChanges"] },
  ]);
  expect(sums).toEqual([{ what: "form", changes: 2, ways: [] }]);
});

test("a version that nobody has is a mistake of whoever asks", () => {
  expect(() => backtest(history, new Map(), today)).toThrow("no version today for CR-1");
});
