import { expect, test } from "vitest";
import { aProcess, aRow, aTable } from "../testing/builders.ts";
import { type FactInputs, factsFor, gatherFacts, isFilled } from "./facts.ts";
import type { FormField } from "./process.ts";

const inputs: FactInputs = { type: "add", fields: {}, artifacts: [] };
const base = aProcess();
const field = (more: Partial<FormField> & Pick<FormField, "id" | "kind">): FormField => ({
  title: more.id,
  help: "",
  ...more,
});

test("what the engine knows by itself", () => {
  const facts = gatherFacts(base, {
    ...inputs,
    fields: { components: ["users", "web", "users", "constructor", 3] },
    artifacts: [{ kind: "migration" }, { kind: "migration" }, { kind: "manual" }],
    environment: "production",
    componentTeams: { users: "core", web: "core" },
    assessment: { breaking: false, complexity: "high" },
  });
  expect(facts).toEqual({
    type: "add",
    environment: "production",
    environments: ["staging", "production"],
    lastEnvironment: true,
    artifact: ["migration", "manual"],
    component: ["users", "web", "constructor"],
    componentTeam: ["core"],
    breaking: false,
    complexity: "high",
  });
});

test("without an environment nothing is said about it, and defaults fill in what nobody says", () => {
  const facts = gatherFacts(base, { ...inputs, environments: ["staging"] });
  expect(facts).toMatchObject({ breaking: false, environments: ["staging"] });
  expect(facts.environment).toBeUndefined();
  expect(facts.lastEnvironment).toBeUndefined();
  const { form, ...bare } = base;
  expect(gatherFacts({ ...bare, form: { fields: [], rules: [] } }, inputs).breaking).toBe(false);
});

test.each([
  ["the form", { fields: { breaking: true }, assessment: { breaking: false, complexity: "low" as const } }],
  ["the assessment", { assessment: { breaking: true, complexity: "low" as const }, measured: { breaking: false } }],
  ["a measurement", { measured: { breaking: true }, fields: { breaking: false } }],
])("breaking is raised by %s and lowered by nobody", (_, more) => {
  expect(gatherFacts(base, { ...inputs, ...more }).breaking).toBe(true);
});

test("form fields give facts by their kind, and a default counts as given", () => {
  const fields = [
    field({ id: "risk", kind: "choice", fact: "risk", values: ["low"], default: "low" }),
    field({ id: "tags", kind: "list", fact: "tags" }),
    field({ id: "note", kind: "text", fact: "note" }),
    field({ id: "who", kind: "users", factWhenFilled: "named" }),
    field({ id: "number", kind: "choice", fact: "number" }),
  ];
  const facts = gatherFacts(aProcess({ form: { fields, rules: [] } }), {
    ...inputs,
    fields: { tags: ["a", "b"], note: "text", who: ["anna"], number: 3 },
  });
  expect(facts).toMatchObject({ risk: "low", tags: ["a", "b"], named: true });
  expect(facts.note).toBeUndefined();
  expect(facts.number).toBeUndefined();
});

test("derived facts are concluded in order, and a boolean one only raises", () => {
  const process = aProcess({
    derived: [
      { name: "risk", title: "Risk", table: aTable("risk", { value: "high" }) },
      {
        name: "breaking",
        title: "Breaking",
        table: aTable<{ value: boolean }>(
          "breaking",
          { value: false },
          { rows: [aRow("r", { risk: "high" }, { value: true })] },
        ),
      },
      { name: "all", title: "All", table: aTable("all", { value: "x" }, { hit: "collect" }) },
    ],
  });
  expect(gatherFacts(process, inputs)).toMatchObject({ risk: "high", breaking: true, all: ["x"] });
  const lowering = aProcess({ derived: [{ name: "breaking", title: "B", table: aTable("b", { value: false }) }] });
  expect(gatherFacts(lowering, { ...inputs, fields: { breaking: true } }).breaking).toBe(true);
});

test("rows that contradict each other conclude nothing, except that a boolean takes the stricter one", () => {
  const contradicting = (a: string | boolean, b: string | boolean) =>
    aProcess({
      derived: [
        {
          name: "risk",
          title: "Risk",
          table: aTable("risk", { value: a }, { rows: [a, b].map((value, i) => aRow(`r${i}`, {}, { value })) }),
        },
      ],
    });
  expect(gatherFacts(contradicting("low", "high"), inputs).risk).toBeUndefined();
  expect(gatherFacts(contradicting(false, true), inputs).risk).toBe(true);
});

test("bands turn numbers into words and scores add up points", () => {
  const process = aProcess({
    bands: [
      { name: "size", title: "Size", from: "items", levels: [{ upTo: 1000, value: "small" }, { value: "large" }] },
      { name: "age", title: "Age", from: "unknown", levels: [{ value: "old" }] },
    ],
    scores: [
      {
        name: "risk",
        title: "Risk",
        cap: 1,
        levels: [{ upTo: 0.7, value: "normal" }, { value: "high" }],
        table: aTable(
          "risk",
          { points: 0.5 },
          {
            hit: "collect",
            rows: [
              aRow("production", { environment: "production" }, { points: 0.6 }),
              aRow("staging", { environment: "staging" }, { points: 0.3 }),
              aRow("large", { size: "large" }, { points: 0.2 }),
              aRow("removes", { type: "remove" }, { points: 0.3 }),
            ],
          },
        ),
      },
    ],
  });
  const facts = gatherFacts(process, { ...inputs, fields: { items: 1001 } });
  expect(facts).toMatchObject({ size: "large", riskScore: 0.2, risk: "normal" });
  expect(gatherFacts(process, { ...inputs, fields: { items: 1000 } }).size).toBe("small");
  expect(gatherFacts(process, { ...inputs, measured: { items: 5000 } }).size).toBe("large");
  expect(facts.age).toBeUndefined();
  expect(factsFor(process, facts, "production")).toMatchObject({ riskScore: 0.8, risk: "high", lastEnvironment: true });
  const removing = gatherFacts(process, { ...inputs, type: "remove", fields: { items: 1001 } });
  expect(factsFor(process, removing, "production")).toMatchObject({ riskScore: 1 });
});

test("facts seen for one environment know whether it is the last", () => {
  expect(factsFor(base, { environments: ["staging"] }, "staging").lastEnvironment).toBe(true);
  expect(factsFor(base, {}, "staging").lastEnvironment).toBe(false);
});

test.each([
  [undefined, false],
  [null, false],
  ["  ", false],
  [[], false],
  [false, true],
  [0, true],
  ["a", true],
  [["a"], true],
])("%j is filled in: %s", (value, filled) => {
  expect(isFilled(value)).toBe(filled);
});

test("of an ordered dimension the highest value stands, whoever says it", () => {
  const risk = { title: "Risk", values: ["low", "medium", "high"], ordered: true, default: "low" };
  const given = { id: "risk", title: "", help: "", kind: "choice" as const, values: [...risk.values], fact: "risk" };
  const by = (name: string, value: string | string[], hit: "unique" | "collect" = "unique") => {
    const rows = [value].flat().map((one, index) => aRow(`${name}-${index}`, {}, { value: one }));
    return { name: "risk", title: name, table: aTable(name, { value: "" }, { hit, rows }) };
  };
  const process = (...derived: ReturnType<typeof by>[]) =>
    aProcess({ dimensions: { ...base.dimensions, risk }, derived, form: { fields: [given], rules: [] } });
  const risks = (said: string | undefined, ...derived: ReturnType<typeof by>[]) =>
    gatherFacts(process(...derived), { ...inputs, fields: said === undefined ? {} : { risk: said } }).risk;
  expect(risks(undefined)).toBe("low");
  expect(risks("medium", by("impact", "low"), by("likelihood", "high"))).toBe("high");
  expect(risks("high", by("impact", "medium"))).toBe("high");
  expect(risks("low", by("impact", ["medium", "high"], "collect"))).toBe("high");
  expect(risks("low", by("impact", ["medium", "high"]))).toBe("high");
  expect(risks("high", by("impact", "unheard-of"))).toBe("high");
  const measured = gatherFacts(process(), { ...inputs, measured: { risk: ["low"] } });
  expect(measured.risk).toEqual(["low"]);
});
