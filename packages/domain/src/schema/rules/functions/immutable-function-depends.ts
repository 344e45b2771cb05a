import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const immutableFunctionDepends = defineRule({
  id: "immutable-function-depends",
  subject: "functions",
  severity: "error",
  title: "A function marked IMMUTABLE that depends on something",
  why: "Postgres believes the mark: it works the function out once and keeps the result, also in indexes. If it reads a table, the clock or a setting, indexes hold what is no longer true, and searches miss rows.",
  instead: "STABLE, if it gives the same within one statement; IMMUTABLE only where the arguments alone decide.",
  bad: [
    { sql: "CREATE FUNCTION today() RETURNS date LANGUAGE sql IMMUTABLE AS 'SELECT current_date'" },
    { sql: "CREATE FUNCTION people() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT count(*) FROM users'" },
  ],
  good: [
    { sql: "CREATE FUNCTION twice(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT x * 2'" },
    { sql: "CREATE FUNCTION today() RETURNS date LANGUAGE sql STABLE AS 'SELECT current_date'" },
  ],
  on: {
    create_function: ({ function: name, options, body }) => {
      if (options.volatility !== "immutable") return null;
      const reads =
        /\b(?:from\s+(?!unnest|generate_series|jsonb?_|regexp_|string_to|\()[a-z_"]|now\s*\(|current_(?:date|time|timestamp|user|setting)\b|random\s*\(|clock_timestamp)/i.exec(
          withoutText(body),
        );
      return reads === null ? null : { message: `${shown(name)} is marked IMMUTABLE and says “${reads[0].trim()}”` };
    },
  },
});

/** Code without comments, text and what EXTRACT, SUBSTRING, TRIM and IS DISTINCT say FROM. */
function withoutText(code: string): string {
  return code
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, " ")
    .replace(/\b(?:extract|substring|trim|overlay)\s*\([^()]*\)/gi, " ")
    .replace(/\bdistinct\s+from\b/gi, " ");
}
