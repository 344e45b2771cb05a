import { RULES } from "@change-mgmt/domain/schema/rules/all.ts";
import { judgeByRule } from "@change-mgmt/domain/schema/rules/judge.ts";
import { describe, expect, test } from "vitest";
import { readExample } from "../testing/rule-examples.ts";
import { statementFacts } from "./rule-facts.ts";
import { splitStatements } from "./statements.ts";

describe.each(RULES)("$id", (rule) => {
  test.each([...rule.bad, ...(rule.harmless ?? [])].map(({ sql }, at) => ({ sql, at })))(
    "finds $sql",
    async ({ at }) => {
      const example = [...rule.bad, ...(rule.harmless ?? [])][at]!;
      const findings = judgeByRule(rule, await readExample(example));
      expect(findings.map((finding) => finding.rule)).toContain(rule.id);
      for (const finding of findings) expect(finding.message).not.toMatch(/undefined|null|\.$/);
    },
  );

  test.each(rule.good.map((example) => ({ sql: example.sql, example })))("lets pass $sql", async ({ example }) => {
    expect(judgeByRule(rule, await readExample(example))).toEqual([]);
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
