import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { keptExamples } from "../../testing/rule-examples.ts";
import { RULES } from "./all.ts";
import { judgeByRule } from "./judge.ts";

// The parser is not at home here: the facts of the examples are kept in a file, which analysis holds against parser and database.
const kept = keptExamples(readFileSync(new URL("../../testing/rule-examples.jsonl", import.meta.url), "utf8"));

describe.each(RULES)("$id", (rule) => {
  const examples = kept.filter((example) => example.rule === rule.id);

  test("is found where it is bad, and not where it is good, whether run or only read", () => {
    const found = examples.map(({ kind, at, read, run }) => {
      const count = (facts: typeof read) => judgeByRule(rule, facts).length > 0;
      return `${kind} ${at}: ${count(read) ? "found" : "silent"} when read, ${count(run) ? "found" : "silent"} when run`;
    });
    const words = {
      bad: ["found", "found"],
      good: ["silent", "silent"],
      harmless: ["found", "silent"],
      shown: ["silent", "found"],
    } as const;
    const promised = (["bad", "good", "harmless", "shown"] as const).flatMap((kind) =>
      (rule[kind] ?? []).map((_, at) => `${kind} ${at}: ${words[kind][0]} when read, ${words[kind][1]} when run`),
    );
    expect(found).toEqual(promised);
  });

  test("says in whole words what is wrong, why, and what to do instead", () => {
    expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
    expect(rule.why).toMatch(/^\S.*\.$/);
    expect(rule.instead).toMatch(/^\S.*\.$/);
    for (const { kind, run } of examples) {
      for (const finding of judgeByRule(rule, run)) {
        expect(finding.message, kind).toMatch(/^\S.*[^.]$/);
        expect(finding.message).not.toMatch(/undefined|\bnull\b|\[object/);
        expect(finding.hint).toMatch(/^\S.*\.$/);
      }
    }
  });
});

test("every rule has its own id and stands in the folder of its subject", () => {
  const ids = RULES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
