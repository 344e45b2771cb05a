import { statusOf } from "@change-mgmt/api/errors/codes.ts";
import type { Problem } from "@change-mgmt/api/problem.ts";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";

/** A refusal on its way to the error handler, with the headers its answer carries. Never leaves the HTTP layer. */
export class RequestRefused extends Error {
  readonly refusal: Refusal;
  readonly headers: Readonly<Record<string, string>>;
  constructor(refusal: Refusal, headers: Readonly<Record<string, string>> = {}) {
    super(refusal.code);
    this.name = "RequestRefused";
    this.refusal = refusal;
    this.headers = headers;
  }
}

/** A request that was refused before anybody looked at what it asks for: not in the form it has to have, or one too many. */
export class RequestUnread extends RequestRefused {}

/** The RFC 9457 document that says a refusal over HTTP. `type` leads to the page about its code. */
export function problemOf(refusal: Refusal): Problem {
  return {
    type: `/docs/errors#${refusal.code}`,
    title: titleOf(refusal.code),
    status: statusOf(refusal.code),
    detail: refusal.message,
    code: refusal.code,
    hint: refusal.hint,
    ...(refusal.place ? { place: refusal.place } : {}),
    ...(refusal.problems ? { problems: [...refusal.problems] } : {}),
    ...(refusal.details ? { details: { ...refusal.details } } : {}),
  };
}

function titleOf(code: string): string {
  const words = code.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Headers that go with the status of a refusal: how to sign in, when to come back. */
export function headersOf(status: number): Record<string, string> {
  if (status === 401) return { "www-authenticate": 'Bearer realm="change-mgmt"' };
  if (status === 503) return { "retry-after": "5" };
  return {};
}
