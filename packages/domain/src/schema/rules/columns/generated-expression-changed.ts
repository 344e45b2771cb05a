import { showsNoRewrite } from "../measured.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const generatedExpressionChanged = defineRule({
  id: "generated-expression-changed",
  subject: "columns",
  severity: "error",
  title: "The expression of a generated column changes",
  why: "Every stored value is worked out anew: the table is rewritten while nobody can read or write it.",
  instead: "Add a second generated or plain column, move readers over, and drop the first.",
  silent: "The table comes into being in the same migration, or running it shows that nothing is rewritten.",
  bad: [
    {
      given: "ALTER TABLE orders ADD COLUMN cents numeric GENERATED ALWAYS AS (total * 100) STORED",
      sql: "ALTER TABLE orders ALTER COLUMN cents SET EXPRESSION AS (total * 1000)",
    },
  ],
  good: [{ sql: "ALTER TABLE orders ALTER COLUMN note SET DEFAULT ''" }],
  harmless: [
    {
      given: "ALTER TABLE orders ADD COLUMN cents numeric GENERATED ALWAYS AS (total * 100) VIRTUAL",
      sql: "ALTER TABLE orders ALTER COLUMN cents SET EXPRESSION AS (total * 1000)",
    },
  ],
  on: {
    set_expression: ({ table, column }, { migration, statement }) =>
      migration.isNewColumn(table, column, statement) || showsNoRewrite(statement)
        ? null
        : {
            message: `${shown(table, column)} is worked out anew for every row: ${shown(table)} is rewritten, and nobody reads or writes it meanwhile`,
          },
  },
});
