import { describe, expect, test } from "vitest";
import { type FieldValue, schemaModel } from "../model.ts";
import type { Action, ActionThat, ColumnFacts } from "./actions.ts";
import type { MigrationFacts, StatementFacts } from "./facts.ts";
import { asMigration, columnIn, full, isPartitioned, relationIn, sameName, shown } from "./migration.ts";

const named = (name: string, schema: string | null = null) => ({ schema, name });

function statement(index: number, ...actions: Action[]): StatementFacts {
  const text = { kind: "x", text: "x", line: index + 1, column: 1, longNames: [] };
  return { index, ...text, transactional: true, actions, measured: null };
}

function migration(actions: Action[], more: Partial<MigrationFacts> = {}) {
  const statements = actions.map((action, index) => statement(index, action));
  return asMigration({
    statements,
    transactional: true,
    exposed: false,
    targetMajor: null,
    before: null,
    after: null,
    ...more,
  });
}

const word = (said: string): Action => ({ does: "transaction", word: said });
const other: Action = { does: "other" };
const view = (name: string, does: "create_materialized_view" = "create_materialized_view"): Action => ({
  does,
  view: named(name),
});

const VIEW: ActionThat<"create_view"> = {
  does: "create_view",
  view: named("v"),
  replace: false,
  temporary: false,
  securityInvoker: false,
  star: false,
  reads: [],
};
const FUNCTION: ActionThat<"create_function"> = {
  does: "create_function",
  function: named("f"),
  replace: false,
  language: "sql",
  options: { securityDefiner: null, volatility: null, settings: [] },
  returns: null,
  body: "",
};
const SEQUENCE = { as: null, maxValue: null, cycle: false, restart: false, ownedBy: null };
const COLUMN: ColumnFacts = {
  name: "nick",
  type: { name: "text", modifiers: [], array: false, place: null },
  notNull: false,
  default: null,
  identity: null,
  generated: null,
  constraints: [],
  place: null,
};

const model = schemaModel("18", [
  { kind: "table", name: "public.users", fields: {} },
  {
    kind: "column",
    name: "public.users.id",
    of: "table:public.users",
    fields: { type: "bigint" } as Record<string, FieldValue>,
  },
  { kind: "view", name: 'shop."Open Orders"', fields: {} },
]);

describe("what is new", () => {
  test("is what an earlier statement of the file made", () => {
    const { isNew, statements } = migration([view("totals"), other]);
    expect(isNew(named("totals"), statements[1]!)).toBe(true);
    expect(isNew(named("totals"), statements[0]!)).toBe(false);
    expect(isNew(named("users"), statements[1]!)).toBe(false);
  });

  test("is what was not there before, when that is known, or what the file makes anew for sure", () => {
    const replaced: Action = { ...VIEW, view: named("users"), replace: true };
    const m = migration([replaced, view("totals"), other], { before: model });
    const at = m.statements[2]!;
    expect(m.isNew(named("users"), at)).toBe(false);
    expect(m.isNew(named("visits"), at)).toBe(true);
    expect(m.isNew(named("totals"), at)).toBe(true);
    expect(migration([replaced, other]).isNew(named("users"), statement(1))).toBe(true);
  });

  test("is followed through renames", () => {
    const renamed: Action = { does: "rename", object: "table", of: named("users"), from: "users", to: "people" };
    const inside: Action = { does: "rename", object: "column", of: named("users"), from: "users", to: "members" };
    const added: Action = { does: "add_column", table: named("users"), column: COLUMN, ifNotExists: false };
    const m = migration([inside, added, renamed, other], { before: model });
    const at = m.statements[3]!;
    expect(m.isNew(named("people"), at)).toBe(false);
    expect(m.isNew(named("members"), at)).toBe(true);
    expect(m.isNewColumn(named("people"), "nick", at)).toBe(true);
    expect(m.isNewColumn(named("people"), "id", at)).toBe(false);
    expect(m.isNewColumn(named("people"), "nick", m.statements[0]!)).toBe(true);
  });

  test("can be a type, a function, a sequence or a view, and may be made later only", () => {
    const made: Action[] = [
      { does: "create_type", type: named("mood"), of: "enum" },
      { ...VIEW, view: named("adults") },
      { ...FUNCTION, function: named("twice") },
      { does: "create_sequence", sequence: named("numbers"), options: SEQUENCE },
    ];
    const m = migration([...made, other]);
    for (const name of ["mood", "adults", "twice", "numbers"]) {
      expect(m.isNewObject(named(name), m.statements[4]!), name).toBe(true);
      expect(m.isNewObject(named(name), m.statements[0]!), name).toBe(false);
      expect(m.isMadeLater(named(name), statement(-1)), name).toBe(true);
      expect(m.isMadeLater(named(name), m.statements[4]!), name).toBe(false);
    }
  });
});

describe("a transaction", () => {
  const around = (m: ReturnType<typeof migration>, at: number) => [
    m.inTransaction(m.statements[at]!),
    m.earlier(m.statements[at]!).map(({ index }) => index),
    m.later(m.statements[at]!).map(({ index }) => index),
  ];

  test("is the whole file where the tool wraps it", () => {
    expect(around(migration([other, other, other]), 1)).toEqual([true, [0], [2]]);
  });

  test("is what stands between BEGIN and its end in a file without one", () => {
    const m = migration([other, word("begin"), other, word("commit"), other, word("start"), other, word("rollback")], {
      transactional: false,
    });
    expect(around(m, 0)).toEqual([false, [], []]);
    expect(around(m, 2)).toEqual([true, [1], []]);
    expect(around(m, 4)).toEqual([false, [], []]);
    expect(around(m, 6)).toEqual([true, [5], []]);
  });
});

test("a name without a schema can mean an object of any", () => {
  expect(sameName(named("a"), named("a", "x"))).toBe(true);
  expect(sameName(named("a", "x"), named("a"))).toBe(true);
  expect(sameName(named("a", "x"), named("a", "y"))).toBe(false);
  expect(sameName(named("a"), named("b"))).toBe(false);
  expect(relationIn(model, named("Open Orders"))?.name).toBe('shop."Open Orders"');
  expect(relationIn(model, named("Open Orders", "shop"))?.name).toBe('shop."Open Orders"');
  expect(relationIn(model, named("Open Orders", "public"))).toBeNull();
  expect(relationIn(model, named("nothing"))).toBeNull();
});

test("names are shown as written and looked up in full", () => {
  expect(shown(named("Users", "shop"), "id")).toBe('shop."Users".id');
  expect(shown(named("users"))).toBe("users");
  expect(full(named("users"), "id")).toBe("public.users.id");
  expect(columnIn(model, named("users"), "id")?.fields.type).toBe("bigint");
  expect([
    columnIn(model, named("users"), "x"),
    columnIn(model, named("y"), "x"),
    columnIn(null, named("users"), "id"),
  ]).toEqual([null, null, null]);
});

test("a table is partitioned in the schema before, or by this file", () => {
  const before = schemaModel("18", [
    { kind: "table", name: "public.log", fields: { partitionKey: "RANGE (at)" } },
    { kind: "table", name: "public.users", fields: { partitionKey: null } },
  ]);
  const made = (name: string, partitionBy: string[] | null): Action => ({
    does: "create_table",
    table: named(name),
    ifNotExists: false,
    columns: [],
    constraints: [],
    persistence: "permanent",
    partitionBy,
    partitionOf: null,
    inherits: [],
    columnsElsewhere: false,
  });
  const facts = migration([other, made("visits", ["at"]), made("plain", null)], { before });
  expect(["log", "users", "visits", "plain"].map((name) => isPartitioned(facts, named(name)))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(isPartitioned(migration([other]), named("log"))).toBe(false);
});
