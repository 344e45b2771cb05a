import { expect, test } from "vitest";
import { compareSchemas, diffSchemas } from "./diff.ts";
import { type FieldValue, type ObjectKind, type SchemaObject, schemaModel } from "./model.ts";

function object(kind: ObjectKind, name: string, fields: Record<string, FieldValue> = {}, of?: string): SchemaObject {
  return { kind, name, fields, ...(of === undefined ? {} : { of }) };
}

function column(name: string, position: number, fields: Record<string, FieldValue> = {}): SchemaObject {
  return object("column", `public.t.${name}`, { position, type: "text", notNull: false, ...fields }, "table:public.t");
}

const table = object("table", "public.t", { rowSecurity: false });
const model = (...objects: SchemaObject[]) => schemaModel("18.6", objects);
const brief = (from: SchemaObject[], to: SchemaObject[]) =>
  diffSchemas(model(...from), model(...to)).map(({ change, object, detail }) => `${change} ${object}: ${detail}`);

test("finds nothing between equal schemas", () => {
  const same = [table, column("a", 1), column("b", 2)];
  expect(brief(same, same)).toEqual([]);
  expect(compareSchemas(model(...same), model(...same))).toBe("exact");
});

test("says what was added and removed, with types", () => {
  expect(brief([table, column("a", 1)], [table, column("b", 1)])).toEqual([
    "removed public.t.a: column removed (text)",
    "added public.t.b: column added (text)",
  ]);
});

test("does not repeat what comes or goes with its table, however deep", () => {
  const sequence = object("sequence", "public.t_a_seq", {}, "column:public.t.a");
  const orphan = object("grant", "x", {}, "table:public.other");
  expect(brief([], [table, column("a", 1), sequence])).toEqual(["added public.t: table added"]);
  expect(brief([table, column("a", 1), sequence], [])).toEqual(["removed public.t: table removed"]);
  expect(brief([table], [table, orphan])).toEqual(["added x: grant added"]);
});

test("says which fields differ, from what to what", () => {
  const before = column("a", 1, { type: "integer", default: "1" });
  const after = column("a", 1, { type: "bigint", notNull: true, comment: "x" });
  expect(brief([table, before], [table, after])).toEqual([
    "altered public.t.a: comment none → x; default 1 → none; not null no → yes; type integer → bigint",
  ]);
  expect(diffSchemas(model(table, before), model(table, after))[0]!.fields).toEqual([
    "comment",
    "default",
    "notNull",
    "type",
  ]);
});

test("says what came to a list, left it, or only moved in it", () => {
  const labels = (...list: string[]) => [object("enum", "public.e", { labels: list })];
  expect(brief(labels("a", "b"), labels("a", "c"))).toEqual(["altered public.e: labels −b, +c"]);
  expect(brief(labels("a", "b"), labels("b", "a"))).toEqual(["altered public.e: labels reordered to b, a"]);
  const options = (fields: Record<string, FieldValue>) => [object("table", "public.t", fields)];
  expect(brief(options({}), options({ options: ["fillfactor=70"] }))).toEqual([
    "altered public.t: options none → fillfactor=70",
  ]);
});

test("does not spell out long or many-lined texts", () => {
  const view = (definition: string) => [object("view", "public.v", { definition })];
  expect(brief(view("select 1"), view("select 2"))).toEqual(["altered public.v: definition select 1 → select 2"]);
  expect(brief(view("select 1"), view("select\n2"))).toEqual(["altered public.v: definition changed"]);
  expect(brief(view("select 1"), view("x".repeat(200)))).toEqual(["altered public.v: definition changed"]);
});

test("tells a changed order of columns apart from changed columns", () => {
  const before = [table, column("a", 1), column("b", 2), column("c", 3)];
  const moved = [table, column("a", 1), column("c", 2), column("b", 3)];
  expect(brief(before, moved)).toEqual(["altered public.t: column order a, b, c → a, c, b"]);
  expect(compareSchemas(model(...before), model(...moved))).toBe("column-order");
  expect(compareSchemas(model(...before), model(table, column("a", 1)))).toBe("differs");
});

test("does not take positions that shift for a changed order", () => {
  const before = [table, column("a", 1), column("b", 2), column("c", 3)];
  expect(brief(before, [table, column("b", 1), column("c", 2)])).toEqual(["removed public.t.a: column removed (text)"]);
});

test("ignores columns that belong to no table", () => {
  const loose = object("column", "loose.a", { position: 1 });
  expect(brief([loose], [{ ...loose, fields: { position: 2 } }])).toEqual([]);
});
