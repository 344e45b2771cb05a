import type { Endpoint } from "@change-mgmt/api/endpoints.ts";
import { accept, type Outcome, type Problem, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { problemsOf } from "./input-problems.ts";
import { storageProblems } from "./storable-text.ts";
import { strictly } from "./strict-schema.ts";

const MOST_PROBLEMS = 100;

/** What came in, as Fastify hands it over. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface ParsedRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly idempotencyKey?: string;
  readonly expectedVersion?: number;
  readonly lastEventId?: string;
}

/**
 * Parses a request by the schemas of its endpoint. Refuses with INPUT_INVALID, naming every problem at once: pointers begin
 * with /params, /query or /headers, those into the body with the member itself.
 */
export function parseRequest(endpoint: Endpoint, raw: RawRequest): Outcome<ParsedRequest> {
  const problems: Problem[] = [];
  const part = (schema: z.ZodType | undefined, value: unknown, prefix: string): unknown => {
    const unstorable = storageProblems(value, prefix);
    problems.push(...unstorable);
    if (!schema || unstorable.some(({ code }) => code === "TOO_DEEP")) return undefined;
    const result = strictly(schema).safeParse(value, { reportInput: true });
    if (!result.success) problems.push(...problemsOf(result.error.issues, prefix));
    return result.data;
  };
  const params = part(endpoint.params, raw.params, "/params");
  const query = part(endpoint.query ?? NOTHING, raw.query, "/query");
  // Bytes are the handler's to read and to judge.
  const bodyWanted =
    endpoint.body === "bytes" ? undefined : (endpoint.body ?? (raw.body === undefined ? undefined : NOTHING));
  const parsedBody =
    endpoint.body === "bytes" ? undefined : part(bodyWanted, raw.body === undefined ? {} : raw.body, "");
  const body = endpoint.body ? parsedBody : undefined;
  const idempotencyKey = endpoint.method === "POST" ? readIdempotencyKey(raw.headers, problems) : undefined;
  const expectedVersion = endpoint.method === "GET" ? undefined : readIfMatch(raw.headers, problems);
  const lastEventId = readLastEventId(raw.headers, problems);
  if (problems.length === 0) {
    return accept({
      params: endpoint.params ? params : undefined,
      query: endpoint.query ? query : undefined,
      body,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
      ...(lastEventId === undefined ? {} : { lastEventId }),
    });
  }
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return refuse(
    "INPUT_INVALID",
    `The request has ${count}.`,
    "Correct what is listed under problems and send it again.",
    {
      ...(problems[0]?.place ? { place: problems[0].place } : {}),
      problems: problems.slice(0, MOST_PROBLEMS),
    },
  );
}

const NOTHING = z.object({});

type Headers = RawRequest["headers"];

function readIdempotencyKey(headers: Headers, problems: Problem[]): string | undefined {
  const key = one(headers["idempotency-key"]);
  if (key === undefined || /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  const message = "The Idempotency-Key is not 1 to 200 visible ASCII characters.";
  problems.push(badHeader("idempotency-key", message, "Use a UUID made for this one effect."));
  return undefined;
}

function readIfMatch(headers: Headers, problems: Problem[]): number | undefined {
  const value = one(headers["if-match"]);
  if (value === undefined) return undefined;
  const digits = /^(?:"(\d{1,15})"|(\d{1,15}))$/.exec(value.trim());
  if (digits) return Number(digits[1] ?? digits[2]);
  const message = "If-Match does not carry a version.";
  problems.push(badHeader("if-match", message, 'Send the version that was read, such as If-Match: "7".'));
  return undefined;
}

function readLastEventId(headers: Headers, problems: Problem[]): string | undefined {
  const value = one(headers["last-event-id"]);
  if (value === undefined || value === "") return undefined;
  if (/^[\x21-\x7e]{1,100}$/.test(value)) return value;
  const message = "Last-Event-ID is not the id of an event.";
  problems.push(badHeader("last-event-id", message, "Send the id of the last event that came, or leave it out."));
  return undefined;
}

function badHeader(name: string, message: string, hint: string): Problem {
  return { code: "BAD_HEADER", message, place: { pointer: `/headers/${name}` }, hint };
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(",") : value;
}
