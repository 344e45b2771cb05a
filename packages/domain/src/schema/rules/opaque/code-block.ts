import { defineRule } from "../rule.ts";

export const codeBlock = defineRule({
  id: "code-block",
  subject: "opaque",
  severity: "info",
  title: "What a DO block does cannot be read",
  why: "Its code decides while it runs what it does: rules that read the text do not see it. What running it shows is measured as a whole.",
  instead: "Write the statements themselves; IF EXISTS and IF NOT EXISTS stand in for most conditions.",
  bad: [
    { sql: "DO $$ BEGIN PERFORM 1; END $$" },
    { sql: "DO $$ BEGIN EXECUTE 'ALTER TABLE users ADD COLUMN ' || 'nick' || ' text'; END $$" },
  ],
  good: [{ sql: "ALTER TABLE users ADD COLUMN IF NOT EXISTS nick text" }],
  on: {
    run_code: ({ dynamic }) =>
      dynamic
        ? {
            severity: "warning",
            message:
              "This block puts SQL together while it runs: what it does on the target can be another thing than here",
          }
        : { message: "What this block does cannot be judged by reading it" },
  },
});
