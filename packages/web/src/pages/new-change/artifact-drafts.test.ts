import { expect, test } from "vitest";
import { artifactProblems, needsNoTransaction, newArtifact, withFiles } from "./artifact-drafts.ts";

test("a file and its way back become one migration, in whatever order they are given", () => {
  const up = { name: "1_add.sql", text: "ALTER TABLE a ADD b int;" };
  const down = { name: "1_add.down.sql", text: "ALTER TABLE a DROP b;" };
  for (const files of [
    [up, down],
    [down, up],
  ]) {
    expect(withFiles([], files)).toEqual([
      { kind: "migration", id: "migration-1", name: up.name, up: up.text, down: down.text, transactional: true },
    ]);
  }
});

test("a file that is there already is replaced, and its way back finds it later", () => {
  const [first] = withFiles([], [{ name: "1_add.up.sql", text: "SELECT 1;" }]);
  const again = withFiles([first!], [{ name: "1_add.up.sql", text: "SELECT 2;" }]);
  expect(again).toMatchObject([{ id: first!.id, up: "SELECT 2;" }]);
  expect(withFiles(again, [{ name: "1_add.down.sql", text: "SELECT 3;" }])).toMatchObject([
    { id: first!.id, up: "SELECT 2;", down: "SELECT 3;" },
  ]);
});

test.each([
  ["CREATE INDEX CONCURRENTLY i ON t (a);", true],
  ["vacuum t;", true],
  ["-- not CONCURRENTLY\nCREATE INDEX i ON t (a);", false],
  ["INSERT INTO t VALUES ('concurrently');", false],
])("%j cannot run in a transaction: %s", (sql, alone) => {
  expect(needsNoTransaction(sql)).toBe(alone);
  expect(withFiles([], [{ name: "a.sql", text: sql }])).toMatchObject([{ transactional: !alone }]);
});

test("every id is free, and what is missing is said at its place", () => {
  const first = newArtifact("manual", []);
  const second = newArtifact("manual", [first]);
  expect([first.id, second.id]).toEqual(["manual-1", "manual-2"]);
  expect([...artifactProblems(first).keys()].sort()).toEqual(["name", "steps.0.title", "steps.0.undo"]);
  expect([...artifactProblems(newArtifact("migration", [])).keys()].sort()).toEqual(["name", "up"]);
  expect([...artifactProblems(newArtifact("external", [])).keys()].sort()).toEqual(["command", "name"]);
});
