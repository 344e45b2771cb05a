import { defineRule } from "../rule.ts";

export const serverSetting = defineRule({
  id: "server-setting",
  subject: "opaque",
  severity: "error",
  title: "A setting of the whole server",
  why: "ALTER SYSTEM writes the server's configuration, for all databases and from the next reload on; no transaction and no way back takes it along.",
  instead:
    "ALTER DATABASE … SET or ALTER ROLE … SET for what belongs to this database; leave the server to those who run it.",
  bad: [{ sql: "ALTER SYSTEM SET work_mem = '64MB'", transactional: false }],
  good: [{ sql: "SET LOCAL work_mem = '64MB'" }],
  on: { alter_system: ({ setting }) => ({ message: `${setting} is set for the whole server` }) },
});
