import { expect, test } from "vitest";
import { aProcess, aRow, aTable } from "../testing/builders.ts";
import { compareProcesses } from "./comparison.ts";
import type { Process } from "./process.ts";

const bare = aProcess();
const process: Process = {
  ...bare,
  form: {
    ...bare.form,
    rules: [{ code: "TABLES_NEEDED", when: {}, require: {}, message: "Name the tables.", hint: "Which are they?" }],
  },
  derived: [{ name: "large", title: "Large", table: aTable("large", { value: true }) }],
  positions: [{ id: "cto", title: "CTO" }],
  standing: [
    { id: "patch", title: "Patch", description: "", owner: "cto", expires: "2027-01-01", fields: {}, when: {} },
  ],
  boards: [{ id: "cab", title: "CAB", members: ["cto"], chair: "cto" }],
  freezes: [{ id: "year-end", title: "Year end", from: "2026-12-20T00:00:00Z", to: "2027-01-05T00:00:00Z" } as never],
  bands: [{ name: "size", title: "Size", from: "items", levels: [{ value: "small" }] }],
  scores: [
    {
      name: "risk",
      title: "Risk",
      cap: 10,
      levels: [{ value: "low" }],
      table: { id: "risk-factors", title: "Factors", dimensions: [], hit: "collect", rows: [] },
    },
  ],
  template: { format: "yaml", title: "Request", entries: [{ at: ["request", "title"], field: "title" }] },
};

test("against itself a process says nothing otherwise, wherever its parts stand in their files", () => {
  const place = { file: "process.yaml", line: 7 };
  const moved = JSON.parse(JSON.stringify({ ...process, place }), (_key, value) =>
    Array.isArray(value) ? value.map((one) => (typeof one === "object" ? { ...one, place } : one)) : value,
  );
  expect(compareProcesses(process, moved)).toEqual([]);
});

test("the order of rows makes no difference", () => {
  const approvals = [process.approvals].flat();
  const turned = {
    ...process,
    approvals: approvals.map((table) => ({ ...table, rows: [...table.rows].reverse() })),
  } as Process;
  expect(compareProcesses(process, turned)).toEqual([]);
});

test("what is new has nothing before, what is gone nothing after, and what is said otherwise both", () => {
  const [field, ...fields] = process.form.fields;
  const after: Process = {
    ...process,
    version: process.version + 1,
    form: { ...process.form, fields: [...fields, { ...field!, id: "reason" }] },
    template: { ...process.template!, title: "Change" },
  };
  const found = compareProcesses(process, after);
  expect(found).toContainEqual({ part: "About", id: "version", before: process.version, after: process.version + 1 });
  expect(found).toContainEqual({ part: "Form", id: field!.id, before: expect.objectContaining({ id: field!.id }) });
  expect(found).toContainEqual({ part: "Form", id: "reason", after: expect.objectContaining({ id: "reason" }) });
  expect(found).toContainEqual({
    part: "Template",
    id: "about",
    before: { format: "yaml", title: "Request" },
    after: { format: "yaml", title: "Change" },
  });
  expect(found).toHaveLength(4);
});

test("rows, steps, transitions and refusals are told one by one, and two of one name by their turn", () => {
  const [stage, ...stages] = process.stages;
  const step = { id: "look", title: "Look", evidence: [], by: [] } as const;
  const way = { to: stage!.id, on: "edit", gates: [] } as const;
  const row = aRow("more", {}, { team: "web" });
  const { id: _id, ...said } = row;
  const after: Process = {
    ...process,
    stages: [
      {
        ...stage!,
        steps: [...stage!.steps, step, step],
        transitions: [...stage!.transitions, { ...way, when: { type: "a" } }],
        refusals: [
          { on: "deploy", because: "It is too early." },
          { on: "deploy", when: { type: "a" }, because: "Never." },
        ],
      },
      ...stages,
    ],
    routing: { ...process.routing, rows: [...process.routing.rows, row] },
  };
  const part = `Stage ${stage!.title}`;
  expect(compareProcesses(process, after)).toEqual([
    { part, id: "look", after: step },
    { part, id: "look", after: step },
    { part, id: `edit to ${stage!.id} when type = a`, after: { ...way, when: { type: "a" } } },
    { part, id: "deploy refused", after: { on: "deploy", because: "It is too early." } },
    { part, id: "deploy refused when type = a", after: { on: "deploy", when: { type: "a" }, because: "Never." } },
    { part: `Table ${process.routing.title}`, id: "more", after: said },
  ]);
});

test("parts that a process may leave out may come and go", () => {
  const { freezes: _freezes, bands: _bands, scores: _scores, template: _template, ...rest } = process;
  const { positions: _positions, boards: _boards, standing: _standing, ...less } = rest;
  expect(compareProcesses(process, less).map(({ part }) => part)).toEqual([
    "Positions",
    "Boards",
    "Bands",
    "Standing changes",
    "Freezes",
    "Table Factors",
    "Template",
    "Template",
  ]);
});

test("a stage or a table of another title is the same one still", () => {
  const [stage, ...stages] = process.stages;
  const after: Process = {
    ...process,
    stages: [{ ...stage!, title: "Sketch" }, ...stages],
    routing: { ...process.routing, title: "Who gets it" },
  };
  expect(compareProcesses(process, after).map(({ part, id }) => [part, id])).toEqual([
    ["Stage Sketch", stage!.id],
    ["Table Who gets it", process.routing.id],
  ]);
});
