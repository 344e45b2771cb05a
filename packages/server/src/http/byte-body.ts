import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ByteBody } from "../commands/handler.ts";
import { RequestRefused } from "./request-problem.ts";

/** The content type under which endpoints take bytes. */
export const BYTES_TYPE = "application/octet-stream";

/** Makes the routes of an encapsulated part of the server take bytes, and nothing else, as they come. */
export function acceptByteBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(BYTES_TYPE, (_request, payload, done) => done(null, payload));
}

/** The bytes of a request, unread. Reading them throws REQUEST_MALFORMED where the sender goes away before the end. */
export function byteBodyOf(request: FastifyRequest): ByteBody {
  const length = Number(request.headers["content-length"] ?? Number.NaN);
  const body = request.body as AsyncIterable<Uint8Array> | undefined | null;
  return { ...(Number.isSafeInteger(length) ? { length } : {}), pieces: whole(body ?? []) };
}

async function* whole(body: AsyncIterable<Uint8Array> | readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ECONNRESET") throw error;
    throw new RequestRefused({
      code: "REQUEST_MALFORMED",
      message: "The request broke off before its end.",
      hint: "Send it again.",
    });
  }
}
