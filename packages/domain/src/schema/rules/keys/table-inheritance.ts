import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const tableInheritance = defineRule({
  id: "table-inheritance",
  subject: "keys",
  severity: "warning",
  title: "A table inherits from another",
  why: "Keys, unique constraints and foreign keys do not reach over to the children: the parent shows two rows with the same id and nothing notices.",
  instead:
    "Declarative partitioning (PARTITION BY) for parts of one table; a foreign key to the shared part for kinds of a thing.",
  bad: [{ sql: "CREATE TABLE admins (level integer) INHERITS (users)" }],
  good: [
    { given: "CREATE TABLE log (at date) PARTITION BY RANGE (at)", sql: "CREATE TABLE log_1 PARTITION OF log DEFAULT" },
  ],
  on: {
    create_table: ({ table, inherits }) =>
      inherits.length > 0
        ? {
            message: `${shown(table)} inherits from ${inherits.map((name) => shown(name)).join(", ")}: keys do not hold across both`,
          }
        : null,
  },
});
