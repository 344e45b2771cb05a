import type { Place } from "@change-mgmt/domain/change/refusal.ts";
import type { FastifyInstance } from "fastify";
import { jsonErrorPlace } from "./json-place.ts";
import { RequestRefused } from "./request-problem.ts";

/** Makes JSON the one body the server takes. An empty body is `undefined`; a broken one is refused as JSON_INVALID with its place. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body: Buffer, done) => {
    const text = decode(body);
    if (text === undefined) return done(jsonInvalid("The request body is not UTF-8 text."));
    if (text.trim() === "") return done(null, undefined);
    parse(request, text, (error, value) => {
      if (!error) return done(null, value);
      const place = jsonErrorPlace(text);
      const where = place ? ` It breaks at line ${place.line}, column ${place.column}.` : "";
      done(jsonInvalid(`The request body is not a JSON document that is accepted here.${where}`, place));
    });
  });
}

function decode(body: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

function jsonInvalid(message: string, place?: Place): RequestRefused {
  return new RequestRefused({
    code: "JSON_INVALID",
    message,
    hint: "Send one JSON document in UTF-8, without members named __proto__ or constructor.prototype.",
    ...(place ? { place } : {}),
  });
}
