import { onTypes } from "../column-types.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const moneyType = defineRule({
  id: "money-type",
  subject: "types",
  severity: "warning",
  title: "A column of type money",
  why: "How many decimals it has and how it reads depends on the server's lc_monetary; it knows no currency, and dividing loses fractions.",
  instead: "numeric, or whole cents in a bigint, with the currency in a column beside it.",
  bad: [{ sql: "ALTER TABLE orders ADD COLUMN paid money" }],
  good: [{ sql: "ALTER TABLE orders ADD COLUMN paid numeric(12,2)" }],
  on: onTypes((type, column, table) =>
    type.name === "money"
      ? { message: `${shown(table, column)} depends on the server's lc_monetary`, place: type.place }
      : null,
  ),
});
