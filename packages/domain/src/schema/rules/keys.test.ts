import { expect, test } from "vitest";
import type { Action } from "./actions.ts";
import { keysMade, primaryKeyOf } from "./keys.ts";
import { asMigration } from "./migration.ts";

const visits = { schema: null, name: "visits" };
const statement = {
  index: 0,
  kind: "x",
  text: "x",
  line: 1,
  column: 1,
  transactional: true,
  longNames: [],
  measured: null,
};
const around = { transactional: true, exposed: false, targetMajor: null, before: null, after: null };

test("a table without keys has none, and what is about every table is about no one's keys", () => {
  const made: Action = {
    does: "create_table",
    table: visits,
    ifNotExists: false,
    columns: [],
    constraints: [],
    persistence: "permanent",
    partitionBy: null,
    partitionOf: null,
    inherits: [],
    columnsElsewhere: false,
  };
  const migration = asMigration({
    statements: [{ ...statement, actions: [{ does: "cluster", table: null }, made] }],
    ...around,
  });
  expect(keysMade(visits, migration)).toEqual([]);
  expect(primaryKeyOf(visits, migration)).toEqual([]);
});

test("an index on part of a table's rows is none of its keys, and one on an expression names no column", () => {
  const index = { name: null, unique: true, concurrently: false, ifNotExists: false, method: "btree" };
  const part = { calls: [], callsPerRow: [], columns: ["gone"], strings: [], subquery: false };
  const of = (column: string | null, where: typeof part | null) => {
    const keys = [{ column, expression: column === null ? part : null }];
    const action: Action = { does: "create_index", table: visits, ...index, keys, where };
    return keysMade(visits, asMigration({ statements: [{ ...statement, actions: [action] }], ...around }));
  };
  expect([of("id", null), of("id", part), of(null, null)]).toEqual([[["id"]], [], [[""]]]);
});
