import { expect, test } from "vitest";
import type { Change, Step } from "../change/change.ts";
import type { EnvironmentFact } from "../change/situation.ts";
import type { Process, Stage, StepTemplate, Trigger } from "../process/process.ts";
import { aSituation } from "../testing/a-situation.ts";
import { aChange, aProcess } from "../testing/builders.ts";
import { checklist } from "./implementation/checklist.ts";
import { reopenedBy } from "./reopening.ts";

const done = { at: "2026-01-02T00:00:00Z", by: "ben", evidence: [] };

function stage(id: string, status: Stage["status"], ...steps: Partial<StepTemplate>[]): Stage {
  const written = steps.map((step, index) => ({ id: `${id}-${index}`, title: id, evidence: [], by: [], ...step }));
  return { id, title: id, status, steps: written, transitions: [] };
}

const on = "deployment.succeeded";
const process: Process = aProcess({
  stages: [
    stage("draft", "draft", {}),
    stage("work", "implementing", {}),
    stage("check", "validating", {}, { automatic: { on: "validation.passed" } }),
    stage("review", "awaiting_approval", {}, { automatic: { on: "change.assessed" } }),
    stage(
      "deploying",
      "deploying",
      { id: "to-staging", automatic: { on, environment: "staging" } },
      { id: "to-production", automatic: { on, environment: "production" } },
      { id: "to-any", automatic: { on } },
    ),
    stage("watching", "monitoring", {}),
    stage("looking-back", "reviewing", {}),
    stage("rejected", "rejected"),
    stage("back", "rolled_back"),
  ],
});
const own: Step = {
  id: "own",
  stage: "review",
  title: "Own",
  evidenceNeeded: [],
  by: [],
  automatic: false,
  added: true,
  completed: done,
};
const complete: Change = aChange({
  steps: [...checklist(process, {}).map((step) => ({ ...step, completed: done })), own],
});

function reopened(
  trigger: Trigger,
  from: string,
  to: string,
  {
    deployed = [],
    environment,
    change = complete,
  }: { deployed?: string[]; environment?: string; change?: Change } = {},
) {
  const status = (id: string) => process.stages.find((each) => each.id === id)!.status;
  const environments = deployed.map((name): EnvironmentFact => ({ environment: name, state: "deployed", at: null }));
  const move = { trigger, from, to, fromStatus: status(from), toStatus: status(to) };
  return reopenedBy(move, change, { process, situation: aSituation({ environments }) }, environment).map(
    (step) => step.id,
  );
}

const FROM_CHECK = [
  "check-0",
  "review-0",
  "review-1",
  "to-staging",
  "to-production",
  "to-any",
  "watching-0",
  "looking-back-0",
  "own",
];

test.each<[Trigger]>([["rework"], ["edit"], ["reject"]])(
  "going back by %s opens what comes from there on, added steps too",
  (trigger) => {
    expect(reopened(trigger, "review", "check")).toEqual(FROM_CHECK);
    expect(reopened(trigger, "rejected", "work")).toEqual(["work-0", ...FROM_CHECK]);
  },
);

test("going on, or staying, opens nothing", () => {
  for (const trigger of ["rework", "edit", "reject"] as const)
    expect(reopened(trigger, "review", "rejected")).toEqual([]);
  expect(reopened("edit", "work", "work")).toEqual([]);
  expect(reopened("rework", "check", "check")).toEqual([]);
  for (const trigger of ["ready", "deployed", "assess"] as const)
    expect(reopened(trigger, "deploying", "review")).toEqual([]);
});

test("an edit while it is validated opens what was said of the old content", () => {
  expect(reopened("edit", "check", "check")).toEqual(FROM_CHECK);
});

test("steps that are open already are not opened again", () => {
  expect(reopened("rework", "review", "check", { change: aChange({ steps: checklist(process, {}) }) })).toEqual([]);
});

test("a deployment that is still there stays done when the change goes back", () => {
  const without = (...ids: string[]) => FROM_CHECK.filter((id) => !ids.includes(id));
  expect(reopened("rework", "review", "check", { deployed: ["staging"] })).toEqual(without("to-staging", "to-any"));
  expect(reopened("rework", "review", "check", { deployed: ["development"] })).toEqual(without("to-any"));
});

test("a rollback opens what its deployment had completed and what was seen after it", () => {
  const after = ["watching-0", "looking-back-0"];
  const roll = (environment: string | undefined, ...deployed: string[]) =>
    reopened("rollback", "watching", "back", { deployed, ...(environment === undefined ? {} : { environment }) });
  expect(roll("production", "staging", "production")).toEqual(["to-production", ...after]);
  expect(roll("staging", "staging")).toEqual(["to-staging", "to-production", "to-any", ...after]);
  expect(roll("staging", "staging", "production")).toEqual(["to-staging", ...after]);
  expect(roll(undefined)).toEqual(["to-staging", "to-production", "to-any", ...after]);
});
