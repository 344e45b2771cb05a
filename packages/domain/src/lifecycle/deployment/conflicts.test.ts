import { expect, test } from "vitest";
import { aChange, aProcess } from "../../testing/builders.ts";
import { conflictsAt, type PlannedDeployment } from "./conflicts.ts";

const change = { ...aChange(), number: "T-1", environments: ["staging", "production"] };
const question = { process: aProcess(), change, situation: { people: [], now: "2026-03-01T00:00:00.000Z" } };
const own = {
  environment: "production",
  at: "2026-03-04T12:00:00.000Z",
  components: ["shop"],
  tables: ["public.users"],
};
const other: PlannedDeployment = {
  change: "T-2",
  title: "Another",
  environment: "staging",
  at: "2026-03-04T13:00:00.000Z",
  components: [],
  tables: [],
};

function kinds(planned: readonly Partial<PlannedDeployment>[], at = own.at) {
  return conflictsAt(
    question,
    { ...own, at },
    planned.map((one) => ({ ...other, ...one })),
  ).map(({ kind }) => kind);
}

test("nothing stands against a deployment that shares nothing with any other", () => {
  expect(kinds([{}])).toEqual([]);
});

test.each<[string, string[], Partial<PlannedDeployment>]>([
  [
    "to the same environment within an hour",
    ["environment"],
    { environment: "production", at: "2026-03-04T11:00:00.001Z" },
  ],
  ["to the same environment an hour later", [], { environment: "production" }],
  [
    "of the same table on that day",
    ["table"],
    { tables: ["public.users", "public.words"], at: "2026-03-05T11:59:59.999Z" },
  ],
  ["of the same table a day later", [], { tables: ["public.users"], at: "2026-03-05T12:00:00.000Z" }],
  ["of the same component", ["component"], { components: ["shop"] }],
  ["of the same change to another environment", [], { change: "T-1", components: ["shop"], tables: ["public.users"] }],
  ["of the same change that is put down already", [], { change: "T-1", environment: "production", at: own.at }],
  ["of the same of everything", ["environment", "table", "component"], { ...own }],
])("a deployment %s", (_, expected, planned) => {
  expect(kinds([planned])).toEqual(expected);
});

test("what is not possible at all comes first, in the words of the refusal; the others name the change", () => {
  expect(conflictsAt(question, { ...own, at: "2026-02-28T00:00:00Z" }, [])).toEqual([
    { kind: "not-possible", message: "This moment is over.", hint: "Choose one to come, or deploy now." },
  ]);
  expect(conflictsAt(question, own, [{ ...other, tables: own.tables }])).toEqual([
    {
      kind: "table",
      change: "T-2",
      message: 'T-2 "Another" locks public.users as well: it begins in staging at 2026-03-04T13:00:00.000Z.',
    },
  ]);
});
