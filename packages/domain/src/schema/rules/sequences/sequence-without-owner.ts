import { sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const sequenceWithoutOwner = defineRule({
  id: "sequence-without-owner",
  subject: "sequences",
  severity: "info",
  title: "A sequence that no column owns",
  why: "It stays when the column or table goes, is not copied with it, and TRUNCATE … RESTART IDENTITY passes it by.",
  instead: "ALTER SEQUENCE … OWNED BY the column, or an identity column, which has its own.",
  silent: "No column of the same migration takes its numbers from a sequence.",
  bad: [
    {
      sql: "CREATE SEQUENCE visit_number;\nCREATE TABLE visits (id bigint PRIMARY KEY DEFAULT nextval('visit_number'))",
    },
    {
      sql: "CREATE SEQUENCE visit_number;\nALTER TABLE orders ALTER COLUMN user_id SET DEFAULT nextval('visit_number')",
    },
  ],
  good: [
    {
      sql: "CREATE SEQUENCE visit_number;\nCREATE TABLE visits (id bigint PRIMARY KEY DEFAULT nextval('visit_number'));\nALTER SEQUENCE visit_number OWNED BY visits.id",
    },
    { sql: "CREATE SEQUENCE invoice_number" },
    { sql: "CREATE TABLE visits (id bigint PRIMARY KEY);\nCREATE SEQUENCE visit_number OWNED BY visits.id" },
  ],
  on: {
    create_sequence: ({ sequence, options }, { migration }) => {
      if (options.ownedBy !== null) return null;
      const actions = migration.statements.flatMap((statement) => statement.actions);
      const owned = actions.some(
        (action) =>
          action.does === "alter_sequence" && action.options.ownedBy !== null && sameName(action.sequence, sequence),
      );
      const defaults = actions.flatMap((action) =>
        action.does === "create_table"
          ? action.columns.map((column) => column.default)
          : action.does === "set_default"
            ? [action.default]
            : [],
      );
      const used = defaults.some(
        (value) =>
          value?.calls.includes("nextval") && value.strings.some((text) => text.split(".").at(-1) === sequence.name),
      );
      return used && !owned ? { message: `${shown(sequence)} numbers a column and belongs to none` } : null;
    },
  },
});
