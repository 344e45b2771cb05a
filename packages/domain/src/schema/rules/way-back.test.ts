import { expect, test } from "vitest";
import type { Action } from "./actions.ts";
import type { MigrationFacts, StatementFacts } from "./facts.ts";
import { judgeMigration } from "./judge.ts";
import { judgeWayBack } from "./way-back.ts";

function facts(...actions: Action[]): MigrationFacts {
  const statements = actions.map(
    (action, index): StatementFacts => ({
      index,
      kind: "x",
      text: "x",
      line: index + 1,
      column: 1,
      transactional: true,
      actions: [action],
      longNames: [],
      measured: null,
    }),
  );
  return { statements, transactional: true, exposed: false, targetMajor: null, before: null, after: null };
}

const users = { schema: "public", name: "users" };

test("what a way back takes away by its nature is no finding, what holds others up is one, and no more than a warning", () => {
  const back = facts(
    { does: "drop_column", table: users, column: "nick", ifExists: false, cascade: false },
    { does: "vacuum", tables: [users], full: true },
    { does: "lock", tables: [users], mode: "AccessExclusiveLock" },
  );
  const there = judgeMigration(back);
  expect(there.map(({ rule, severity }) => [rule, severity])).toEqual(
    expect.arrayContaining([
      ["drop-column", "error"],
      ["vacuum-full", "error"],
      ["lock-table", "warning"],
      ["missing-lock-timeout", "info"],
    ]),
  );
  expect(judgeWayBack(back).map(({ rule, severity, breaking, line }) => [rule, severity, breaking, line])).toEqual([
    ["vacuum-full", "warning", false, 2],
    ["lock-table", "warning", false, 3],
  ]);
});
