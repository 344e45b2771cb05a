import { type FieldValue, type ObjectKind, type SchemaObject, schemaModel } from "@change-mgmt/domain/schema/model.ts";
import { expect, test } from "vitest";
import { planAlteration } from "./plan.ts";

const schema = object("schema", "public");
function object(kind: ObjectKind, name: string, fields: Record<string, FieldValue> = {}, of?: string): SchemaObject {
  return { kind, name, fields, ...(of === undefined ? {} : { of }) };
}
const table = (name: string, fields: Record<string, FieldValue> = {}) =>
  object("table", `public.${name}`, { persistence: "permanent", ...fields }, "schema:public");
const column = (of: string, name: string, position: number, fields: Record<string, FieldValue> = {}) =>
  object(
    "column",
    `public.${of}.${name}`,
    { table: `public.${of}`, position, type: "integer", notNull: false, ...fields },
    `table:public.${of}`,
  );
const view = (definition: string, columns: string[]) =>
  object("view", "public.v", { definition, columns }, "schema:public");
const foreignKey = (of: string, references: string) =>
  object(
    "constraint",
    `public.${of}.fk`,
    { type: "foreign key", references, definition: `FOREIGN KEY (a) REFERENCES ${references}(a)`, validated: true },
    `table:public.${of}`,
  );

/** The statements between two schemas, without what follows their first line. */
function statements(from: readonly SchemaObject[], to: readonly SchemaObject[], needs: Record<string, string[]> = {}) {
  const [first, second] = [from, to].map((objects) => schemaModel("18.6", [schema, ...objects], needs));
  const { steps, obstacles } = planAlteration(first!, second!, { recreate: true });
  expect(obstacles).toEqual([]);
  return steps.map(({ sql }) => sql.split("\n")[0]);
}

test("a view leaves before a column that it reads, and is made when the column that it reads then is there", () => {
  const before = [table("t"), column("t", "a", 1), column("t", "b", 2), view("SELECT b FROM t", ["b integer"])];
  const after = [table("t"), column("t", "a", 1), column("t", "c", 2), view("SELECT c FROM t", ["c integer"])];
  const sql = statements(before, after, { "view:public.v": ["column:public.t.b", "column:public.t.c"] });
  const at = (start: string) => sql.findIndex((one) => one?.startsWith(start));
  expect(at("DROP VIEW")).toBeLessThan(at("ALTER TABLE public.t DROP COLUMN b"));
  expect(at("ALTER TABLE public.t ADD COLUMN c")).toBeLessThan(at("CREATE VIEW"));
  expect(at("DROP VIEW")).toBeGreaterThanOrEqual(0);
});

test("a partition leaves the table under which it was before it comes under another", () => {
  const parts = [table("one", { partitionKey: "LIST (a)" }), table("two", { partitionKey: "LIST (a)" })];
  const columns = ["one", "two", "part"].map((name) =>
    column(name, "a", 1, name === "part" ? { inherited: true } : {}),
  );
  const part = (of: string) => table("part", { partitionOf: `public.${of}`, bound: "FOR VALUES IN (1)" });
  expect(statements([...parts, ...columns, part("one")], [...parts, ...columns, part("two")])).toEqual([
    "ALTER TABLE public.one DETACH PARTITION public.part;",
    "ALTER TABLE public.two ATTACH PARTITION public.part FOR VALUES IN (1);",
  ]);
});

test("of two tables that refer to one another the one referred to becomes logged first, and unlogged last", () => {
  const tables = (persistence: string) => [
    table("a", { persistence }),
    table("b", { persistence }),
    column("a", "a", 1),
    column("b", "a", 1),
    foreignKey("a", "public.b"),
  ];
  expect(statements(tables("unlogged"), tables("permanent"))).toEqual([
    "ALTER TABLE public.b SET LOGGED;",
    "ALTER TABLE public.a SET LOGGED;",
  ]);
  expect(statements(tables("permanent"), tables("unlogged"))).toEqual([
    "ALTER TABLE public.a SET UNLOGGED;",
    "ALTER TABLE public.b SET UNLOGGED;",
  ]);
});
