import type { Place } from "@change-mgmt/domain/change/refusal.ts";
import type { FastifyInstance } from "fastify";
import { jsonErrorPlace, jsonTwicePlace } from "./json-place.ts";
import { RequestUnread } from "./request-problem.ts";

/** Makes JSON the one body the server takes. An empty body is `undefined`; a broken one is refused as JSON_INVALID with its place. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body: Buffer, done) => {
    const text = decode(body);
    if (text === undefined) return done(jsonInvalid("The request body is not UTF-8 text."));
    if (text.trim() === "") return done(null, undefined);
    parse(request, text, (error, value) => {
      const twice = error ? undefined : jsonTwicePlace(text);
      if (twice) return done(jsonInvalid(`The request body names a member twice.${at("It is", twice)}`, twice));
      if (!error) return done(null, value);
      const place = jsonErrorPlace(text);
      done(
        jsonInvalid(`The request body is not a JSON document that is accepted here.${at("It breaks", place)}`, place),
      );
    });
  });
}

function at(words: string, place: Place | undefined): string {
  return place ? ` ${words} at line ${place.line}, column ${place.column}.` : "";
}

function decode(body: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

function jsonInvalid(message: string, place?: Place): RequestUnread {
  return new RequestUnread({
    code: "JSON_INVALID",
    message,
    hint: "Send one JSON document in UTF-8, each member once, none named __proto__ or constructor.prototype.",
    ...(place ? { place } : {}),
  });
}
