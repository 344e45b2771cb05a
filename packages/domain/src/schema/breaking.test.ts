import { expect, test } from "vitest";
import { judgeDifferences } from "./breaking.ts";
import { diffSchemas } from "./diff.ts";
import { type FieldValue, type ObjectKind, type SchemaObject, schemaModel } from "./model.ts";

type Fields = Record<string, FieldValue>;
const object = (kind: ObjectKind, name: string, fields: Fields = {}, of?: string): SchemaObject => ({
  kind,
  name,
  fields,
  ...(of === undefined ? {} : { of }),
});
const table = object("table", "public.t", { rowSecurity: false });
const column = (name: string, fields: Fields = {}) =>
  object("column", `public.t.${name}`, { type: "text", notNull: false, ...fields }, "table:public.t");
const constraint = (fields: Fields) =>
  object("constraint", "public.t.k", { table: "public.t", ...fields }, "table:public.t");
const judge = (before: SchemaObject[], after: SchemaObject[]) =>
  judgeDifferences(diffSchemas(schemaModel("18", before), schemaModel("18", after)));

test("speaks of the difference and gives a reason, also when nothing breaks", () => {
  const [judgement] = judge([table], [table, column("a")]);
  expect(judgement).toMatchObject({ breaking: false, difference: { object: "public.t.a" } });
  expect(judgement!.reason).toContain("public.t.a");
});

test("takes a removed and an added object of one shape for a possible rename, and only when there is no doubt", () => {
  const one = judge([table, column("a")], [table, column("b")]);
  expect(one[0]).toMatchObject({ breaking: true });
  expect(one[0]!.reason).toContain("perhaps renamed to public.t.b");
  const two = judge([table, column("a")], [table, column("b"), column("c")]);
  expect(two[0]!.reason).not.toContain("renamed");
  const other = judge([table, column("a")], [table, column("b", { type: "integer" })]);
  expect(other[0]!.reason).not.toContain("renamed");
});

const same = (kind: ObjectKind, before: Fields, after: Fields): [SchemaObject[], SchemaObject[]] => [
  [object(kind, "public.x", before)],
  [object(kind, "public.x", after)],
];
const comes = (kind: ObjectKind, fields: Fields = {}): [SchemaObject[], SchemaObject[]] => [
  [],
  [object(kind, "public.x", fields)],
];
const goes = (kind: ObjectKind, fields: Fields = {}): [SchemaObject[], SchemaObject[]] => [
  [object(kind, "public.x", fields)],
  [],
];
const altered = (before: Fields, after: Fields): [SchemaObject[], SchemaObject[]] => [
  [table, column("a", before)],
  [table, column("a", after)],
];

test.each<[string, [SchemaObject[], SchemaObject[]]]>([
  ["table removed", goes("table")],
  ["view removed", goes("view")],
  ["function removed", goes("function")],
  ["column removed", [[table, column("a")], [table]]],
  ["new column NOT NULL without a default", [[table], [table, column("a", { notNull: true })]]],
  ["narrower type", altered({ type: "text" }, { type: "character varying(10)" })],
  ["becomes NOT NULL", altered({}, { notNull: true })],
  ["loses the default and is NOT NULL", altered({ notNull: true, default: "1" }, { notNull: true })],
  ["becomes generated", altered({}, { generated: "stored: (1)" })],
  ["becomes identity always", altered({}, { identity: "always" })],
  [
    "new constraint",
    [
      [table, column("a")],
      [table, column("a"), constraint({ type: "check", columns: ["a"] })],
    ],
  ],
  [
    "new constraint on a new and an old column",
    [
      [table, column("a")],
      [table, column("a"), column("b"), constraint({ type: "check", columns: ["a", "b"] })],
    ],
  ],
  ["new constraint without columns", [[table], [table, constraint({ type: "check" })]]],
  ["other constraint", same("constraint", { definition: "CHECK (a > 1)" }, { definition: "CHECK (a > 2)" })],
  ["unique constraint removed", goes("constraint", { type: "unique" })],
  ["new unique index", comes("index", { unique: true })],
  ["index becomes unique", same("index", { unique: false }, { unique: true })],
  ["unique index removed", goes("index", { unique: true })],
  ["row security", same("table", { rowSecurity: false }, { rowSecurity: true })],
  ["forced row security", same("table", { forceRowSecurity: false }, { forceRowSecurity: true })],
  ["partition detached", same("table", { partitionOf: "public.p" }, {})],
  ["partitioned otherwise", same("table", { partitionKey: "RANGE (a)" }, { partitionKey: "LIST (a)" })],
  ["view loses a column", same("view", { columns: ["a text", "b text"] }, { columns: ["a text"] })],
  ["materialized view changes a type", same("materialized_view", { columns: ["a text"] }, { columns: ["a integer"] })],
  ["function returns something else", same("function", { returns: "integer" }, { returns: "text" })],
  ["function renames an argument", same("function", { arguments: "a integer" }, { arguments: "b integer" })],
  ["function loses its definer", same("function", { securityDefiner: true }, { securityDefiner: false })],
  ["enum loses a label", same("enum", { labels: ["a", "b"] }, { labels: ["a"] })],
  ["enum loses all", same("enum", { labels: ["a"] }, {})],
  ["domain narrows", same("domain", { type: "text" }, { type: "integer" })],
  ["domain becomes NOT NULL", same("domain", { notNull: false }, { notNull: true })],
  ["composite type loses an attribute", same("composite_type", { attributes: ["a integer"] }, { attributes: [] })],
  ["restrictive policy", comes("policy", { permissive: false })],
  ["policy changes", same("policy", { using: "true" }, { using: "false" })],
  ["permissive policy removed", goes("policy", { permissive: true })],
  ["default permission revoked", comes("grant", { privileges: [] })],
  ["grant loses a privilege", same("grant", { privileges: ["INSERT", "SELECT"] }, { privileges: ["SELECT"] })],
  ["grant revoked", goes("grant", { privileges: ["SELECT"] })],
])("breaks: %s", (_, [before, after]) => {
  const judgements = judge(before, after);
  expect(judgements.some((judgement) => judgement.breaking)).toBe(true);
  for (const { reason } of judgements) expect(reason).toMatch(/^public\.(t|x)/);
});

test.each<[string, [SchemaObject[], SchemaObject[]]]>([
  ["table added", comes("table")],
  ["new column that may be null", [[table], [table, column("a")]]],
  ["new column with a default", [[table], [table, column("a", { notNull: true, default: "1" })]]],
  ["new identity column", [[table], [table, column("a", { notNull: true, identity: "always" })]]],
  ["wider type", altered({ type: "integer" }, { type: "bigint" })],
  ["may be null again", altered({ notNull: true }, { notNull: false })],
  ["loses the default and may be null", altered({ default: "1" }, {})],
  ["identity becomes by default", altered({ identity: "always" }, { identity: "by default" })],
  [
    "constraint on new columns alone",
    [[table], [table, column("a"), constraint({ type: "foreign key", columns: ["a"] })]],
  ],
  ["constraint validated", same("constraint", { validated: false }, { validated: true })],
  ["check removed", goes("constraint", { type: "check" })],
  ["index added", comes("index", { unique: false })],
  ["index changes", same("index", { unique: false, definition: "a" }, { unique: false, definition: "b" })],
  ["unique index commented", same("index", { unique: true }, { unique: true, comment: "x" })],
  ["index removed", goes("index", { unique: false })],
  ["row security off", same("table", { rowSecurity: true }, { rowSecurity: false })],
  ["partition attached", same("table", {}, { partitionOf: "public.p" })],
  ["view gets a column", same("view", { columns: ["a text"] }, { columns: ["a text", "b text"] })],
  [
    "view reads otherwise",
    same("view", { columns: ["a text"], definition: "1" }, { columns: ["a text"], definition: "2" }),
  ],
  ["enum gets its first label", same("enum", {}, { labels: ["a"] })],
  ["function body", same("function", { definition: "a" }, { definition: "b" })],
  ["function becomes definer", same("function", { securityDefiner: false }, { securityDefiner: true })],
  ["enum gets a label", same("enum", { labels: ["a"] }, { labels: ["a", "b"] })],
  ["domain widens", same("domain", { type: "character varying(3)" }, { type: "text" })],
  ["composite type gets an attribute", same("composite_type", { attributes: [] }, { attributes: ["a integer"] })],
  ["permissive policy", comes("policy", { permissive: true })],
  ["policy commented", same("policy", {}, { comment: "x" })],
  ["restrictive policy removed", goes("policy", { permissive: false })],
  ["granted", comes("grant", { privileges: ["SELECT"] })],
  ["granted more", same("grant", { privileges: ["SELECT"] }, { privileges: ["INSERT", "SELECT"] })],
  ["default permission given back", goes("grant", { privileges: [] })],
  ["trigger removed", goes("trigger")],
])("does not break: %s", (_, [before, after]) => {
  const judgements = judge(before, after);
  expect(judgements.length).toBeGreaterThan(0);
  expect(judgements.filter((judgement) => judgement.breaking)).toEqual([]);
});
