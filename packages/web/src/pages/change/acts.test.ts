import { expect, test } from "vitest";
import type { Act, Change } from "../../data/types.ts";
import { deploymentAtWork, isLast, nextActs, openSteps, permitOf, titleOf } from "./acts.ts";

const yes = (act: string): Act => ({ act, allowed: true });
const no = (act: string, code: string): Act => ({ act, allowed: false, code, reason: `${act}: ${code}` });

function aChange(acts: readonly Act[], more: Partial<Change> = {}): Change {
  return {
    acts,
    stage: "work",
    stageTitle: "Work",
    status: "implementing",
    steps: [],
    approvals: [],
    assessment: null,
    environments: [],
    ...more,
  } as unknown as Change;
}

const step = (id: string, stage: string, more = {}) => ({ id, stage, title: id, automatic: false, ...more });
const names = (change: Change) => nextActs(change).map(({ act }) => act);

test("the next act is the first forward that is allowed, in the server's order, with one other way", () => {
  const change = aChange([no("submit", "WRONG_STAGE"), yes("assess"), yes("deploy:dev"), yes("deploy:live")]);
  expect(names(change)).toEqual(["assess", "deploy:dev"]);
});

test("what is done already is no next act: an assessment, approvals that are met, steps that are complete", () => {
  const done = {
    assessment: { impact: "" } as Change["assessment"],
    approvals: [{ met: true }] as Change["approvals"],
  };
  expect(names(aChange([yes("assess"), yes("vote"), yes("complete-steps"), yes("edit"), yes("cancel")], done))).toEqual(
    [],
  );
});

test("where nothing is allowed, the first that is awaited is named with why not", () => {
  const change = aChange([no("vote", "OWN_CHANGE"), no("deploy:dev", "APPROVALS_MISSING")], {
    approvals: [{ met: false }] as Change["approvals"],
  });
  expect(nextActs(change)).toEqual([no("vote", "OWN_CHANGE")]);
});

test("an incomplete form is completed by editing", () => {
  expect(names(aChange([no("submit", "FORM_INVALID"), yes("edit")]))).toEqual(["edit", "submit"]);
});

test("while a deployment is at work there is nothing to do but to follow it", () => {
  const environments = [{ environment: "dev", state: "deploying", deployment: "d1" }] as Change["environments"];
  const change = aChange([no("deploy:dev", "NO_TRANSITION"), yes("close")], { environments });
  expect([nextActs(change), deploymentAtWork(change)]).toEqual([[], "d1"]);
});

test("a rejected change goes on by rework, one at work does not", () => {
  expect(names(aChange([yes("rework")], { status: "rejected" }))).toEqual(["rework"]);
  expect(names(aChange([yes("rework")]))).toEqual([]);
});

test("steps are due up to the stage of the change, without those of the engine", () => {
  const change = aChange([], {
    steps: [
      step("a", "plan"),
      step("b", "work", { completed: {} }),
      step("c", "work", { automatic: true }),
      step("d", "work"),
      step("e", "later"),
    ] as unknown as Change["steps"],
  });
  expect(openSteps(change).map(({ id }) => id)).toEqual(["a", "d"]);
});

test("an act that the stage does not know is not allowed and says so", () => {
  expect(permitOf(aChange([yes("edit")]), "edit").allowed).toBe(true);
  expect(permitOf(aChange([]), "submit")).toEqual({ allowed: false, reason: 'This is not possible in stage "Work".' });
});

test("acts are named with their environment, and only the last environment is confirmed by its name", () => {
  expect(titleOf("deploy:live")).toBe("Deploy to live");
  expect(titleOf("something-new")).toBe("something new");
  const change = aChange([], {
    environments: [{ environment: "dev" }, { environment: "live" }] as Change["environments"],
  });
  expect([isLast(change, "dev"), isLast(change, "live")]).toEqual([false, true]);
});
