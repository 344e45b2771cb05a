import type { ExpressionFacts } from "./actions.ts";

/** Functions of Postgres and its usual extensions whose result differs from call to call. */
const VOLATILE: ReadonlySet<string> = new Set([
  "random",
  "random_normal",
  "gen_random_uuid",
  "uuidv4",
  "uuidv7",
  "gen_random_bytes",
  "gen_salt",
  "uuid_generate_v1",
  "uuid_generate_v1mc",
  "uuid_generate_v4",
  "clock_timestamp",
  "timeofday",
  "nextval",
  "setval",
  "currval",
  "lastval",
]);

/** Whether an expression calls a function known to be volatile; an unknown function is taken for the author's own. */
export function isVolatile({ calls }: ExpressionFacts): boolean {
  return calls.some((call) => VOLATILE.has(lastPart(call)));
}

function lastPart(call: string): string {
  return call.slice(call.lastIndexOf(".") + 1);
}

/** Functions whose result is the same within a statement and not for ever. */
const STABLE: ReadonlySet<string> = new Set([
  "now",
  "transaction_timestamp",
  "statement_timestamp",
  "current_timestamp",
  "current_date",
  "current_time",
  "localtime",
  "localtimestamp",
  "current_user",
  "session_user",
  "current_role",
  "current_schema",
  "current_setting",
]);

/** The function in an expression that is known not to be immutable; null when there is none. */
export function notImmutable({ calls }: ExpressionFacts): string | null {
  return calls.find((call) => VOLATILE.has(lastPart(call)) || STABLE.has(lastPart(call))) ?? null;
}
