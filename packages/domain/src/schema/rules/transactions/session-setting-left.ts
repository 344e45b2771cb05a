import { defineRule } from "../rule.ts";

export const sessionSettingLeft = defineRule({
  id: "session-setting-left",
  subject: "transactions",
  severity: "warning",
  title: "A setting outlives the migration",
  why: "SET without LOCAL stays for the session: the migrations that follow, and through a pool other users of the connection, run with it.",
  instead: "SET LOCAL inside the transaction; in a file without one, RESET it at the end.",
  silent: "The file resets it, or it is a timeout in a file without transaction.",
  bad: [
    { sql: "SET search_path = auth" },
    { sql: "SET ROLE app", transactional: false },
    { sql: "SELECT set_config('search_path', '', false)" },
  ],
  good: [
    { sql: "SET LOCAL search_path = auth" },
    { sql: "SET search_path = auth;\nRESET search_path" },
    { sql: "SET lock_timeout = '2s'", transactional: false },
    { sql: "SET search_path = auth;\nRESET ALL" },
    { sql: "SET ROLE app;\nSET ROLE none" },
  ],
  on: {
    set: ({ setting, value, local }, { migration, statement }) => {
      if (local || value === null || value === "none" || value === "default") return null;
      if (/_timeout$/.test(setting) && !migration.transactional) return null;
      const reset = migration.statements.some(
        ({ index, actions }) =>
          index > statement.index &&
          actions.some(
            (action) =>
              action.does === "set" &&
              (action.setting === setting || action.setting === "all") &&
              (action.value === null || action.value === "none"),
          ),
      );
      return reset ? null : { message: `${setting} stays as it is set here when the migration is over` };
    },
  },
});
