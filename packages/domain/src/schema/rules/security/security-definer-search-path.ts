import type { ActionThat } from "../actions.ts";
import { sameName, shown } from "../migration.ts";
import { type At, defineRule, type Found } from "../rule.ts";

export const securityDefinerSearchPath = defineRule({
  id: "security-definer-search-path",
  subject: "security",
  severity: "error",
  title: "A function with its owner's rights finds names where the caller says",
  why: "A SECURITY DEFINER function without a search_path of its own looks names up along the caller's: whoever can make a table or function in a schema of theirs runs code with the owner's rights.",
  instead: "SET search_path = '' at the function, and qualify every name in it.",
  silent: "The migration sets search_path for the function afterwards.",
  bad: [
    { sql: "CREATE FUNCTION secret() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM users'" },
    {
      given: "CREATE FUNCTION secret() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
      sql: "ALTER FUNCTION secret() SECURITY DEFINER",
    },
  ],
  good: [
    {
      sql: "CREATE FUNCTION secret() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT count(*) FROM public.users'",
    },
    {
      sql: "CREATE FUNCTION secret() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint';\nALTER FUNCTION secret() SET search_path = ''",
    },
    { sql: "CREATE FUNCTION plain() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'" },
  ],
  on: { create_function: unguarded, alter_function: unguarded },
});

function unguarded(action: ActionThat<"create_function" | "alter_function">, { migration }: At): Found | null {
  const { options, function: name } = action;
  if (options.securityDefiner !== true) return null;
  const set = migration.statements.some(({ actions }) =>
    actions.some(
      (other) =>
        (other.does === "alter_function" || other.does === "create_function") &&
        sameName(other.function, name) &&
        other.options.settings.includes("search_path"),
    ),
  );
  return set
    ? null
    : { message: `${shown(name)} runs with its owner's rights and looks names up where the caller says` };
}
