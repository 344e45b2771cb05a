import type { ExpressionFacts, Name } from "../actions.ts";
import { onColumns, typeOf } from "../column-types.ts";
import { columnIn, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const frozenTimeDefault = defineRule({
  id: "frozen-time-default",
  subject: "columns",
  severity: "error",
  title: "A default is the moment of the migration",
  why: "'now' and 'today' are turned into a fixed time when the default is written down: every row to come gets the moment at which the migration ran.",
  instead: "Write now(), CURRENT_TIMESTAMP or CURRENT_DATE, which are worked out when a row is inserted.",
  bad: [
    { sql: "ALTER TABLE orders ADD COLUMN at timestamptz DEFAULT 'now'" },
    { sql: "ALTER TABLE users ALTER COLUMN created_at SET DEFAULT 'today'::date" },
    { sql: "CREATE TABLE visits (id bigint PRIMARY KEY, at timestamptz DEFAULT 'now')" },
  ],
  good: [
    { sql: "ALTER TABLE orders ADD COLUMN at timestamptz DEFAULT now()" },
    { sql: "ALTER TABLE orders ADD COLUMN phase text DEFAULT 'now'", note: "A text that happens to be this word." },
    { sql: "ALTER TABLE users ALTER COLUMN created_at DROP DEFAULT" },
    { sql: "ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'tomorrow is another day'" },
  ],
  readsSchema: true,
  on: {
    ...onColumns((column, table) =>
      isFrozen(column.default, column.type.name) ? { message: words(table, column.name), place: column.place } : null,
    ),
    set_default: (action, { migration }) => {
      const { table, column } = action;
      const type = typeOf(columnIn(migration.before, table, column)) ?? "timestamp";
      return isFrozen(action.default, type) ? { message: words(table, column) } : null;
    },
  },
});

function isFrozen(expression: ExpressionFacts | null, type: string): boolean {
  if (expression === null || !/^(?:date|time)/.test(type)) return false;
  return (
    expression.calls.length === 0 &&
    expression.strings.some((text) => /^(?:now|today|tomorrow|yesterday)$/i.test(text.trim()))
  );
}

function words(table: Name, column: string): string {
  return `The default of ${shown(table, column)} is fixed at the moment of this migration`;
}
