import { ERROR_CODES } from "@change-mgmt/api/errors/codes.ts";
import { afterAll, expect, test } from "vitest";
import { errorsPage } from "./errors-page.ts";
import { startHttp } from "./testing.ts";

const http = await startHttp({}, { pages: false });
afterAll(() => http.app.close());

test("the page has an anchor for every code, also where the pages of the app are not built", async () => {
  const answer = await fetch(`${http.url}/docs/errors`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  const html = await answer.text();
  const anchors = [...html.matchAll(/<article id="([A-Z_]+)">/g)].map(([, id]) => id);
  expect(anchors.toSorted()).toEqual([...ERROR_CODES.keys()].toSorted());
});

test("the type of a problem leads to the place that says what its code means", async () => {
  const refused = (await (await fetch(`${http.url}/api/nothing`)).json()) as { type: string; status: number };
  const [path, code] = refused.type.split("#");
  const html = await (await fetch(http.url + path)).text();
  const entry = html.slice(html.indexOf(`<article id="${code}">`)).split("</article>")[0];
  expect(entry).toContain(`HTTP ${refused.status}`);
  expect(entry).toContain(ERROR_CODES.get(code!)!.next);
});

test("its policy lets its own script run and no other", async () => {
  const policy = (await fetch(`${http.url}/docs/errors`)).headers.get("content-security-policy");
  expect(policy).toMatch(/script-src 'self' 'sha256-[^']+';/);
});

test("words of the table cannot become markup", () => {
  const codes = { ODD: { means: "It is <b>bold</b> & `a<b`.", next: "Nothing." } };
  const html = errorsPage([{ id: "odd", title: "Odd", about: "Odd things.", codes }]);
  expect(html).toContain("It is &lt;b>bold&lt;/b> &amp; <code>a&lt;b</code>.");
});
