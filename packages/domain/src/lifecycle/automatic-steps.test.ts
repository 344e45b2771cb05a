import { expect, test } from "vitest";
import type { Change, Step } from "../change/change.ts";
import type { Process, StepTemplate } from "../process/process.ts";
import { aMigration, aRehearsal, aSituation } from "../testing/a-situation.ts";
import { aChange, aProcess } from "../testing/builders.ts";
import { awaitedBy, awaitedText, type Happening, isStanding, keepAutomaticSteps } from "./automatic-steps.ts";
import { checklist } from "./implementation/checklist.ts";

type Awaited = NonNullable<StepTemplate["automatic"]>;

/** The small process with the steps of its deploying stage completed on these. */
function awaiting(...awaited: Awaited[]): Process {
  const steps = awaited.map((automatic, index) => ({
    id: `s${index}`,
    title: `Step ${index}`,
    evidence: [],
    by: [],
    automatic,
  }));
  const { stages } = aProcess();
  return aProcess({ stages: stages.map((stage) => (stage.id === "deploying" ? { ...stage, steps } : stage)) });
}

function keep(process: Process, happened: readonly Happening[], change?: Change, situation = aSituation()) {
  const start = change ?? aChange({ steps: checklist(process, {}) });
  return keepAutomaticSteps(start, { process, situation }, happened);
}

const completedIds = (change: Change) =>
  change.steps.filter((step) => step.completed !== undefined).map((step) => step.id);

test("what happened completes its steps, with who, when and why, and an event that says so", () => {
  const process = awaiting({ on: "deployment.succeeded", environment: "staging" }, { on: "change.assessed" });
  const { change, events } = keep(process, [{ type: "deployment.succeeded", environment: "staging" }]);
  const evidence = [{ kind: "note", value: "deployment.succeeded in staging" }];
  expect(change.steps.find((step) => step.id === "s0")?.completed).toEqual({
    at: "2026-01-10T00:00:00.000Z",
    by: "engine",
    evidence,
  });
  expect(events).toEqual([
    {
      type: "step.completed",
      details: { step: "s0", title: "Step 0", evidence, by: "engine", because: "deployment.succeeded" },
    },
  ]);
  expect(completedIds(change)).toEqual(["s0"]);
});

test.each<[Happening, string[]]>([
  [{ type: "deployment.succeeded", environment: "staging" }, ["s0", "s2"]],
  [{ type: "deployment.succeeded", environment: "production" }, ["s1", "s2"]],
  [{ type: "deployment.succeeded" }, ["s2"]],
  [{ type: "deployment.failed", environment: "staging" }, []],
])("%j completes %j: a step waits for its environment, or for any", (happening, ids) => {
  const on = "deployment.succeeded";
  const process = awaiting({ on, environment: "staging" }, { on, environment: "production" }, { on });
  expect(completedIds(keep(process, [happening]).change)).toEqual(ids);
});

test("what is complete stays as it was when it happens again", () => {
  const process = awaiting({ on: "change.assessed" });
  const first = keep(process, [{ type: "change.assessed" }]).change;
  const again = keep(process, [{ type: "change.assessed" }], first, aSituation({ now: "2026-02-01T00:00:00Z" }));
  expect(again).toEqual({ change: first, events: [] });
});

test("steps that people complete or have added are nobody else's", () => {
  const process = awaiting({ on: "change.assessed" });
  const added: Step = { ...checklist(process, {})[1]!, added: true };
  const change = aChange({ steps: [checklist(process, {})[0]!, added] });
  expect(keep(process, [{ type: "change.assessed" }], change)).toEqual({ change, events: [] });
  expect(awaitedBy(process, added)).toBeUndefined();
  expect(awaitedBy(process, { ...added, added: false })).toEqual({ on: "change.assessed" });
});

test.each([["validation.passed"], ["rehearsal.passed"]])(
  "%s is a condition: its steps are complete as long as it holds",
  (on) => {
    const process = awaiting({ on });
    expect(isStanding({ on })).toBe(true);
    const start = aChange({ artifacts: [aMigration()], steps: checklist(process, {}) });
    expect(keep(process, [{ type: on }], start).change).toEqual(start);
    const good = aSituation({ rehearsals: [aRehearsal(start)] });
    const passed = keep(process, [], start, good);
    expect(completedIds(passed.change)).toEqual(["s0"]);
    expect(passed.events.map((event) => event.type)).toEqual(["step.completed"]);
    expect(keep(process, [], passed.change, good)).toEqual({ change: passed.change, events: [] });
    const bad = aSituation({ rehearsals: [aRehearsal(start, { rollback: "differs" })] });
    const reopened = keep(process, [], passed.change, bad);
    expect(reopened.change).toEqual(start);
    expect(reopened.events).toEqual([
      {
        type: "step.reopened",
        details: {
          step: "s0",
          title: "Step 0",
          because: `${on} no longer holds for this content`,
          completedBy: "engine",
        },
      },
    ]);
  },
);

test("whatever else is waited for happens once", () => {
  expect(isStanding({ on: "change.assessed" })).toBe(false);
  expect(isStanding({ on: "toString" })).toBe(false);
});

test("what is waited for can be said", () => {
  expect(awaitedText({ on: "change.assessed" })).toBe("change.assessed");
  expect(awaitedText({ on: "deployment.succeeded", environment: "staging" })).toBe("deployment.succeeded in staging");
});
