import type { Change } from "../../change/change.ts";
import type { Situation } from "../../change/situation.ts";
import { type Facts, type Process, TEST_MOMENTS, type TestMoment } from "../../process/process.ts";
import { evaluateAll, tablesIn } from "../../process/table.ts";
import { templateOf } from "./checklist.ts";
import { latestReport } from "./reports.ts";

/** A kind of test that a change owes, and by when. */
export interface DueTest {
  readonly kind: string;
  readonly due: TestMoment;
}

/**
 * The tests a change owes: the union of what the tables ask for, each once, at the earliest moment any row names. A row that speaks for all of
 * them moves every test to its moment. Undefined where a table says nothing, which is not the same as no tests.
 */
export function testsDue(process: Process, facts: Facts): readonly DueTest[] | undefined {
  const { answers, explanation } = evaluateAll(process.testing, facts);
  if (!explanation.met) return undefined;
  const moved = answers.find((answer) => answer.forAll === true)?.due;
  const earliest = new Map<string, TestMoment>();
  for (const { tests, due } of answers) {
    for (const kind of tests) {
      const known = earliest.get(kind);
      if (known === undefined || TEST_MOMENTS.indexOf(due) < TEST_MOMENTS.indexOf(known)) earliest.set(kind, due);
    }
  }
  return [...earliest].map(([kind, due]) => ({ kind, due: moved ?? due }));
}

/** Every kind of test that a process may ask for. */
export function testKinds(process: Process): readonly string[] {
  const asked = tablesIn(process.testing).flatMap((table) => table.rows.flatMap((row) => row.then.tests));
  return [...new Set(asked)];
}

/** Of the tests due by a moment those that have not passed on the content as it is now, by a report or by a completed step that stands for them. */
export function testsOpen(
  process: Process,
  change: Change,
  situation: Situation,
  by: TestMoment,
): readonly DueTest[] | undefined {
  const due = testsDue(process, change.facts)?.filter(
    (test) => TEST_MOMENTS.indexOf(test.due) <= TEST_MOMENTS.indexOf(by),
  );
  return due?.filter(({ kind }) => !hasPassed(process, change, situation, kind));
}

function hasPassed(process: Process, change: Change, situation: Situation, kind: string): boolean {
  const report = latestReport(change, situation, kind);
  if (report !== undefined) return report.failed === 0 && report.passed > 0;
  return change.steps.some(
    (step) => step.completed !== undefined && templateOf(process, step.id)?.tests?.includes(kind) === true,
  );
}
