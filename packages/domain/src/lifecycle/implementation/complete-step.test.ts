import { expect, test } from "vitest";
import type { Evidence, Step } from "../../change/change.ts";
import { aProcess } from "../../testing/builders.ts";
import { checklist } from "./checklist.ts";
import { decideStepCompletion } from "./complete-step.ts";

const process = aProcess();
const steps = checklist(process, { breaking: true });
const link: Evidence = { kind: "link", value: "https://example.org/1" };
const carla = { handle: "carla", roles: ["architect" as const], positions: [] };
const now = "2026-01-02T00:00:00Z";
const look = { stepId: "look", evidence: [link], actor: carla, now };

function code(outcome: ReturnType<typeof decideStepCompletion>): string {
  return outcome.ok ? "ok" : outcome.refusal.code;
}

test("a completed step says who, when and with what", () => {
  expect(decideStepCompletion({ stage: "review", steps }, process, { ...look, notes: "Fine." })).toMatchObject({
    ok: true,
    value: { step: { id: "look", completed: { at: now, by: "carla", evidence: [link], notes: "Fine." } } },
  });
  const outcome = decideStepCompletion({ stage: "review", steps }, process, look);
  expect(outcome.ok && outcome.value.step.completed).not.toHaveProperty("notes");
});

test("a step of an earlier stage can still be completed, one of a later stage not yet, none when the change is over", () => {
  const write = { ...look, stepId: "write", evidence: [{ kind: "note" as const, value: "Done." }] };
  expect(code(decideStepCompletion({ stage: "ready", steps }, process, write))).toBe("ok");
  expect(decideStepCompletion({ stage: "draft", steps }, process, look)).toMatchObject({
    refusal: { code: "STEP_NOT_IN_STAGE", hint: "Complete the steps of the current stage first." },
  });
  expect(decideStepCompletion({ stage: "closed", steps }, process, look)).toMatchObject({
    refusal: { code: "STEP_NOT_IN_STAGE", hint: "The change is over." },
  });
});

test("what a step needs and who may complete it is said", () => {
  const at = { stage: "review", steps };
  expect(decideStepCompletion(at, process, { ...look, evidence: [] })).toMatchObject({
    refusal: { code: "EVIDENCE_MISSING", message: expect.stringContaining("link"), details: { missing: ["link"] } },
  });
  expect(code(decideStepCompletion(at, process, { ...look, evidence: [{ kind: "link", value: " " }] }))).toBe(
    "EVIDENCE_MISSING",
  );
  expect(
    decideStepCompletion(at, process, { ...look, actor: { handle: "ben", roles: ["developer"], positions: [] } }),
  ).toMatchObject({
    refusal: { code: "STEP_NOT_YOURS", hint: expect.stringContaining("architect") },
  });
  expect(decideStepCompletion(at, process, { ...look, stepId: "lok" })).toMatchObject({
    refusal: { code: "STEP_UNKNOWN", hint: 'Did you mean "look"?' },
  });
});

test("a step is completed once, and an automatic one by nobody", () => {
  const done: Step[] = [{ ...steps[1]!, completed: { at: now, by: "dora", evidence: [] } }];
  expect(decideStepCompletion({ stage: "review", steps: done }, process, look)).toMatchObject({
    refusal: { code: "STEP_ALREADY_COMPLETE", message: expect.stringContaining("dora") },
  });
  expect(decideStepCompletion({ stage: "deploying", steps }, process, { ...look, stepId: "deployed" })).toMatchObject({
    refusal: { code: "STEP_AUTOMATIC", hint: expect.stringContaining("deployment.succeeded") },
  });
  const foreign: Step[] = [{ ...steps[1]!, id: "elsewhere", automatic: true }];
  expect(
    decideStepCompletion({ stage: "review", steps: foreign }, process, { ...look, stepId: "elsewhere" }),
  ).toMatchObject({
    refusal: { hint: "It is completed when this happens: its event." },
  });
});

test("a step of a position is completed by whoever holds it, or has one of its roles", () => {
  const [own] = steps.filter((step) => step.id === "write");
  const held = (position: string) => ({ handle: "dora", roles: [], positions: [{ position }] });
  const complete = (step: Partial<Step>, actor: Parameters<typeof decideStepCompletion>[2]["actor"]) =>
    decideStepCompletion({ stage: "review", steps: [{ ...own!, ...step }] }, process, {
      ...look,
      stepId: "write",
      evidence: [{ kind: "note", value: "Done." }],
      actor,
    });
  expect(code(complete({ positions: ["lead"] }, held("lead")))).toBe("ok");
  expect(complete({ positions: ["lead"] }, held("boss"))).toMatchObject({
    refusal: { code: "STEP_NOT_YOURS", hint: "It takes one of these positions: lead." },
  });
  expect(code(complete({ by: ["architect"], positions: ["lead"] }, carla))).toBe("ok");
  expect(complete({ by: ["architect"], positions: ["lead"] }, held("boss"))).toMatchObject({
    refusal: { hint: "It takes one of these roles: architect or one of these positions: lead." },
  });
});
