import { expect, test } from "vitest";
import { cardsOf } from "./schema-cards.ts";

const change = (
  kind: string,
  object: string,
  how: "added" | "removed" | "altered",
  detail: string,
  breaking = false,
) => ({
  kind,
  object,
  change: how,
  detail,
  breaking,
  reason: "",
});

test("what changes in a table stands in its card, whatever comes first", () => {
  const [users, status] = cardsOf([
    change("column", "public.users.nickname", "added", "column added (text)"),
    change("enum", "public.status", "altered", "labels open → open, shut"),
    change("column", "public.users.age", "altered", "type integer → smallint", true),
    change("table", "public.users", "altered", "row security false → true"),
    change("policy", "public.users.own rows", "added", "policy added"),
  ]);
  expect(users).toMatchObject({ name: "public.users", kind: "table", change: "altered", breaking: true });
  expect(users!.rows.map(({ change, kind, name, detail }) => [change, kind, name, detail])).toEqual([
    ["altered", "table", "", "row security false → true"],
    ["added", "column", "nickname", "text"],
    ["altered", "column", "age", "type integer → smallint"],
    ["added", "policy", "own rows", ""],
  ]);
  expect(status).toMatchObject({ name: "public.status", kind: "enum", breaking: false });
  expect(status!.rows).toMatchObject([{ name: "", detail: "labels open → open, shut" }]);
});

test("a table that comes or goes is a card of its own, and quoted names keep their dots", () => {
  expect(
    cardsOf([
      change("table", "public.notes", "added", "table added"),
      change("table", "public.old", "removed", "table removed", true),
      change("column", 'public."A.b"."c.d"', "removed", "column removed (text)", true),
    ]),
  ).toMatchObject([
    { name: "public.notes", change: "added", rows: [] },
    { name: "public.old", change: "removed", breaking: true, rows: [] },
    { name: 'public."A.b"', rows: [{ name: '"c.d"', detail: "text" }] },
  ]);
});

test("a report of an earlier release, which says no kinds, is shown by its objects", () => {
  expect(cardsOf([{ object: "public.users.age", change: "added", reason: "", breaking: false }])).toMatchObject([
    { name: "public.users.age", kind: "object", change: "added", rows: [] },
  ]);
});
