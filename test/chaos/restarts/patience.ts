import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Client, createClient, ProblemError } from "@change-mgmt/api/client.ts";

/** How servers answered while their store came and went. */
export interface Answers {
  requests: number;
  /** Told to come back, as documented. */
  away: number;
  /** Repeated because of the limit of requests a minute. */
  limited: number;
}

const GIVES_UP_AFTER_MS = 600_000;
/** Sooner than an answer says: whoever comes too early is only told again. */
const PAUSE_MS = 400;

/**
 * A client as a careful program is one: what was answered with STORE_UNAVAILABLE it asks again under the same key. Any other answer of 500 and
 * more, one without a time to come back, and none at all are told as `wrong`.
 */
export function patient(address: string, token: string, answers: Answers, wrong: (line: string) => void): Client {
  const noting: typeof fetch = async (input, init) => {
    const what = `${init?.method ?? "GET"} ${new URL(String(input)).pathname}`;
    answers.requests += 1;
    const response = await fetch(input, init).catch((error: Error) => {
      wrong(`${what} is not answered: ${error.message} ${String(error.cause)}`);
      throw error;
    });
    const comesBack = response.status === 503 && response.headers.get("retry-after") !== null;
    if (response.status >= 500 && !comesBack) {
      const body = await response.clone().text();
      wrong(`${what} is answered with ${response.status}: ${body.slice(0, 500)}`);
    }
    return response;
  };
  const client = createClient({ baseUrl: address, token, newKey: randomUUID, fetch: noting });
  return (async (name: never, input: object = {}) => {
    const idempotencyKey = randomUUID();
    const until = Date.now() + GIVES_UP_AFTER_MS;
    for (;;) {
      try {
        return await client(name, { idempotencyKey, ...input } as never);
      } catch (error) {
        if (Date.now() > until || !mayComeBack(error, answers)) throw error;
      }
      await pause(PAUSE_MS);
    }
  }) as unknown as Client;
}

function mayComeBack(error: unknown, answers: Answers): boolean {
  if (!(error instanceof ProblemError)) return false;
  const { code } = error.problem;
  if (code === "STORE_UNAVAILABLE") answers.away += 1;
  else if (code === "RATE_LIMITED") answers.limited += 1;
  else return false;
  return true;
}
