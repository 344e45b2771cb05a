import { expect, test } from "vitest";
import { schemaModel } from "../model.ts";
import type { Action } from "./actions.ts";
import type { MigrationFacts, StatementFacts } from "./facts.ts";
import { judgeByRule, judgeMigration } from "./judge.ts";
import { defineRule } from "./rule.ts";

const drop = (column: string): Action => ({
  does: "drop_column",
  table: { schema: "shop", name: "users" },
  column,
  ifExists: false,
  cascade: false,
});

test("findings stand in the order of the statements, at their places", () => {
  const statement = { kind: "alter_table", transactional: true, longNames: [], measured: null };
  const findings = judgeMigration({
    statements: [
      { ...statement, index: 0, text: "a", line: 3, column: 1, actions: [drop("a"), drop("b")] },
      { ...statement, index: 1, text: "b", line: 3, column: 9, actions: [drop("c"), { does: "other" }] },
    ],
    transactional: true,
    exposed: false,
    targetMajor: null,
    before: null,
    after: null,
  });
  expect(findings.filter(({ rule }) => rule === "drop-column")).toEqual(
    [
      { name: "shop.users.a", statement: 0, column: 1 },
      { name: "shop.users.b", statement: 0, column: 1 },
      { name: "shop.users.c", statement: 1, column: 9 },
    ].map(({ name, ...place }) => ({
      rule: "drop-column",
      severity: "error",
      breaking: true,
      line: 3,
      ...place,
      message: `${name} is dropped: whatever still uses it fails, and its values are gone`,
      hint: expect.stringContaining("later migration"),
    })),
  );
});

test("a rule that looks at the whole says at which statement it is found, and may weigh it otherwise", () => {
  const statement: StatementFacts = {
    index: 0,
    kind: "x",
    text: "x",
    line: 1,
    column: 1,
    transactional: true,
    actions: [{ does: "other" }],
    longNames: [],
    measured: null,
  };
  const around = { transactional: true, exposed: false, targetMajor: null, before: null, after: null };
  const facts: MigrationFacts = { statements: [statement], ...around };
  const rule = defineRule({
    id: "a-rule",
    subject: "columns",
    severity: "error",
    title: "A rule",
    why: "Because.",
    instead: "Do it otherwise.",
    bad: [],
    good: [],
    on: { other: () => [{ message: "third", objects: ["public.a"] }] },
    whole: ({ statements }) => [
      { statement: statements[0]!, message: "first", severity: "info", hint: "Look.", place: { line: 7, column: 2 } },
      { statement: statements[0]!, message: "second" },
    ],
  });
  const common = { rule: "a-rule", breaking: false, statement: 0 };
  expect(judgeByRule(rule, facts)).toEqual([
    { ...common, severity: "error", line: 1, column: 1, message: "third", hint: "Do it otherwise." },
    { ...common, severity: "error", line: 1, column: 1, message: "second", hint: "Do it otherwise." },
    { ...common, severity: "info", line: 7, column: 2, message: "first", hint: "Look." },
  ]);
});

test("what a rule has said of an object is not said again by comparing the schemas, which then show that it breaks", () => {
  const column = (name: string, position: number) => ({
    kind: "column" as const,
    name: `public.users.${name}`,
    of: "table:public.users",
    fields: { table: "public.users", position, type: "text", notNull: true, default: name === "nick" ? "''" : null },
  });
  const table = { kind: "table" as const, name: "public.users", fields: {} };
  const before = schemaModel("18", [table, column("name", 1), column("nick", 2), column("age", 3)]);
  const plain = { ...column("nick", 2), fields: { ...column("nick", 2).fields, default: null } };
  const after = schemaModel("18", [table, plain]);
  const users = { schema: null, name: "users" };
  const statement = { kind: "alter_table", text: "x", column: 1, transactional: true, longNames: [], measured: null };
  const actions: Action[] = [
    { ...drop("name"), table: users } as Action,
    { does: "set_default", table: users, column: "nick", default: null },
    { does: "run_code", language: "plpgsql", dynamic: false },
  ];
  const statements = actions.map((action, index) => ({ ...statement, index, line: index + 1, actions: [action] }));
  const findings = judgeMigration({
    statements,
    transactional: true,
    exposed: false,
    targetMajor: null,
    before,
    after,
  });
  const brief = findings.map(({ rule, breaking, line }) => `${line} ${rule}${breaking ? ", breaking" : ""}`);
  expect(brief).toContain("1 drop-column, breaking");
  expect(brief).toContain("2 drop-default, breaking");
  expect(brief.filter((words) => words.includes("breaking-change"))).toEqual(["1 breaking-change, breaking"]);
});
