import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const autovacuumOff = defineRule({
  id: "autovacuum-off",
  subject: "locking",
  severity: "warning",
  title: "A table is left to grow",
  why: "With autovacuum off dead rows stay, statistics age and plans go wrong, until a forced run against transaction id wraparound comes at its own time.",
  instead: "Leave it on; for a table that is written much, lower autovacuum_vacuum_scale_factor.",
  bad: [{ sql: "ALTER TABLE orders SET (autovacuum_enabled = false)" }],
  good: [
    { sql: "ALTER TABLE orders SET (autovacuum_vacuum_scale_factor = 0.02)" },
    { sql: "ALTER TABLE orders SET (autovacuum_enabled = true)" },
  ],
  on: {
    set_storage_options: ({ table, off }) =>
      off.includes("autovacuum_enabled") ? { message: `Autovacuum is switched off for ${shown(table)}` } : null,
  },
});
