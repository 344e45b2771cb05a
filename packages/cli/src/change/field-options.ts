import type { OptionSpec } from "../command.ts";
import type { Given } from "../given.ts";
import { type FormField, readFieldOptions, type TypedField } from "./field-values.ts";

/** Options for the fields nearly every form has; any other goes by --field. */
export const fieldOptions: readonly OptionSpec[] = [
  { flags: "--title <text>", about: "what changes, in one line" },
  { flags: "--description <text>", about: "what changes, why, and for whom" },
  { flags: "--priority <priority>", about: "how soon it matters" },
  { flags: "--component <name>", about: "affected component", repeatable: true },
  { flags: "--table <name>", about: "affected table", repeatable: true },
  { flags: "--field <key=value>", about: "any field of the form; lists by giving it several times", repeatable: true },
];

const LISTS: Readonly<Record<string, FormField["id"]>> = { component: "components", table: "tables" };

/** The form fields that were typed, by whichever option; `more` names further options that are fields. */
export function readFields(given: Given, more: readonly string[] = []): TypedField[] {
  const single = ["title", "description", "priority", ...more].flatMap((id) => {
    const value = given.text(id);
    return value === undefined ? [] : [{ id, values: [value] }];
  });
  const lists = Object.entries(LISTS).flatMap(([option, id]) => {
    const values = given.list(option);
    return values.length > 0 ? [{ id, values }] : [];
  });
  return [...single, ...lists, ...readFieldOptions(given.list("field"))];
}
