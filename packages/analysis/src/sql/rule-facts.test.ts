import { readFileSync } from "node:fs";
import { RULES } from "@change-mgmt/domain/schema/rules/all.ts";
import type { Rule } from "@change-mgmt/domain/schema/rules/rule.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExampleBench, examplesOf, keptLine, readExample } from "../testing/rule-examples.ts";
import { statementFacts } from "./rule-facts.ts";
import { splitStatements } from "./statements.ts";

const file = new URL("../../../domain/src/testing/rule-examples.jsonl", import.meta.url);
const kept = readFileSync(file, "utf8").trimEnd().split("\n");

test("the kept facts of every example are what the parser gives", async () => {
  const read: string[] = [];
  for (const rule of RULES) {
    for (const { kind, at, example } of examplesOf(rule)) {
      read.push(JSON.stringify({ rule: rule.id, kind, at, read: await readExample(example) }).slice(0, -1));
    }
  }
  const differing = read.filter((line, at) => !kept[at + 1]?.startsWith(`${line},`));
  expect(differing, "run node scripts/rules-pages.ts").toEqual([]);
  expect(kept).toHaveLength(read.length + 1);
});

/** Those whose verdict turns on what running shows; all of them are measured anew by scripts/rules-pages.ts. */
const MEASURED = RULES.filter((rule) => rule.harmless !== undefined || rule.shown !== undefined);

describe("the kept facts of examples whose verdict turns on running them are what the database shows", () => {
  let bench: ExampleBench;
  beforeAll(async () => {
    bench = await ExampleBench.open();
  });
  afterAll(() => bench?.close());

  test.each(MEASURED.map((rule): [string, Rule] => [rule.id, rule]))("%s", async (id, rule) => {
    const lines: string[] = [];
    for (const { kind, at } of examplesOf(rule)) lines.push(await keptLine(bench, rule, kind, at));
    expect(lines, `run node scripts/rules-pages.ts ${id}`).toEqual(
      kept.filter((line) => line.startsWith(`{"rule":"${id}",`)),
    );
  });
});

test("places count code points, inside a statement as well, from the line at which the part begins", async () => {
  const sql = "-- Zürich 🚆\nSELECT '🚆';  ALTER TABLE users\n  ADD /* 🚆ü */ token uuid DEFAULT random()";
  const split = await splitStatements(sql);
  const [, alter] = split.ok ? statementFacts(sql, split.value, 11) : [];
  expect(alter).toMatchObject({
    line: 12,
    column: 14,
    actions: [{ does: "add_column", column: { name: "token", place: { line: 13, column: 16 } } }],
  });
});
