import { sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const functionMadeAgain = defineRule({
  id: "function-made-again",
  subject: "functions",
  severity: "warning",
  title: "A function is dropped and made again",
  why: "Permissions on it are lost, back to EXECUTE for everybody, and what depends on it is refused or goes with CASCADE.",
  instead: "CREATE OR REPLACE FUNCTION; where arguments or result change, a second function with another name.",
  silent: "The migration grants or revokes on the function after making it.",
  bad: [
    {
      given: "CREATE FUNCTION twice(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x * 2'",
      sql: "DROP FUNCTION twice(integer);\nCREATE FUNCTION twice(x integer) RETURNS bigint LANGUAGE sql AS 'SELECT x * 2::bigint'",
    },
  ],
  good: [
    {
      given: "CREATE FUNCTION twice(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x * 2'",
      sql: "CREATE OR REPLACE FUNCTION twice(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x + x'",
    },
    {
      given: "CREATE FUNCTION twice(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x * 2'",
      sql: "DROP FUNCTION twice(integer);\nCREATE FUNCTION twice(x integer) RETURNS bigint LANGUAGE sql AS 'SELECT x * 2::bigint';\nREVOKE ALL ON FUNCTION twice(integer) FROM PUBLIC",
    },
  ],
  on: {
    create_function: (action, { migration, statement }) => {
      const { function: made } = action;
      const gone = migration.statements.some(
        ({ index, actions }) =>
          index < statement.index &&
          actions.some(
            (other) =>
              other.does === "drop" &&
              /function|routine/.test(other.object) &&
              other.names.some((name) => sameName(name, made)),
          ),
      );
      const granted = migration.statements.some(({ actions }) =>
        actions.some(
          (other) =>
            (other.does === "grant" || other.does === "revoke") && other.names.some((name) => sameName(name, made)),
        ),
      );
      return gone && !granted ? { message: `Permissions on ${shown(made)} are lost when it is made again` } : null;
    },
  },
});
