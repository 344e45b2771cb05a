import { expect, test } from "vitest";
import type { Step } from "../../change/change.ts";
import { aProcess } from "../../testing/builders.ts";
import { checklist, openSteps, refreshChecklist, templateOf } from "./checklist.ts";

const process = aProcess();
const ids = (steps: readonly Step[]) => steps.map((step) => step.id);
const done = { at: "2026-01-02T00:00:00Z", by: "ben", evidence: [] };

test("the checklist holds the steps of every stage whose condition holds", () => {
  expect(ids(checklist(process, { breaking: false }))).toEqual(["write", "deployed"]);
  expect(checklist(process, { breaking: true })[1]).toEqual({
    id: "look",
    stage: "review",
    title: "Look at it",
    evidenceNeeded: ["link"],
    by: ["architect"],
    automatic: false,
    added: false,
  });
  expect(checklist(process, {}).map((step) => step.automatic)).toEqual([false, true]);
  expect(templateOf(process, "deployed")?.automatic?.on).toBe("deployment.succeeded");
  expect(templateOf(process, "other")).toBeUndefined();
});

test("a refreshed checklist takes up new steps and drops open ones that nobody asks for any more", () => {
  const before = checklist(process, { breaking: false });
  const raised = refreshChecklist(process, { breaking: true }, before);
  expect(ids(raised.steps)).toEqual(["write", "look", "deployed"]);
  expect([raised.added, raised.removed]).toEqual([["look"], []]);
  const lowered = refreshChecklist(process, { breaking: false }, raised.steps);
  expect(ids(lowered.steps)).toEqual(["write", "deployed"]);
  expect([lowered.added, lowered.removed]).toEqual([[], ["look"]]);
});

test("a completion is never lost, nor a step that people added", () => {
  const own: Step = {
    id: "own",
    stage: "review",
    title: "Own",
    evidenceNeeded: [],
    by: [],
    automatic: false,
    added: true,
  };
  const taken: Step = { ...own, id: "write", stage: "draft" };
  const before = [...checklist(process, { breaking: true }).map((step) => ({ ...step, completed: done })), own];
  const { steps, removed } = refreshChecklist(process, { breaking: false }, before);
  expect(ids(steps)).toEqual(["write", "look", "own", "deployed"]);
  expect(removed).toEqual([]);
  expect(steps.filter((step) => step.completed !== undefined).map((step) => step.id)).toEqual([
    "write",
    "look",
    "deployed",
  ]);
  expect(refreshChecklist(process, {}, [taken]).steps[0]).toEqual(taken);
});

test("open steps of stages already passed still keep a change where it is, those of later stages do not", () => {
  const [write, look, deployed] = checklist(process, { breaking: true });
  const open = (stage: string, steps: Step[]) => openSteps(process, { stage, steps }).map((step) => step.id);
  expect(open("draft", [write!, look!, deployed!])).toEqual(["write"]);
  expect(open("ready", [{ ...write!, completed: done }, look!, deployed!])).toEqual(["look"]);
  expect(open("watching", [{ ...write!, completed: done }])).toEqual([]);
});

test("a step keeps the positions that may complete it", () => {
  const [draft, ...rest] = aProcess().stages;
  const stages = [{ ...draft!, steps: [{ ...draft!.steps[0]!, positions: ["lead"] }] }, ...rest];
  expect(checklist(aProcess({ stages }), {})[0]).toMatchObject({ id: "write", positions: ["lead"] });
});
