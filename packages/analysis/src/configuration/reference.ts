import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The two ways a database is named: `${NAME_OF_VARIABLE}` or `embedded:NAME`. */
export const DATABASE_REFERENCE = /^(\$\{[A-Za-z_][A-Za-z0-9_]*\}|embedded:[a-z0-9][a-z0-9_-]{0,62})$/;

/**
 * Replaces every `${NAME}` of a text by the variable's value, at the time of use: what comes back may be secret and is not kept.
 * Refused as REFERENCE_UNSET, naming the variables that are missing or empty.
 */
export function resolveReference(text: string, env: Readonly<Record<string, string | undefined>>): Outcome<string> {
  const names = [...text.matchAll(REFERENCE)].map((match) => match[1]!);
  const unset = [...new Set(names.filter((name) => !Object.hasOwn(env, name) || (env[name] ?? "") === ""))];
  if (unset.length === 0) return accept(text.replace(REFERENCE, (_, name: string) => env[name]!));
  return refuse(
    "REFERENCE_UNSET",
    `Not set: ${unset.join(", ")}.`,
    "Set it in the environment of the process that uses it.",
    {
      details: { variables: unset },
    },
  );
}

/** Whether a text holds a password itself rather than a reference to one: in an address, a connection string or an assignment. */
export function holdsSecret(text: string): boolean {
  const rest = text.replace(REFERENCE, "");
  return (
    /:\/\/[^/\s:@]*:[^/\s@]+@/.test(rest) ||
    /\b(password|passwd|pwd|secret|token|api[_-]?key)\s*[=:]\s*[^\s&]/i.test(rest)
  );
}
