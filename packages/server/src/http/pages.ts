import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Where the files of the web app lie. */
export const WEB_DIRECTORY = fileURLToPath(new URL("../../../web/src/", import.meta.url));

/** Serves the html, css, js and svg files of a directory, read once: index.html at `/`, other pages without their ending. */
export async function addPages(app: FastifyInstance, directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => extname(name) in TYPES && !name.includes(".test."));
  for (const name of names) {
    const content = await readFile(join(directory, name));
    const etag = `"${createHash("sha256").update(content).digest("base64url")}"`;
    app.get(addressOf(name), { schema: { hide: true } }, (request, reply) => {
      reply.headers({ etag, "cache-control": "no-cache" });
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      return reply.type(TYPES[extname(name)]!).send(content);
    });
  }
}

function addressOf(name: string): string {
  if (name === "index.html") return "/";
  return name.endsWith(".html") ? `/${name.slice(0, -".html".length).replaceAll(".", "/")}` : `/${name}`;
}
