import { type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { sqlStateIn } from "./connection-loss.ts";
import { type Address, withoutSecrets } from "./reference.ts";

const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Nothing listens at that port: see that the server runs and that host and port are right.",
  ENOTFOUND: "That host name is not known here: see that it is spelled right and that this machine can resolve it.",
  EAI_AGAIN: "The name service did not answer: see that this machine has a network connection.",
  "3D000": "See that the database's name is right, or create it.",
  "55000": "If the database was closed on purpose, open it again: ALTER DATABASE … ALLOW_CONNECTIONS true.",
  "53300": "The server has no connection free: end some, or raise max_connections.",
  "57P03": "The server is starting or stopping: try again in a moment.",
};

/** The refusal for a connection to a `database`, as sentences call it after "the", that could not be made: TARGET_LOGIN_REFUSED or TARGET_UNREACHABLE, never with the password. */
export function explainConnectFailure(error: unknown, address: Address, database: string): Refused {
  const reason = withoutSecrets(wordsOf(error), address.secrets);
  const where = withoutSecrets(address.shown, address.secrets);
  const state = sqlStateIn(error);
  const details = { reason, ...(state ? { sqlstate: state } : {}) };
  const refusedLogin =
    state === "28P01" || state === "28000" || /authentication|SASL|SCRAM|password/i.test(wordsOf(error));
  if (refusedLogin) {
    return refuse(
      "TARGET_LOGIN_REFUSED",
      `The ${database} at ${where} does not accept the login: ${reason}.`,
      "See that user and password in the variable are right, with special characters percent-encoded, and that the server lets this user in from here (pg_hba.conf).",
      { details },
    );
  }
  const code = state ?? String((error as { code?: unknown } | null)?.code ?? "");
  const encrypted = /SSL|TLS|certificate/i.test(reason);
  return refuse(
    "TARGET_UNREACHABLE",
    `The ${database} at ${where} cannot be reached: ${reason}.`,
    encrypted
      ? "See that sslmode in the address fits the server (disable, require, verify-full) and that its certificate is known here."
      : (HINTS[code] ??
          "See that the server runs and can be reached from this machine, and that no firewall is between."),
    { details },
  );
}

/** Node wraps the failures of several addresses of one host into an error without a message of its own. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(wordsOf))].join("; ");
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\.$/, "");
}
