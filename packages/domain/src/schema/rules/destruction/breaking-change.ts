import { judgeDifferences } from "../../breaking.ts";
import { diffSchemas } from "../../diff.ts";
import type { StatementFacts } from "../facts.ts";
import { defineRule } from "../rule.ts";

export const breakingChange = defineRule({
  id: "breaking-change",
  subject: "destruction",
  severity: "warning",
  title: "The schema is no longer what code was written for",
  why: "Comparing the schema before and after shows what went, got narrower, or began to refuse what it took: code that still counts on it fails.",
  instead:
    "Expand first, contract later: add the new beside the old, move readers and writers over, and take the old away in a later migration.",
  silent:
    "Another rule speaks of the same object, or the migration did not run, so that the schema after it is not known.",
  bad: [],
  good: [{ sql: "ALTER TABLE users ADD COLUMN nick text" }, { sql: "ALTER TABLE users ALTER COLUMN name TYPE text" }],
  shown: [
    { sql: "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email)" },
    { sql: "DO $$ BEGIN EXECUTE 'ALTER TABLE users DROP COLUMN name'; END $$" },
    {
      given: "CREATE VIEW adults AS SELECT id, name FROM users",
      sql: "COMMENT ON TABLE users IS 'people';\nDROP VIEW adults;\nCREATE VIEW adults AS SELECT id FROM users;\nSELECT id AS adults FROM adults",
    },
    { sql: "DO $$ BEGIN EXECUTE 'ALTER TABLE users DROP COLUMN na' || 'me'; END $$" },
  ],
  readsSchema: true,
  on: {},
  whole: ({ before, after, statements }) => {
    if (before === null || after === null) return [];
    return judgeDifferences(diffSchemas(before, after)).flatMap(({ breaking, difference, reason }) =>
      breaking
        ? [
            {
              statement: causeOf(statements, difference.object),
              message: reason,
              breaking,
              objects: [difference.object],
            },
          ]
        : [],
    );
  },
});

/** The statement that speaks of an object by its last name; where several do the last, where none does the first. */
function causeOf(statements: readonly StatementFacts[], object: string): StatementFacts {
  const last = object.split(".").at(-1)!.replaceAll('"', "").toLowerCase();
  const speaking = statements.filter(
    ({ text, kind }) => kind !== "select" && new Set<string>(text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu)).has(last),
  );
  return speaking.at(-1) ?? statements[0]!;
}
