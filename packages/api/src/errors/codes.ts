import { attachment } from "./attachment.ts";
import { audit } from "./audit.ts";
import { change } from "./change.ts";
import { configuration } from "./configuration.ts";
import { deployment } from "./deployment.ts";
import { people } from "./people.ts";
import { process } from "./process.ts";
import { request } from "./request.ts";
import { sample } from "./sample.ts";
import { signIn } from "./sign-in.ts";
import { sql } from "./sql.ts";
import { store } from "./store.ts";
import { target } from "./target.ts";
import { terminal } from "./terminal.ts";
import type { ErrorCode, ErrorTopic } from "./topic.ts";

/** Every code the product says, by subject: what the HTTP answers, the page at /docs/errors and its test all go by. */
export const ERROR_TOPICS: readonly ErrorTopic[] = [
  request,
  signIn,
  people,
  change,
  attachment,
  sql,
  deployment,
  target,
  configuration,
  process,
  audit,
  sample,
  store,
  terminal,
];

/** The same codes by name. */
export const ERROR_CODES: ReadonlyMap<string, ErrorCode> = new Map(
  ERROR_TOPICS.flatMap(({ codes }) => Object.entries(codes)),
);

/** The HTTP status that goes with a refusal code: 409, "not in this state", where the table names none. */
export function statusOf(code: string): number {
  return ERROR_CODES.get(code)?.status ?? 409;
}
