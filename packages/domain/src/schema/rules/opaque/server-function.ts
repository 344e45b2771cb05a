import { defineRule } from "../rule.ts";

export const serverFunction = defineRule({
  id: "server-function",
  subject: "opaque",
  severity: "warning",
  title: "A function that reaches out of the migration",
  why: "It ends other sessions, waits, reads the server's disk or another database: what it does does not depend on this migration alone, and no rollback takes it back.",
  instead: "Leave it out of the migration; do it by hand, or from a job that can be watched.",
  bad: [
    { sql: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle'" },
    { sql: "SELECT pg_sleep(0)" },
  ],
  good: [{ sql: "SELECT count(*) FROM users" }],
  on: {
    call: ({ functions }) => {
      const call = functions.find(({ name }) =>
        /^(?:pg_terminate_backend|pg_cancel_backend|pg_sleep\w*|pg_reload_conf|pg_rotate_logfile|pg_read_\w*file|pg_ls_dir|lo_import|lo_export|dblink\w*|pg_switch_wal|pg_promote)$/.test(
          name,
        ),
      );
      return call === undefined ? null : { message: `${call.name}() reaches out of the migration` };
    },
  },
});
