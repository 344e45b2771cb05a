import { expect, test } from "vitest";
import type { Action } from "./actions.ts";
import { keysMade, primaryKeyOf } from "./keys.ts";
import { asMigration } from "./migration.ts";

const visits = { schema: null, name: "visits" };

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
  const statement = { kind: "x", text: "x", line: 1, column: 1, transactional: true, longNames: [], measured: null };
  const around = { transactional: true, exposed: false, targetMajor: null, before: null, after: null };
  const migration = asMigration({
    statements: [{ ...statement, index: 0, actions: [{ does: "cluster", table: null }, made] }],
    ...around,
  });
  expect(keysMade(visits, migration)).toEqual([]);
  expect(primaryKeyOf(visits, migration)).toEqual([]);
});
