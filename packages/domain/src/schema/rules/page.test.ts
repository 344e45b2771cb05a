import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES } from "./all.ts";
import { rulePage, rulesIndex } from "./page.ts";

const folder = new URL("../../../../../docs/rules/", import.meta.url);
const page = (name: string) => {
  const at = new URL(name, folder);
  return existsSync(at) ? readFileSync(at, "utf8") : null;
};

test("each rule has its page, and it says what the rule says", () => {
  const old = RULES.filter((rule) => page(`${rule.id}.md`) !== rulePage(rule)).map(({ id }) => id);
  expect(old, "run node scripts/rules-pages.ts").toEqual([]);
  expect(page("README.md")).toBe(rulesIndex(RULES));
});

test("no page is left of a rule that is gone", () => {
  const pages = readdirSync(folder).filter((name) => name !== "README.md");
  expect(pages.sort()).toEqual(RULES.map(({ id }) => `${id}.md`).sort());
});
