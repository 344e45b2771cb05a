import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keptExamples } from "../../testing/rule-examples.ts";
import { isStrong, locksOf } from "./locks.ts";
import { asMigration } from "./migration.ts";

const kept = keptExamples(readFileSync(new URL("../../testing/rule-examples.jsonl", import.meta.url), "utf8"));

test("the locks that are known without running a statement are those that running it showed", () => {
  const wrong: string[] = [];
  for (const { read, run } of kept) {
    const [first] = read.statements;
    const measured = run.statements[0]!.measured;
    if (first === undefined || measured?.outcome !== "ok" || measured.source !== "measured") continue;
    for (const { relation, mode } of locksOf(first, asMigration(read)).filter(isStrong)) {
      const found = measured.locks.find((lock) => lock.relation === relation);
      if (found !== undefined && found.mode !== mode)
        wrong.push(`${first.text}: ${relation} ${mode}, not ${found.mode}`);
    }
    expect(locksOf(run.statements[0]!, asMigration(run))).toEqual(measured.locks);
  }
  expect([...new Set(wrong)]).toEqual([]);
});
