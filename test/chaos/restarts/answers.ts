import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Client, createClient, ProblemError } from "@change-mgmt/api/client.ts";

/** How a server answered while its store came and went. */
export interface Answers {
  requests: number;
  /** Told to come back, as documented. */
  away: number;
  /** Repeated because of the limit of requests a minute. */
  limited: number;
  /** What nobody may be answered with. */
  readonly wrong: string[];
}

const GIVES_UP_AFTER_MS = 180_000;
/** Sooner than the answer says: whoever comes too early is only told again. */
const PAUSE_MS = 400;

/** Fetches, and notes every answer that is a failure of a server and does not say when to come back. */
function noting(answers: Answers): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    answers.requests += 1;
    const comesBack = response.status === 503 && response.headers.get("retry-after") !== null;
    if (response.status >= 500 && !comesBack)
      answers.wrong.push(
        `${init?.method ?? "GET"} ${new URL(String(input)).pathname} is answered with ${response.status}`,
      );
    return response;
  };
}

/** A client as a careful program is one: what was answered with STORE_UNAVAILABLE it repeats under the same key. */
export function patient(address: string, token: string, answers: Answers): Client {
  const client = createClient({ baseUrl: address, token, newKey: randomUUID, fetch: noting(answers) });
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
