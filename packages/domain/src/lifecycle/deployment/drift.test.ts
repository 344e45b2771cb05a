import { expect, test } from "vitest";
import { type SchemaObject, schemaModel } from "../../schema/model.ts";
import { judgeDrift } from "./drift.ts";

const table = (name: string): SchemaObject => ({ kind: "table", name, fields: { persistence: "permanent" } });
const column = (of: string, name: string): SchemaObject => ({
  kind: "column",
  name: `${of}.${name}`,
  of: `table:${of}`,
  fields: { table: of, position: 1, type: "text", notNull: false },
});
const grant: SchemaObject = {
  kind: "grant",
  name: "reader on public.users",
  of: "table:public.users",
  fields: { on: "table public.users", grantee: "reader", privileges: ["SELECT"] },
};
const label: SchemaObject = { kind: "enum", name: "public.mood", fields: { labels: ["good"] } };
const model = (...objects: SchemaObject[]) => schemaModel("18.4", objects);
const users = [table("public.users"), column("public.users", "nick")];

test("what differs is said with its table, what it breaks and who is known to use it", () => {
  const touched = [
    { change: "CHG-1", components: ["users", "search"], tables: ["public.users"] },
    { change: "CHG-2", components: ["users"], tables: ["public.users", "public.orders"] },
    { change: "CHG-3", components: ["orders"], tables: ["public.orders"] },
  ];
  const drift = judgeDrift(model(...users), model(users[0]!, grant), touched, { users: "core" });
  expect(drift).toMatchObject([
    {
      change: "removed",
      object: "public.users.nick",
      breaking: true,
      table: "public.users",
      affected: [
        { component: "search", team: null, changes: ["CHG-1"] },
        { component: "users", team: "core", changes: ["CHG-1", "CHG-2"] },
      ],
    },
    { change: "added", kind: "grant", table: "public.users" },
  ]);
});

test("a table that nobody brought is a difference of its own, and what belongs to no table affects nobody that is known", () => {
  const drift = judgeDrift(model(), model(table("public.notes"), label), [], {});
  expect(drift.map(({ kind, table: of, affected }) => [kind, of, affected])).toEqual(
    expect.arrayContaining([
      ["table", "public.notes", []],
      ["enum", null, []],
    ]),
  );
});

test("the same schema is no drift", () => {
  expect(judgeDrift(model(...users), model(...users), [], {})).toEqual([]);
});
