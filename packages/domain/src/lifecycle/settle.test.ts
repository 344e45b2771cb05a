import { expect, test } from "vitest";
import type { Change, Vote } from "../change/change.ts";
import type { EnvironmentFact, Situation } from "../change/situation.ts";
import type { Process, Stage, Transition } from "../process/process.ts";
import { aMigration, aRehearsal, aSituation } from "../testing/a-situation.ts";
import { aChange, aPerson, aProcess } from "../testing/builders.ts";
import { happenings, moveBy, refresh, settle } from "./settle.ts";

const process = aProcess();
const done = { at: "2026-01-02T00:00:00Z", by: "ben", evidence: [] };

function at(overrides: Partial<Situation> = {}, other: Process = process) {
  return { process: other, situation: aSituation({ people: [aPerson()], ...overrides }) };
}

function stage(id: string, ...transitions: Pick<Transition, "on" | "to">[]): Stage {
  return {
    id,
    title: id,
    status: "assessing",
    steps: [],
    transitions: transitions.map((way) => ({ ...way, gates: [] })),
  };
}

const completedIds = (change: Change) =>
  change.steps.filter((step) => step.completed !== undefined).map((step) => step.id);

const draft = refresh(aChange({ stage: "draft", status: "draft", artifacts: [aMigration()] }), at());
const written = refresh(
  { ...draft, steps: draft.steps.map((step) => (step.id === "write" ? { ...step, completed: done } : step)) },
  at(),
);
const rehearsed = at({ rehearsals: [aRehearsal(written)] });

function approved(change: Change): Change {
  const vote: Vote = {
    id: "v",
    requirement: "owning-team",
    voter: "ben",
    decision: "approve",
    contentHash: change.contentHash,
    at: "2026-01-02T00:00:00Z",
  };
  return { ...change, votes: [vote] };
}

function environment(name: string, state: EnvironmentFact["state"]): EnvironmentFact {
  return { environment: name, state, at: "2026-01-01T00:00:00Z" };
}

test("refresh: facts, hash and checklist follow the content, the assessment and what was measured", () => {
  expect(draft.facts).toMatchObject({ type: "add", breaking: false, deployed: false, component: ["users"] });
  expect(draft.steps.map((step) => step.id)).toEqual(["write", "deployed"]);
  const edited = refresh({ ...written, fields: { ...written.fields, breaking: true } }, rehearsed);
  expect(edited.contentHash).not.toBe(written.contentHash);
  expect(edited.facts.breaking).toBe(true);
  expect(edited.steps.map((step) => [step.id, step.completed])).toEqual([
    ["write", done],
    ["look", undefined],
    ["deployed", undefined],
  ]);
  const assessment = { impact: "", breaking: true, complexity: "high" as const, dependencies: [], by: "ben", at: "" };
  expect(refresh({ ...written, assessment }, rehearsed).facts).toMatchObject({ breaking: true, complexity: "high" });
  const breaking = at({ rehearsals: [aRehearsal(written, { breaking: true })] });
  expect(refresh(written, breaking).facts.breaking).toBe(true);
  expect(refresh({ ...written, artifacts: [aMigration({ up: "OTHER" })] }, breaking).facts.breaking).toBe(false);
  const somewhere = at({ environments: [environment("staging", "deployed")], componentTeams: { users: "web" } });
  expect(refresh(written, somewhere).facts).toMatchObject({ deployed: true, componentTeam: ["web"] });
});

test("happenings are read from events, with their environment where they have one", () => {
  expect(
    happenings([
      { type: "deployment.succeeded", details: { environment: "staging" } },
      { type: "vote.approved", details: { environment: null } },
    ]),
  ).toEqual([{ type: "deployment.succeeded", environment: "staging" }, { type: "vote.approved" }]);
});

test("an act moves a change through its gates and says from where to where", () => {
  expect(moveBy("submit", written, rehearsed)).toEqual({
    ok: true,
    value: {
      change: { ...written, stage: "review", status: "awaiting_approval" },
      moves: [{ from: "draft", to: "review", fromStatus: "draft", toStatus: "awaiting_approval", trigger: "submit" }],
      events: ["change.submitted", "change.awaiting_approval"].map((type) => ({
        type,
        details: { from: "draft", to: "review", fromStatus: "draft", trigger: "submit" },
      })),
    },
  });
  expect(moveBy("submit", draft, rehearsed)).toMatchObject({ refusal: { code: "STEPS_OPEN" } });
  expect(moveBy("close", draft, rehearsed)).toMatchObject({ refusal: { code: "NO_TRANSITION" } });
});

test("an act judges the change as it is now, not as it was last looked at", () => {
  const stale = { ...written, fields: { components: ["users"] }, contentHash: "before", facts: {} };
  expect(moveBy("submit", stale, rehearsed)).toMatchObject({ refusal: { code: "FORM_INVALID" } });
  const later = at({ rehearsals: [aRehearsal(written, { breaking: true })] });
  const way = aProcess({
    stages: [
      { ...process.stages[0]!, transitions: [{ on: "submit", to: "review", gates: [], when: { breaking: true } }] },
      ...process.stages.slice(1),
    ],
  });
  expect(moveBy("submit", written, { ...later, process: way }).ok).toBe(true);
  expect(moveBy("submit", written, { ...rehearsed, process: way }).ok).toBe(false);
});

test("an act for an environment is judged by the facts and gates of that environment", () => {
  const [, , ready, ...others] = process.stages;
  const forked = aProcess({
    stages: [
      ...process.stages.slice(0, 2),
      {
        ...ready!,
        transitions: [
          { on: "deploy", to: "deploying", when: { environment: "staging" }, gates: ["approved"] },
          {
            on: "deploy",
            to: "watching",
            when: { lastEnvironment: true },
            gates: ["approved", "previous-environment"],
          },
        ],
      },
      ...others,
    ],
  });
  const change: Change = { ...approved(written), stage: "ready", status: "approved" };
  const to = (name?: string, environments: EnvironmentFact[] = []) => {
    const moved = moveBy("deploy", change, at({ environments }, forked), name);
    return moved.ok ? moved.value.change.stage : moved.refusal.code;
  };
  expect(to("staging")).toBe("deploying");
  expect(to("production")).toBe("PREVIOUS_ENVIRONMENT");
  expect(to("production", [environment("staging", "deployed")])).toBe("watching");
  expect(to()).toBe("NO_TRANSITION");
});

test("going back opens steps, and an event names each with who had completed it", () => {
  const back = aProcess({
    stages: process.stages.map((each) =>
      each.id === "review" ? { ...each, transitions: [{ on: "rework", to: "draft", gates: [] }] } : each,
    ),
  });
  const moved = moveBy("rework", { ...written, stage: "review", status: "awaiting_approval" }, at({}, back));
  expect(moved).toMatchObject({
    value: {
      change: { stage: "draft", status: "draft" },
      events: [
        { type: "change.draft" },
        {
          type: "step.reopened",
          details: {
            step: "write",
            title: "Write it",
            because: "the change was taken back by rework",
            completedBy: "ben",
          },
        },
      ],
    },
  });
  expect(moved.ok && completedIds(moved.value.change)).toEqual([]);
});

test("an act that leaves a change where it is is no move", () => {
  const staying = aProcess({ stages: [stage("draft", { on: "edit", to: "draft" })] });
  expect(moveBy("edit", { ...draft, status: "assessing" }, at({}, staying))).toMatchObject({
    value: { change: { stage: "draft" }, moves: [], events: [] },
  });
});

test("what follows follows at once: automatic steps, then every stage whose gates are open", () => {
  const submitted = moveBy("submit", approved(written), rehearsed);
  const settled = settle((submitted.ok && submitted.value.change) as Change, rehearsed, []);
  expect(settled.change).toMatchObject({ stage: "ready", status: "approved" });
  expect(settled.moves).toMatchObject([{ from: "review", to: "ready", trigger: "ready" }]);
  expect(settled.events.map((event) => event.type)).toEqual(["change.approved"]);
  expect(settle(settled.change, rehearsed, [])).toEqual({ change: settled.change, moves: [], events: [] });
});

test("a closed gate keeps a change where it is", () => {
  const submitted = { ...approved(written), stage: "review", status: "awaiting_approval" as const };
  expect(settle(submitted, at(), []).change.stage).toBe("review");
  expect(settle({ ...submitted, votes: [] }, rehearsed, []).change.stage).toBe("review");
});

test("what happened completes its steps, and moves made on the way count as happening", () => {
  const deploying = { ...written, stage: "deploying", status: "deploying" as const };
  const settled = settle(deploying, rehearsed, [{ type: "deployment.succeeded", environment: "staging" }]);
  expect(completedIds(settled.change)).toEqual(["write", "deployed"]);
  const after = { id: "after", title: "After", evidence: [], by: [], automatic: { on: "change.closed" } };
  const chain = aProcess({
    stages: [
      { ...stage("draft", { on: "ready", to: "end" }), steps: [after] },
      { ...stage("end"), status: "closed" },
    ],
  });
  const through = settle({ ...draft, status: "assessing", steps: [] }, at({}, chain), []);
  expect(through.events.map((event) => event.type)).toEqual(["change.closed", "step.completed"]);
  expect(completedIds(through.change)).toEqual(["after"]);
});

test("a change goes through every stage that is open, and into none twice", () => {
  const line = aProcess({
    stages: [stage("draft", { on: "ready", to: "b" }), stage("b", { on: "ready", to: "c" }), stage("c")],
  });
  const start = { ...draft, status: "assessing" as const };
  expect(settle(start, at({}, line), []).moves.map((move) => move.to)).toEqual(["b", "c"]);
  const ring = aProcess({
    stages: [
      stage("draft", { on: "ready", to: "b" }),
      stage("b", { on: "ready", to: "c" }),
      stage("c", { on: "ready", to: "draft" }),
    ],
  });
  const round = settle(start, at({}, ring), []);
  expect(round.moves.map((move) => move.to)).toEqual(["b", "c"]);
  expect(round.change.stage).toBe("c");
  const self = aProcess({ stages: [stage("draft", { on: "ready", to: "draft" })] });
  expect(settle(start, at({}, self), [])).toMatchObject({ moves: [], events: [] });
});

test("nothing follows for a change that is over, whatever becomes of its surroundings", () => {
  for (const status of ["closed", "cancelled"] as const) {
    const over: Change = { ...written, stage: status, status, facts: { old: true } };
    const strange = at({ componentTeams: {}, rehearsals: [aRehearsal(written, { breaking: true })] });
    expect(settle(over, strange, [{ type: "deployment.succeeded" }])).toEqual({ change: over, moves: [], events: [] });
  }
});

test("submitting is told as such whatever the status it leads to, and what stands for it stays done when the change is taken back", () => {
  const number = { id: "number", title: "Number", evidence: [], by: [], automatic: { on: "change.submitted" } };
  const created: Stage = {
    ...stage("created", { on: "rework", to: "created" }, { on: "reject", to: "no" }),
    status: "validating",
    steps: [number],
  };
  const no: Stage = { ...stage("no", { on: "rework", to: "created" }), status: "rejected" };
  const other = aProcess({
    stages: [{ ...stage("draft", { on: "submit", to: "created" }), status: "draft" }, created, no],
  });
  const start = refresh(aChange({ stage: "draft", status: "draft" }), at({}, other));
  const moved = moveBy("submit", start, at({}, other));
  if (!moved.ok) throw new Error(moved.refusal.message);
  expect(moved.value.events.map(({ type }) => type)).toEqual(["change.submitted", "change.validating"]);
  const settled = settle(moved.value.change, at({}, other), happenings(moved.value.events));
  expect(completedIds(settled.change)).toEqual(["number"]);
  const rejected = moveBy("reject", settled.change, at({}, other));
  const again = rejected.ok ? moveBy("rework", rejected.value.change, at({}, other)) : rejected;
  expect(again.ok && completedIds(again.value.change)).toEqual(["number"]);
});
