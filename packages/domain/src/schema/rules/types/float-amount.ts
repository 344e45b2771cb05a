import { onTypes } from "../column-types.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const floatAmount = defineRule({
  id: "float-amount",
  subject: "types",
  severity: "warning",
  title: "An amount as a floating-point number",
  why: "real and double precision hold binary fractions: 0.1 + 0.2 is not 0.3, sums depend on their order, and cents go missing.",
  instead: "numeric, or whole cents in a bigint.",
  bad: [
    { sql: "ALTER TABLE orders ADD COLUMN price double precision" },
    { sql: "CREATE TABLE lines (id bigint PRIMARY KEY, total_amount real)" },
  ],
  good: [
    { sql: "ALTER TABLE orders ADD COLUMN price numeric(12,2)" },
    { sql: "ALTER TABLE orders ADD COLUMN weight double precision" },
  ],
  on: onTypes((type, column, table) =>
    /^(?:real|double precision)$/.test(type.name) &&
    /price|amount|cost|total|balance|salary|fee|tax|discount|payment|revenue/i.test(column)
      ? { message: `${shown(table, column)} cannot hold most amounts exactly`, place: type.place }
      : null,
  ),
});
