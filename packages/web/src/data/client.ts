import { type CallInput, type CallOutput, createClient, ProblemError } from "@change-mgmt/api/client.ts";
import type { EndpointName } from "@change-mgmt/api/endpoints.ts";
import { session } from "./session.ts";

/**
 * Calls an endpoint as the person signed in. Rejects with a ProblemError for every answer that is not a success, also when
 * no server answers (UNREACHABLE). A session that is not good any more ends. `send` carries the request in place of fetch.
 */
export async function call<N extends EndpointName>(
  name: N,
  input?: CallInput<N>,
  send: typeof fetch = fetch,
): Promise<CallOutput<N>> {
  const client = createClient({ baseUrl: location.origin, newKey, fetch: (...request) => reach(send, request) });
  try {
    return await (client as (name: N, input?: CallInput<N>) => Promise<CallOutput<N>>)(name, input);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 401 && session.state === "in") {
      session.end(error.problem);
    }
    throw error;
  }
}

async function reach(send: typeof fetch, request: Parameters<typeof fetch>): Promise<Response> {
  try {
    return await send(...request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
}

/** Whether the server answers at all. */
export async function serverAnswers(): Promise<boolean> {
  return await fetch("/healthz").then(
    () => true,
    () => false,
  );
}

/** What there is to say when no server answers. */
export function unreachable(): ProblemError {
  return new ProblemError({
    type: "about:blank",
    title: "Unreachable",
    status: 0,
    code: "UNREACHABLE",
    detail: "The server cannot be reached.",
    hint: "Check that it runs and that this device is online; nothing was lost here.",
  });
}

/** An idempotency key. Pages served without TLS to another machine have no randomUUID. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
