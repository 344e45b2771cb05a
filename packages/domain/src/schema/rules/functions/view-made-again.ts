import { sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const viewMadeAgain = defineRule({
  id: "view-made-again",
  subject: "functions",
  severity: "warning",
  title: "A view is dropped and made again",
  why: "Permissions on it and what depends on it are lost, and readers that come in between fail outside a transaction. CREATE OR REPLACE keeps them, as long as columns are only added at the end.",
  instead: "CREATE OR REPLACE VIEW; where columns have to go, a second view with another name.",
  silent: "The migration grants on the view after making it.",
  bad: [
    {
      given: "CREATE VIEW adults AS SELECT id FROM users",
      sql: "DROP VIEW adults;\nCREATE VIEW adults AS SELECT id, name FROM users",
    },
  ],
  good: [
    {
      given: "CREATE VIEW adults AS SELECT id FROM users",
      sql: "CREATE OR REPLACE VIEW adults AS SELECT id, name FROM users",
    },
    {
      given: "CREATE VIEW adults AS SELECT id FROM users",
      sql: "DROP VIEW adults;\nCREATE VIEW adults AS SELECT id, name FROM users;\nGRANT SELECT ON adults TO app",
    },
  ],
  on: {
    create_view: ({ view }, { migration, statement }) => {
      const gone = migration.statements.some(
        ({ index, actions }) =>
          index < statement.index &&
          actions.some(
            (action) =>
              action.does === "drop" && action.object === "view" && action.names.some((name) => sameName(name, view)),
          ),
      );
      const granted = migration.statements.some(({ actions }) =>
        actions.some((action) => action.does === "grant" && action.names.some((name) => sameName(name, view))),
      );
      return gone && !granted ? { message: `Permissions on ${shown(view)} are lost when it is made again` } : null;
    },
  },
});
