import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Where the built files of the web app lie. */
export const WEB_DIRECTORY = fileURLToPath(new URL("../../../web/dist/", import.meta.url));

const NOT_BUILT =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not built · change-mgmt</title></head><body><h1>The pages are not built yet</h1><p>Run <code>npm start</code> once, it builds the pages. The HTTP interface at <a href="/api/docs">/api/docs</a> and the command line work without them.</p></body></html>';

/** One file as it is served. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
  readonly etag: string;
  /** Its name carries a hash of its content, so that it never changes. */
  readonly lasting: boolean;
}

/** The built web app in memory; `index` is missing where it was not built. */
export interface Pages {
  readonly files: readonly PageFile[];
  readonly index: PageFile | undefined;
}

/** Reads the html, css, js and svg files of a directory and those below it; a directory that is missing has none. */
export async function readPages(directory: string): Promise<Pages> {
  const names = await readdir(directory, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const served = names.filter((name) => extname(name) in TYPES).sort();
  const files = await Promise.all(served.map((name) => readPage(directory, name.replaceAll("\\", "/"))));
  return { files, index: files.find(({ path }) => path === "/") };
}

async function readPage(directory: string, name: string): Promise<PageFile> {
  const content = await readFile(join(directory, name));
  const lasting = name.startsWith("assets/");
  return { path: addressOf(name), type: TYPES[extname(name)]!, content, etag: etagOf(content), lasting };
}

function etagOf(content: Buffer): string {
  return `"${createHash("sha256").update(content).digest("base64url")}"`;
}

/** A page that the server writes itself, to be sent like those it reads. */
export function writtenPage(path: string, html: string): PageFile {
  const content = Buffer.from(html);
  return { path, type: TYPES[".html"]!, content, etag: etagOf(content), lasting: false };
}

function addressOf(name: string): string {
  if (name === "index.html") return "/";
  return name.endsWith(".html") ? `/${name.slice(0, -".html".length).replaceAll(".", "/")}` : `/${name}`;
}

/** Serves each file at its address: index.html at `/`, other pages without their ending. What the server writes itself goes first. */
export function addPages(app: FastifyInstance, { files, index }: Pages): void {
  for (const file of files.filter(({ path }) => !app.hasRoute({ method: "GET", url: path })))
    app.get(file.path, { schema: { hide: true } }, (request, reply) => sendPage(file, request, reply));
  if (!index) app.get("/", { schema: { hide: true } }, (_request, reply) => sendNotBuilt(reply));
}

/** Answers a request that no route serves with the app where it asks for a page; tells whether it did. The app itself says which addresses it knows. */
export function answerWithApp({ index }: Pages, request: FastifyRequest, reply: FastifyReply): boolean {
  const wanted = ["GET", "HEAD"].includes(request.method) && request.headers.accept?.includes("text/html");
  if (!wanted || /^\/(?:api|docs|assets|metrics|healthz|readyz)(?:[/?#]|$)/.test(request.url)) return false;
  if (index) sendPage(index, request, reply);
  else sendNotBuilt(reply);
  return true;
}

const compress = promisify(gzip);
const compressed = new WeakMap<PageFile, Promise<Buffer>>();

/** Sends a file, compressed where the reader takes that; 304 where it has it already. */
export async function sendPage(file: PageFile, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.headers({
    etag: file.etag,
    "cache-control": file.lasting ? "public, max-age=31536000, immutable" : "no-cache",
    vary: "accept-encoding",
  });
  if (request.headers["if-none-match"] === file.etag) return reply.code(304).send();
  reply.type(file.type);
  if (file.content.length < 1000 || !/\bgzip\b/.test(String(request.headers["accept-encoding"]))) {
    return reply.send(file.content);
  }
  const body = compressed.get(file) ?? compress(file.content);
  compressed.set(file, body);
  return reply.header("content-encoding", "gzip").send(await body);
}

function sendNotBuilt(reply: FastifyReply): FastifyReply {
  return reply.code(503).headers({ "cache-control": "no-store" }).type(TYPES[".html"]!).send(NOT_BUILT);
}
