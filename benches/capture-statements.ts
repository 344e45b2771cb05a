// Loaded into a server with --import: writes each statement it sends to Postgres into the file CAPTURE_STATEMENTS names, a line of JSON
// each, with the connection it goes over.
import { createWriteStream } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../packages/server/package.json", import.meta.url));
const { Client } = require("pg") as typeof import("pg");
const file = createWriteStream(process.env.CAPTURE_STATEMENTS!);
const ids = new WeakMap<object, number>();
let connections = 0;
const query = Client.prototype.query as (...given: unknown[]) => unknown;

Client.prototype.query = function (this: object, ...given: unknown[]) {
  const [asked, values] = given as [string | { text: string; values?: unknown[] }, unknown];
  if (!ids.has(this)) ids.set(this, ++connections);
  const statement = typeof asked === "string" ? { text: asked, values } : asked;
  if (typeof statement?.text === "string") {
    const sent = Array.isArray(statement.values) ? statement.values.map(asText) : [];
    file.write(
      `${JSON.stringify({ connection: ids.get(this), text: statement.text, values: sent, at: Date.now() })}\n`,
    );
  }
  return query.apply(this, given);
} as never;

/** As the driver sends it. */
function asText(value: unknown): unknown {
  const { prepareValue } = require("pg/lib/utils.js") as { prepareValue(value: unknown): unknown };
  return prepareValue(value);
}
