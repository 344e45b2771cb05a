import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";

/** Where an environment's database is, with its secret resolved: kept in memory for as long as it takes to connect. */
export type TargetLocation =
  | { readonly kind: "embedded"; readonly name: string }
  | { readonly kind: "postgres"; readonly variable: string; readonly address: Address };

/** A Postgres address taken apart. `secrets` are the texts that no message may contain. */
export interface Address {
  readonly url: string;
  /** Such as `db.example.org:5432/app`, without user and password. */
  readonly shown: string;
  readonly port: number;
  readonly secrets: readonly string[];
}

const VARIABLE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;
const EMBEDDED = /^embedded:([a-z0-9][a-z0-9_-]{0,62})$/;
const APPLICATION_NAME = "change-mgmt";

/**
 * Reads `${NAME_OF_VARIABLE}` (looked up in `env`) or `embedded:NAME` (lower-case letters, digits, `-` and `_`).
 * Refuses with TARGET_REFERENCE_INVALID or TARGET_REFERENCE_MISSING.
 */
export function resolveReference(
  reference: string,
  environment: string,
  env: Readonly<Record<string, string | undefined>>,
): Outcome<TargetLocation> {
  const embedded = EMBEDDED.exec(reference);
  if (embedded) return accept({ kind: "embedded", name: embedded[1]! });
  const variable = VARIABLE.exec(reference)?.[1];
  if (variable === undefined) {
    // The reference is not repeated: a full address with its password may have been written there by mistake.
    return refuse(
      "TARGET_REFERENCE_INVALID",
      `The database of environment "${environment}" is neither \${NAME_OF_VARIABLE} nor embedded:NAME.`,
      `Put the address into an environment variable and write its name, such as \${STAGING_DATABASE_URL}; or write embedded: and a name of lower-case letters, digits, - and _.`,
    );
  }
  const value = env[variable];
  if (value === undefined || value.trim() === "") {
    return refuse(
      "TARGET_REFERENCE_MISSING",
      `The variable ${variable}, which environment "${environment}" names as its database, is not set.`,
      `Set ${variable} to a Postgres address where the worker runs, then start the worker again.`,
      { details: { variable } },
    );
  }
  const address = readAddress(value.trim());
  if (address) return accept({ kind: "postgres", variable, address });
  return refuse(
    "TARGET_REFERENCE_INVALID",
    `The variable ${variable}, which environment "${environment}" names as its database, does not hold a Postgres address.`,
    "Write postgres://user:password@host:5432/database, with special characters of the password percent-encoded (@ as %40, / as %2F, % as %25).",
    { details: { variable } },
  );
}

/** A Postgres address taken apart, or null where the text is none. */
export function readAddress(text: string): Address | null {
  try {
    const url = new URL(text);
    if (url.protocol !== "postgres:" && url.protocol !== "postgresql:") return null;
    const given = [url.password, decodeURIComponent(url.password), url.searchParams.get("password") ?? ""];
    url.searchParams.set("application_name", APPLICATION_NAME);
    return {
      url: url.toString(),
      shown: `${url.hostname || "localhost"}:${url.port || "5432"}${url.pathname}`,
      port: Number(url.port || "5432"),
      secrets: [...new Set(given)].filter((secret) => secret !== ""),
    };
  } catch {
    // Not a URL, or percent signs that encode nothing: the caller refuses, without the text that may hold a password.
    return null;
  }
}

/** The text with every secret replaced by `***`. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) clean = clean.split(secret).join("***");
  return clean;
}
