import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { type StartedHttp, startHttp } from "./testing.ts";

const INDEX = '<!doctype html><title>app</title><script type="module" src="/assets/app-1a2b.js"></script>';
const SCRIPT = `console.log("${"x".repeat(2000)}");`;
const folder = mkdtempSync(join(tmpdir(), "pages-"));
mkdirSync(join(folder, "assets"));
writeFileSync(join(folder, "index.html"), INDEX);
writeFileSync(join(folder, "docs.guide.html"), "<!doctype html><title>guide</title>");
writeFileSync(join(folder, "assets", "app-1a2b.js"), SCRIPT);
afterAll(() => rmSync(folder, { recursive: true }));

const browse = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };
const started: StartedHttp[] = [];
async function withPages(directory: string): Promise<StartedHttp> {
  const http = await startHttp({}, { pages: { directory } });
  started.push(http);
  return http;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ app }) => app.close()));
});

test("they come with a policy that lets no inline script run, and are asked for again by their etag", async () => {
  const { url } = await withPages(folder);
  const page = await fetch(`${url}/`, browse);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self';");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  const etag = page.headers.get("etag")!;
  expect((await fetch(`${url}/`, { headers: { "if-none-match": etag } })).status).toBe(304);
});

test("what carries a hash in its name is kept for good, and sent compressed to those who can read it", async () => {
  const { url } = await withPages(folder);
  const script = await fetch(`${url}/assets/app-1a2b.js`);
  expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(script.headers.get("content-encoding")).toBe("gzip");
  expect(await script.text()).toBe(SCRIPT);
  const plain = await fetch(`${url}/assets/app-1a2b.js`, { headers: { "accept-encoding": "identity" } });
  expect(plain.headers.get("content-encoding")).toBeNull();
  expect(await plain.text()).toBe(SCRIPT);
});

test.each(["/changes/CHG-1", "/changes?status=draft", "/no/such/page"])(
  "a browser that asks for %s gets the app, which knows its addresses",
  async (path) => {
    const { url } = await withPages(folder);
    const page = await fetch(url + path, browse);
    expect([page.status, await page.text()]).toEqual([200, INDEX]);
  },
);

test.each(["/api/nothing", "/docs/nothing", "/assets/old-9f.js"])("%s is not a page", async (path) => {
  const { url } = await withPages(folder);
  const answer = await fetch(url + path, browse);
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, "NOT_FOUND"]);
});

test("a program that asks for what is not there gets a problem, not a page", async () => {
  const { url } = await withPages(folder);
  expect((await fetch(`${url}/changes/CHG-1`)).status).toBe(404);
  expect((await fetch(`${url}/docs/guide`)).status).toBe(200);
});

test("pages that were not built say how to build them", async () => {
  const { url } = await withPages(join(folder, "nowhere"));
  for (const path of ["/", "/changes"]) {
    const page = await fetch(url + path, browse);
    expect([page.status, await page.text()]).toEqual([503, expect.stringContaining("npm start")]);
  }
});
