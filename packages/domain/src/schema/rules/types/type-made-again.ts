import { sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const typeMadeAgain = defineRule({
  id: "type-made-again",
  subject: "types",
  severity: "warning",
  title: "A type is dropped and made again",
  why: "Columns of that type have to go through a cast that rewrites their tables, functions that name it are lost or keep the old one, and permissions on it are gone.",
  instead: "Add values to the enum, or make a type with a new name and move columns to it one at a time.",
  bad: [
    { given: "CREATE TYPE mood AS ENUM ('ok')", sql: "DROP TYPE mood;\nCREATE TYPE mood AS ENUM ('ok', 'fine')" },
    {
      given: "CREATE TYPE mood AS ENUM ('ok')",
      sql: "ALTER TYPE mood RENAME TO old_mood;\nCREATE TYPE mood AS ENUM ('ok', 'fine')",
    },
  ],
  good: [
    { sql: "CREATE TYPE mood AS ENUM ('ok', 'fine')" },
    { sql: "DROP TABLE orders;\nCREATE TYPE mood AS ENUM ('ok')" },
  ],
  on: {
    create_type: ({ type }, { migration, statement }) => {
      const gone = migration.statements.some(
        ({ index, actions }) =>
          index < statement.index &&
          actions.some(
            (action) =>
              (action.does === "drop" &&
                /type|domain/.test(action.object) &&
                action.names.some((name) => sameName(name, type))) ||
              (action.does === "rename" && action.object === "type" && sameName(action.of, type)),
          ),
      );
      return gone
        ? { message: `Type ${shown(type)} is made anew: its columns have to be cast and their tables rewritten` }
        : null;
    },
  },
});
