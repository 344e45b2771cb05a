import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const copyWithServer = defineRule({
  id: "copy-with-server",
  subject: "opaque",
  severity: "error",
  title: "COPY reaches out of the database",
  why: "COPY … PROGRAM runs a program on the server, COPY with a file reads or writes the server's own disk: that takes a superuser, and the file is not part of the migration.",
  instead: "Write the rows as INSERT statements, or load them with the client's \\copy.",
  bad: [
    { sql: "COPY users (email) FROM PROGRAM 'cat /tmp/list'", runs: false },
    { sql: "COPY users TO '/tmp/users.csv'" },
  ],
  good: [{ sql: "INSERT INTO users (email) VALUES ('ada@example.org')" }],
  on: {
    copy: ({ table, program, from }) => ({
      message: `${from ? "Rows for" : "Rows of"} ${shown(table)} ${from ? "come from" : "go to"} ${program ? "a program" : "a file"} on the server`,
    }),
  },
});
