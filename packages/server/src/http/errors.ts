import { randomUUID } from "node:crypto";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isStoreLoss } from "../storage/store-loss.ts";
import { headersOf, problemOf, RequestRefused } from "./request-problem.ts";

/** What is known of a request that failed by a bug; `errorId` is what its sender was told. */
export interface ErrorInfo {
  readonly errorId: string;
  readonly requestId: string;
  readonly method: string;
  /** The route's pattern, or what was asked for where no route matched. */
  readonly route: string;
}

export type OnError = (error: unknown, info: ErrorInfo) => void;

/** Refusals of Fastify itself, in our words. */
const OF_FASTIFY: Readonly<Record<string, { code: string; message: string; hint: string }>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: "MEDIA_TYPE_UNSUPPORTED",
    message: "The request body has a content type that is not taken here.",
    hint: "Send JSON with the header Content-Type: application/json, and the bytes of a file, where they are asked for, with application/octet-stream.",
  },
  FST_ERR_BAD_URL: {
    code: "URL_INVALID",
    message: "The address is not a valid URL path.",
    hint: "Percent-encode what stands in the path as UTF-8.",
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    code: "NOT_FOUND",
    message: "A part of the address is longer than any name here.",
    hint: "Check the address.",
  },
};

const STORE_AWAY = new RequestRefused({
  code: "STORE_UNAVAILABLE",
  message: "The server's own database cannot be reached at this moment.",
  hint: "Ask again in a few seconds. Repeat what changes something with the same Idempotency-Key: it counts once, even if this try got through.",
});

/**
 * Turns everything that goes wrong in a request into a problem document; bugs get an id, go to `onError` and say no more. A store that is
 * away is no bug: whoever asks is told to come back.
 */
export function answerErrors(app: FastifyInstance, onError: OnError, bodyBytes: number): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refused = error instanceof RequestRefused ? error : refusalOfFastify(error, bodyBytes);
    if (refused) return sendRefusal(reply, refused);
    return isStoreLoss(error) ? sendRefusal(reply, STORE_AWAY) : sendUnexpected(error, request, reply, onError);
  });
}

/** Sends a refusal as its problem document. */
export function sendRefusal(reply: FastifyReply, { refusal, headers }: RequestRefused): FastifyReply {
  const problem = problemOf(refusal);
  return reply
    .code(problem.status)
    .headers({ "cache-control": "no-store", ...headersOf(problem.status), ...headers })
    .type("application/problem+json; charset=utf-8")
    .send(JSON.stringify(problem));
}

/** The refusal behind an error of Fastify that the sender caused; undefined for all others. */
export function refusalOfFastify(error: FastifyError, bodyBytes: number): RequestRefused | undefined {
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new RequestRefused({
      code: "TOO_LARGE",
      message: `The request body is larger than ${bodyBytes} bytes.`,
      hint: "Split it, or keep large files elsewhere and hand in their address.",
    });
  }
  const known = OF_FASTIFY[error.code];
  if (known) return new RequestRefused(known);
  if (!error.code?.startsWith("FST_") || (error.statusCode ?? 500) >= 500) return undefined;
  return new RequestRefused({
    code: "REQUEST_MALFORMED",
    message: "The request is not well-formed HTTP.",
    hint: "Check its headers, Content-Length above all.",
    details: { reason: error.code },
  });
}

function sendUnexpected(error: unknown, request: FastifyRequest, reply: FastifyReply, onError: OnError): FastifyReply {
  const errorId = randomUUID();
  const route = request.routeOptions.url ?? request.url;
  onError(error, { errorId, requestId: request.id, method: request.method, route });
  return sendRefusal(
    reply,
    new RequestRefused({
      code: "UNEXPECTED",
      message: "Something went wrong in the server.",
      hint: `Try again; if it stays, give the error id ${errorId} to whoever runs the server.`,
      details: { errorId },
    }),
  );
}
