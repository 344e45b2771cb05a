import { defineRule } from "../rule.ts";

export const dropOwned = defineRule({
  id: "drop-owned",
  subject: "destruction",
  severity: "error",
  title: "Everything that a role owns is dropped",
  why: "DROP OWNED removes every object of the role in this database, whatever that is on the target, and its permissions.",
  instead: "REASSIGN OWNED first, then DROP OWNED takes nothing but permissions; or name what shall go.",
  silent: "The same migration reassigns to somebody else what the role owns.",
  bad: [{ sql: "DROP OWNED BY app" }],
  good: [{ sql: "REASSIGN OWNED BY app TO postgres;\nDROP OWNED BY app" }],
  on: {
    drop_owned: ({ roles }, { migration, statement }) =>
      migration.statements.some(({ index, kind }) => kind === "reassign_owned" && index < statement.index)
        ? null
        : { message: `Everything that ${roles.join(", ")} owns in this database is dropped`, breaking: true },
  },
});
