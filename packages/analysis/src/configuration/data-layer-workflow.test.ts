import { resolve } from "node:path";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { factsFor, gatherFacts } from "@change-mgmt/domain/process/facts.ts";
import type { Gate, Trigger } from "@change-mgmt/domain/process/process.ts";
import { nextStage, possibleTriggers } from "@change-mgmt/domain/process/transition.ts";
import { expect, test } from "vitest";
import { loadProcess } from "./process-file.ts";

const loaded = await loadProcess(resolve(import.meta.dirname, "../../../../processes/data-layer"));
if (!loaded.ok) throw new Error(loaded.refusal.message);
const { process } = loaded.value;

const environments = ["staging", "production"];
const facts = (deployed = false) =>
  gatherFacts(process, { type: "add-field", fields: {}, artifacts: [], environments, measured: { deployed } });

/** Where a trigger leads when every gate but the closed ones passes, or the code of the refusal. */
function after(stage: string, trigger: Trigger, environment?: string, closed: readonly Gate[] = [], deployed = false) {
  const known = environment === undefined ? facts(deployed) : factsFor(process, facts(deployed), environment);
  const moved = nextStage(process, known, stage, trigger, (gate) =>
    closed.includes(gate) ? refuse(`CLOSED_${gate.toUpperCase()}`, "Closed.", "Open it.") : accept<true>(true),
  );
  return moved.ok ? moved.value.to.id : moved.refusal.code;
}

test("the eight documented steps follow each other", () => {
  const way: [Trigger, string?][] = [
    ["submit"],
    ["ready"],
    ["assess"],
    ["ready"],
    ["ready"],
    ["ready"],
    ["ready"],
    ["ready"],
    ["deploy", "staging"],
    ["deployed", "staging"],
    ["deploy", "production"],
    ["deployed", "production"],
    ["close"],
  ];
  const stages = ["draft"];
  for (const [trigger, environment] of way) stages.push(after(stages.at(-1)!, trigger, environment));
  expect(stages).toEqual([
    "draft",
    "request-submission",
    "impact-analysis",
    "impact-analysis",
    "planning",
    "implementation",
    "validation",
    "review",
    "ready",
    "deploying",
    "ready",
    "deploying",
    "post-deployment",
    "closed",
  ]);
});

test.each<[string, Trigger, string, Gate]>([
  ["ready", "deploy", "staging", "approved"],
  ["ready", "deploy", "staging", "validated"],
  ["ready", "deploy", "production", "previous-environment"],
  ["ready", "deploy", "production", "steps"],
  ["failed", "deploy", "staging", "approved"],
  ["rolled-back", "deploy", "staging", "validated"],
  ["review", "ready", "staging", "approved-all"],
  ["validation", "ready", "staging", "rehearsed"],
  ["post-deployment", "close", "production", "steps"],
])("from %s, %s (%s) waits for %s", (stage, trigger, environment, gate) => {
  expect(after(stage, trigger, environment, [gate])).toBe(`CLOSED_${gate.toUpperCase()}`);
});

test("staging does not wait for the integration tests that run on it", () => {
  expect(after("ready", "deploy", "staging", ["steps"])).toBe("deploying");
});

test("what failed or was taken back can be deployed again, reworked or edited, and an edit is validated anew", () => {
  expect(after("deploying", "deployment-failed", "staging")).toBe("failed");
  expect(after("post-deployment", "rollback", "production")).toBe("rolling-back");
  expect(after("rolling-back", "rolled-back", "production")).toBe("rolled-back");
  expect(after("rolling-back", "rollback-failed", "production")).toBe("failed");
  for (const stage of ["failed", "rolled-back"]) {
    expect(after(stage, "deploy", "staging")).toBe("deploying");
    expect(after(stage, "rework")).toBe("implementation");
    expect(after(stage, "rollback")).toBe("rolling-back");
  }
  for (const stage of ["review", "ready", "failed", "rolled-back"]) expect(after(stage, "edit")).toBe("validation");
});

test("what is deployed somewhere is rolled back before it is cancelled or rejected", () => {
  for (const trigger of ["cancel", "reject"] as const) {
    expect(after("ready", trigger, undefined, [], true)).toBe("NO_TRANSITION");
    expect(after("ready", trigger)).toBe(trigger === "cancel" ? "cancelled" : "rejected");
  }
  expect(possibleTriggers(process, facts(true), "rolled-back")).not.toContain("cancel");
});
