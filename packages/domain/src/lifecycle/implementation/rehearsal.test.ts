import { expect, test } from "vitest";
import type { RehearsalFact } from "../../change/situation.ts";
import { aMigration, aRehearsal, aReport, aSituation } from "../../testing/a-situation.ts";
import { aChange, aProcess, aRow, aTable } from "../../testing/builders.ts";
import { isRehearsed, judgeRehearsal, measuredFacts, migrations, rehearsalChecks, rehearsalOf } from "./rehearsal.ts";

const advising = aProcess();
const requiring = aProcess({ rollback: aTable("rollback", { procedure: ["Take it back"], rehearsed: "required" }) });
const migration = aMigration();
const manual = { kind: "manual" as const, id: "tell", name: "Tell people", steps: [] };
const change = aChange({ artifacts: [manual, migration] });

function judge(fact: Partial<RehearsalFact>, process = advising, reports = [] as ReturnType<typeof aReport>[]) {
  const situation = aSituation({ rehearsals: [aRehearsal(change, fact)], reports });
  const { up, down } = judgeRehearsal(process, change, migration, situation);
  expect(isRehearsed(process, change, situation)).toBe(
    [up, down].every((one) => one === undefined || one.result === "passed" || one.result === "not-applicable"),
  );
  return [up.result, down?.result];
}

test("only migrations are rehearsed, and only the rehearsal of the content as it is now counts", () => {
  expect(migrations(change)).toEqual([migration]);
  const stale = aRehearsal({ contentHash: "before the edit" });
  expect(rehearsalOf(change, "m1", aSituation({ rehearsals: [stale] }))).toBeUndefined();
  expect(rehearsalOf(change, "m2", aSituation({ rehearsals: [aRehearsal(change)] }))).toBeUndefined();
  const current = aRehearsal(change);
  expect(rehearsalOf(change, "m1", aSituation({ rehearsals: [stale, current] }))).toBe(current);
  expect(judgeRehearsal(advising, change, migration, aSituation({ rehearsals: [stale] }))).toMatchObject({
    up: { result: "inconclusive", message: "The rehearsal of this content has not ended yet." },
  });
  expect(isRehearsed(advising, change, aSituation())).toBe(false);
});

test("without migrations there is nothing to rehearse", () => {
  expect(rehearsalChecks(advising, aChange({ artifacts: [manual] }), aSituation())).toEqual([]);
  expect(isRehearsed(advising, aChange({ artifacts: [manual] }), aSituation())).toBe(true);
});

test.each([
  ["exact", "passed"],
  ["column-order", "passed"],
  ["differs", "failed"],
  ["fails", "failed"],
  ["not-rehearsable", "inconclusive"],
] as const)("a rollback that is %s has %s, advised or required", (rollback, result) => {
  expect(judge({ rollback })).toEqual(["passed", result]);
  expect(judge({ rollback }, requiring)).toEqual(["passed", result]);
});

test("what an up that ran says of itself is not what is said of its way back", () => {
  const messages = { message: "two statements ran", rollbackMessage: "the rollback fails in line 2" };
  const said = (rollback: RehearsalFact["rollback"]) => {
    const situation = aSituation({ rehearsals: [aRehearsal(change, { rollback, ...messages })] });
    const { up, down } = judgeRehearsal(advising, change, migration, situation);
    return [up.message, down?.message];
  };
  expect(said("fails")).toEqual([messages.message, messages.rollbackMessage]);
  expect(said("exact")).toEqual([messages.message, messages.rollbackMessage]);
  expect(said("not-rehearsable")).toEqual([
    messages.message,
    `It cannot be rehearsed here: ${messages.rollbackMessage}`,
  ]);
});

test("no rollback is fine where one is only advised", () => {
  expect(judge({ rollback: "absent" })).toEqual(["passed", "not-applicable"]);
  expect(judge({ rollback: "absent" }, requiring)).toEqual(["passed", "failed"]);
});

test("where a field of the form asks for an exception, it is offered, and told of once it is asked for", () => {
  const field = {
    id: "why",
    title: "Why there is none",
    help: "",
    kind: "long-text",
    factWhenFilled: "excepted",
  } as const;
  const { form } = advising;
  const rows = [
    aRow("asked", { excepted: true }, { procedure: [], rehearsed: "advised" as const }),
    aRow("not-asked", { excepted: false }, { procedure: [], rehearsed: "required" as const }),
  ];
  const process = aProcess({
    form: { ...form, fields: [...form.fields, { ...field, id: "other", factWhenFilled: "unrelated" }, field] },
    rollback: { ...aTable("rollback", rows[0]!.then), dimensions: ["excepted"], rows },
  });
  const down = (excepted: boolean, fields = {}) => {
    const asking = aChange({ artifacts: [migration], fields, facts: { excepted } });
    const situation = aSituation({ rehearsals: [aRehearsal(asking, { rollback: "absent" })] });
    return judgeRehearsal(process, asking, migration, situation).down;
  };
  expect(down(false)).toMatchObject({
    result: "failed",
    hint: 'Write the down part; or ask for an exception by saying why there is none in "Why there is none", which takes an approval of its own.',
  });
  expect(down(true, { why: "It cannot be." })).toEqual({
    result: "not-applicable",
    message:
      'There is no rollback; an exception is asked for in "Why there is none", and the approvals say who gives it.',
  });
  expect(down(true)?.message).toBe("There is no rollback; the process only advises one.");
});

test("nobody is told to take out a rollback that the process asks for", () => {
  const situation = aSituation({ rehearsals: [aRehearsal(change, { rollback: "differs" })] });
  expect(judgeRehearsal(advising, change, migration, situation).down?.hint).toContain("or take it out");
  expect(judgeRehearsal(requiring, change, migration, situation).down?.hint).toBe(
    "Correct the down part until its rehearsal restores the schema.",
  );
});

test("what does not run has failed, and its way back is not asked about", () => {
  expect(judge({ outcome: "failed", rollback: "exact" })).toEqual(["failed", undefined]);
});

test("what cannot be rehearsed here takes a validation of this content that ran something and failed nowhere", () => {
  const unknown = { outcome: "not-rehearsable", rollback: "not-rehearsable" } as const;
  const validation = (overrides = {}) => [aReport(change, { kind: "validation", ...overrides })];
  expect(judge(unknown)).toEqual(["inconclusive", undefined]);
  expect(judge(unknown, advising, [aReport(change)])).toEqual(["inconclusive", undefined]);
  expect(judge(unknown, advising, validation({ contentHash: "before the edit" }))).toEqual(["inconclusive", undefined]);
  expect(judge(unknown, advising, validation({ passed: 0 }))).toEqual(["inconclusive", undefined]);
  expect(judge(unknown, advising, validation({ failed: 1 }))).toEqual(["inconclusive", undefined]);
  expect(judge(unknown, advising, validation())).toEqual(["passed", undefined]);
  expect(judge({ rollback: "not-rehearsable" }, requiring, validation())).toEqual(["passed", "passed"]);
});

test("a validation from elsewhere does not make up for a rollback that nobody wrote", () => {
  const bare = aMigration({ down: null });
  const without = aChange({ artifacts: [bare] });
  const situation = aSituation({
    rehearsals: [aRehearsal(without, { outcome: "not-rehearsable", rollback: "absent" })],
    reports: [aReport(without, { kind: "validation" })],
  });
  expect(judgeRehearsal(requiring, without, bare, situation).down).toMatchObject({
    result: "failed",
    hint: "Write the down part.",
  });
  expect(judgeRehearsal(advising, without, bare, situation).down?.result).toBe("not-applicable");
});

test("the checks of every migration say what was found", () => {
  const second = aMigration({ id: "m2", name: "m2.sql" });
  const two = aChange({ artifacts: [migration, second] });
  const situation = aSituation({
    rehearsals: [aRehearsal(two), aRehearsal(two, { artifact: "m2", outcome: "failed", message: "line 3: no" })],
  });
  expect(rehearsalChecks(advising, two, situation)).toMatchObject([
    { id: "rehearsal:m1:up", title: "m1.sql runs on a rehearsal database", message: "one statement ran" },
    { id: "rehearsal:m1:down", title: "The rollback of m1.sql restores the schema", result: "passed" },
    { id: "rehearsal:m2:up", result: "failed", message: "line 3: no" },
  ]);
});

test("what it comes to on the targets is known where it is known of each of them", () => {
  const { contentHash } = change;
  const measured = (...targets: [rewrittenBytes: number | null, blockedSeconds: number | null][]) =>
    measuredFacts(
      contentHash,
      aSituation({
        targets: [
          { environment: "old", contentHash: "before an edit", rewrittenBytes: 900, blockedSeconds: 900 },
          ...targets.map(([rewrittenBytes, blockedSeconds], at) => ({
            environment: `environment-${at}`,
            contentHash,
            rewrittenBytes,
            blockedSeconds,
          })),
        ],
      }),
    );
  expect(measured([10, 2], [20, 1])).toMatchObject({ rewrittenBytes: 20, blockedSeconds: 2 });
  expect(measured([10, null], [20, 1])).toEqual({ breaking: false, deployed: false, rewrittenBytes: 20 });
  expect(measured()).toEqual({ breaking: false, deployed: false });
});

test("measured is what breaks in this content, and whether anything of the change is anywhere", () => {
  const breaking = aRehearsal(change, { breaking: true });
  const measured = (state?: "deployed" | "failed" | "not-deployed" | "rolled-back", hash = change.contentHash) =>
    measuredFacts(
      hash,
      aSituation({
        rehearsals: [aRehearsal(change), breaking],
        environments: state === undefined ? [] : [{ environment: "staging", state, at: null }],
      }),
    );
  expect(measured()).toEqual({ breaking: true, deployed: false });
  expect(measured(undefined, "after an edit")).toEqual({ breaking: false, deployed: false });
  expect(measured("failed").deployed).toBe(true);
  expect(measured("deployed").deployed).toBe(true);
  expect(measured("not-deployed").deployed).toBe(false);
  expect(measured("rolled-back").deployed).toBe(false);
});
