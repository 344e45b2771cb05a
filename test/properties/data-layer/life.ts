import type { Change, DomainEvent, Evidence, Step } from "@change-mgmt/domain/change/change.ts";
import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { EnvironmentFact, RehearsalFact, Situation } from "@change-mgmt/domain/change/situation.ts";
import { decideStepCompletion } from "@change-mgmt/domain/lifecycle/implementation/complete-step.ts";
import { migrations } from "@change-mgmt/domain/lifecycle/implementation/rehearsal.ts";
import { happenings, moveBy, refresh, settle } from "@change-mgmt/domain/lifecycle/settle.ts";
import type { Trigger } from "@change-mgmt/domain/process/process.ts";
import { aMigration, aSituation } from "@change-mgmt/domain/testing/a-situation.ts";
import { aChange, aPerson } from "@change-mgmt/domain/testing/builders.ts";
import fc from "fast-check";
import { componentTeams, dataLayer } from "./process.ts";

/** A change on its way, with everything around it that rules ask about. */
export interface Life {
  readonly change: Change;
  readonly situation: Situation;
}

/** An act in a life, and what became of it: `events` in order; a refusal leaves everything as it was. */
export interface Lived {
  readonly before: Life;
  readonly after: Life;
  readonly events: readonly DomainEvent[];
  readonly refusal?: string;
}

export type Act =
  | { readonly do: "submit" | "assess" | "rework" | "reject" | "cancel" | "close" | "vote" | "wait" }
  | { readonly do: "edit"; readonly up: string }
  | { readonly do: "complete"; readonly which: number; readonly evidence: readonly Evidence[]; readonly by: string }
  | { readonly do: "add-step"; readonly title: string }
  | { readonly do: "rehearse"; readonly rollback: RehearsalFact["rollback"]; readonly breaking: boolean }
  | { readonly do: "report"; readonly passed: number; readonly failed: number }
  | { readonly do: "deploy" | "roll-back"; readonly environment: string }
  | { readonly do: "end"; readonly well: boolean };

export const people = [
  aPerson({ handle: "b-en" }),
  aPerson({ handle: "c-arla", roles: ["architect"], teams: [] }),
  aPerson({ handle: "d-ora" }),
];

const note: Evidence = { kind: "note", value: "Done." };
const link: Evidence = { kind: "link", value: "https://example.org/1" };

/** A life at its beginning: a draft with one migration that goes to staging and production. */
export const beginning: Life = (() => {
  const fields = {
    title: "Add a nickname",
    description: "Shown instead of the name.",
    type: "add-field",
    components: ["users"],
    tables: ["users"],
    migrationStrategy: "Both for a while.",
    rollbackPlan: "Drop it.",
  };
  const situation = aSituation({ componentTeams, people, now: "2026-01-01T00:00:00.000Z" });
  const stage = dataLayer.initialStage;
  const change = aChange({ type: "add-field", fields, artifacts: [aMigration()], stage, status: "draft" });
  return { change: refresh(change, { process: dataLayer, situation }), situation };
})();

/** Acts that lead from the beginning to the end when nothing comes between; `complete` stands for every step that is open then. */
export const straightOn: readonly Act[] = (() => {
  const complete: Act[] = Array.from({ length: 4 }, () => ({
    do: "complete",
    which: 0,
    evidence: [note, link],
    by: "d-ora",
  }));
  return [
    { do: "submit" },
    { do: "rehearse", rollback: "exact", breaking: false },
    { do: "assess" },
    ...complete.slice(0, 1),
    ...complete.slice(0, 2),
    ...complete.slice(0, 1),
    { do: "vote" },
    ...complete.slice(0, 1),
    { do: "deploy", environment: "staging" },
    { do: "end", well: true },
    ...complete.slice(0, 1),
    { do: "deploy", environment: "production" },
    { do: "end", well: true },
    ...complete.slice(0, 3),
    { do: "close" },
  ];
})();

const evidence = fc.subarray<Evidence>([note, link, { kind: "report", value: "r1" }, { kind: "note", value: " " }]);
const environment = fc.constantFrom("staging", "production");

/** Any act, sensible or not. */
export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  fc.constantFrom<Act>(...straightOn),
  fc.record({ do: fc.constantFrom("submit", "assess", "rework", "reject", "vote", "wait", "cancel", "close") }),
  fc.record({ do: fc.constant("edit"), up: fc.constantFrom("UP", "OTHER", "THIRD") }),
  fc.record({ do: fc.constant("complete"), which: fc.nat(), evidence, by: fc.constantFrom("b-en", "c-arla", "d-ora") }),
  fc.record({ do: fc.constant("add-step"), title: fc.constantFrom("Call", "Write") }),
  fc.record({
    do: fc.constant("rehearse"),
    rollback: fc.constantFrom("exact", "column-order", "differs", "absent", "fails", "not-rehearsable"),
    breaking: fc.boolean(),
  }),
  fc.record({ do: fc.constant("report"), passed: fc.nat(2), failed: fc.nat(1) }),
  fc.record({ do: fc.constantFrom("deploy", "roll-back"), environment }),
  fc.record({ do: fc.constant("end"), well: fc.boolean() }),
);

/** Lives that go straight on for a while, and then anyhow. */
export const anyLife: fc.Arbitrary<readonly Act[]> = fc
  .tuple(fc.nat(straightOn.length), fc.array(anyAct, { minLength: 1, maxLength: 25 }))
  .map(([length, acts]) => [...straightOn.slice(0, length), ...acts]);

/** Does one act after the other, each as the commands of the product do it: decide, move, and let follow what follows. */
export function live(acts: readonly Act[]): readonly Lived[] {
  let life = beginning;
  return acts.map((act, index) => {
    const now = new Date(Date.parse(life.situation.now) + (act.do === "wait" ? 86_400_000 : 1000)).toISOString();
    const lived = take(act, { ...life, situation: { ...life.situation, now } }, index);
    life = lived.after;
    return lived;
  });
}

function take(act: Act, life: Life, index: number): Lived {
  const { change, situation } = life;
  const { now } = situation;
  switch (act.do) {
    case "wait":
      return follow(life, change, []);
    case "submit":
    case "rework":
    case "reject":
    case "cancel":
    case "close":
      return move(life, act.do, change, []);
    case "assess": {
      const assessment = {
        impact: "Small.",
        breaking: false,
        complexity: "low",
        dependencies: [],
        by: "d-ora",
        at: now,
      } as const;
      return move(life, "assess", { ...change, assessment }, [{ type: "change.assessed", details: {} }]);
    }
    case "edit": {
      const artifacts = [aMigration({ up: act.up })];
      return move(life, "edit", { ...change, artifacts }, [{ type: "change.edited", details: {} }]);
    }
    case "vote": {
      const votes = ["owning-team", "architecture"].map((requirement, which) => ({
        id: `${index}-${requirement}`,
        requirement,
        voter: people[which]!.handle,
        decision: "approve" as const,
        contentHash: change.contentHash,
        at: now,
      }));
      return follow(life, { ...change, votes: [...change.votes, ...votes] }, []);
    }
    case "complete":
      return complete(life, act);
    case "add-step": {
      const own = { id: `added-${index}`, stage: change.stage, title: act.title };
      const step: Step = { ...own, evidenceNeeded: [], by: [], automatic: false, added: true };
      return follow(life, { ...change, steps: [...change.steps, step] }, []);
    }
    case "rehearse": {
      const { contentHash } = change;
      const facts = migrations(change).map(({ id }): RehearsalFact => {
        const { rollback, breaking } = act;
        return {
          artifact: id,
          contentHash,
          outcome: "passed",
          rollback,
          breaking,
          message: "it ran",
          rollbackMessage: rollback,
        };
      });
      const others = situation.rehearsals.filter((fact) => fact.contentHash !== contentHash);
      return follow(around(life, { rehearsals: [...others, ...facts] }), change, []);
    }
    case "report": {
      const { passed, failed } = act;
      const report = { kind: "tests", contentHash: change.contentHash, passed, failed, at: now };
      return follow(around(life, { reports: [...situation.reports, report] }), change, []);
    }
    case "deploy": {
      const moved = move(life, "deploy", change, [], act.environment);
      return moved.refusal === undefined ? standing(moved, act.environment, "deploying") : moved;
    }
    case "roll-back": {
      const state = situation.environments.find((fact) => fact.environment === act.environment)?.state;
      if (state !== "deployed" && state !== "failed") return refused(life, "NOT_DEPLOYED");
      const moved = move(life, "rollback", change, [], act.environment);
      return moved.refusal === undefined ? standing(moved, act.environment, "rolling-back") : moved;
    }
    case "end":
      return end(life, act.well);
  }
}

function complete(life: Life, { which, evidence, by }: Extract<Act, { do: "complete" }>): Lived {
  const { change, situation } = life;
  const open = change.steps.filter((step) => step.completed === undefined && !step.automatic);
  const stepId = open[which % Math.max(1, open.length)]?.id ?? "none";
  const actor = people.find((person) => person.handle === by)!;
  const decided = decideStepCompletion(change, dataLayer, { stepId, evidence, actor, now: situation.now });
  if (!decided.ok) return refused(life, decided.refusal.code);
  const { step } = decided.value;
  const steps = change.steps.map((candidate) => (candidate.id === step.id ? step : candidate));
  return follow(life, { ...change, steps }, [
    { type: "step.completed", details: { step: step.id, title: step.title, evidence } },
  ]);
}

function end(life: Life, well: boolean): Lived {
  const running = life.situation.environments.find(({ state }) => state === "deploying" || state === "rolling-back");
  if (running === undefined) return refused(life, "NOTHING_RUNS");
  const { environment: where, state } = running;
  const forward = state === "deploying";
  const there = inState(life, where, well ? (forward ? "deployed" : "rolled-back") : "failed");
  const trigger = forward ? (well ? "deployed" : "deployment-failed") : well ? "rolled-back" : "rollback-failed";
  const type = `${forward ? "deployment" : "rollback"}.${well ? "succeeded" : "failed"}`;
  return move(there, trigger, life.change, [{ type, details: { environment: where } }], where);
}

function move(life: Life, trigger: Trigger, change: Change, events: readonly DomainEvent[], where?: string): Lived {
  const moved = moveBy(trigger, change, { process: dataLayer, situation: life.situation }, where);
  if (!moved.ok) return refused(life, codeOf(moved));
  return follow(life, moved.value.change, [...events, ...moved.value.events]);
}

function follow(before: Life, change: Change, events: readonly DomainEvent[]): Lived {
  const { situation } = before;
  const settled = settle(change, { process: dataLayer, situation }, happenings(events));
  return { before, after: { situation, change: settled.change }, events: [...events, ...settled.events] };
}

function refused(life: Life, refusal: string): Lived {
  return { before: life, after: life, events: [], refusal };
}

function standing(lived: Lived, where: string, state: EnvironmentFact["state"]): Lived {
  return { ...lived, after: inState(lived.after, where, state) };
}

function inState(life: Life, where: string, state: EnvironmentFact["state"]): Life {
  const others = life.situation.environments.filter((fact) => fact.environment !== where);
  return around(life, { environments: [...others, { environment: where, state, at: life.situation.now }] });
}

function around(life: Life, more: Partial<Situation>): Life {
  return { ...life, situation: { ...life.situation, ...more } };
}

function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "" : outcome.refusal.code;
}
