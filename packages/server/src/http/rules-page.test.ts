import { RULES } from "@change-mgmt/domain/schema/rules/all.ts";
import { afterAll, expect, test } from "vitest";
import { startHttp } from "./testing.ts";

const http = await startHttp({}, { pages: false });
afterAll(() => http.app.close());

test("the page has an anchor for every rule, with what to do instead, and lets its own script run", async () => {
  const answer = await fetch(`${http.url}/docs/rules`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(answer.headers.get("content-security-policy")).toMatch(/script-src 'self' 'sha256-[^']+';/);
  const html = await answer.text();
  const anchors = [...html.matchAll(/<article id="([a-z0-9-]+)">/g)].map(([, id]) => id!);
  expect(anchors.toSorted()).toEqual(RULES.map(({ id }) => id).toSorted());
  const entry = html.slice(html.indexOf('<article id="drop-column">')).split("</article>")[0];
  expect(entry).toContain("later migration");
  // Examples speak of < and &, which must not become markup.
  expect(html.replace(/<\/?(?:[a-z][a-z0-9]*|!doctype)(?:\s[^<>]*)?>/g, "").split("<script>")[0]).not.toMatch(
    /<[a-z]/i,
  );
});
