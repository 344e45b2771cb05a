import type { DomainEvent, Step } from "@change-mgmt/domain/change/change.ts";
import { decideStepCompletion } from "@change-mgmt/domain/lifecycle/implementation/complete-step.ts";
import { stageOf } from "@change-mgmt/domain/process/transition.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyLife, beginning, type Life, live, straightOn } from "./data-layer/life.ts";
import { dataLayer } from "./data-layer/process.ts";

const RUNS = { numRuns: 300 };

const isDone = (step: Step) => step.completed !== undefined;

const completions = ({ change }: Life) =>
  new Map(change.steps.filter(isDone).map((step) => [step.id, step.completed!]));

const about = (events: readonly DomainEvent[], type: string, step: string) =>
  events.filter((event) => event.type === type && event.details.step === step);

describe("Property 5: Step Completion Tracking (requirements 2.3, 2.4)", () => {
  test("a change that goes straight on reaches its end with every step complete", () => {
    const lived = live(straightOn);
    expect(lived.map(({ refusal }) => refusal).filter(Boolean)).toEqual([]);
    const { change } = lived.at(-1)!.after;
    expect(change.status).toBe("closed");
    expect(change.steps.filter((step) => !isDone(step))).toEqual([]);
  });

  test("whatever is completed says by whom, when and with the evidence asked for, and an event says it too", () => {
    fc.assert(
      fc.property(anyLife, (acts) => {
        live(acts).forEach(({ before, after, events }, index) => {
          const earlier = completions(before);
          for (const step of after.change.steps.filter(isDone)) {
            const { completed, evidenceNeeded, id } = step;
            if (earlier.get(id) === completed) continue;
            const told = about(events, "step.completed", id).at(-1);
            expect(told?.details.evidence).toEqual(completed!.evidence);
            expect(completed!.at).toBe(before.situation.now);
            expect(completed!.evidence.map(({ kind }) => kind)).toEqual(expect.arrayContaining([...evidenceNeeded]));
            const act = acts[index]!;
            expect(completed!.by).toBe(step.automatic ? "engine" : act.do === "complete" ? act.by : "nobody");
          }
        });
      }),
      RUNS,
    );
  });

  test("nothing that follows loses a completion, but a reopening that is itself an event", () => {
    fc.assert(
      fc.property(anyLife, (acts) => {
        for (const { before, after, events } of live(acts)) {
          const later = completions(after);
          for (const [id, completed] of completions(before)) {
            if (about(events, "step.reopened", id).length === 0) expect(later.get(id)).toEqual(completed);
          }
        }
      }),
      RUNS,
    );
  });

  test("the events alone tell which steps are complete, and with what evidence", () => {
    fc.assert(
      fc.property(anyLife, (acts) => {
        const told = new Map<unknown, unknown>();
        for (const { after, events } of live(acts)) {
          for (const { type, details } of events) {
            if (type === "step.completed") told.set(details.step, details.evidence);
            if (type === "step.reopened") expect(told.delete(details.step)).toBe(true);
          }
          expect(told).toEqual(new Map([...completions(after)].map(([id, { evidence }]) => [id, evidence])));
        }
      }),
      RUNS,
    );
  });

  test("a change leaves a stage by itself only when every step up to there is complete", () => {
    const order = dataLayer.stages.map((stage) => stage.id);
    fc.assert(
      fc.property(anyLife, (acts) => {
        for (const { events, after } of live(acts)) {
          for (const { details } of events.filter((event) => event.details.trigger === "ready")) {
            const from = String(details.from);
            const gated = stageOf(dataLayer, from).transitions.some(
              ({ on, gates }) => on === "ready" && gates.includes("steps"),
            );
            const open = after.change.steps.filter(
              (step) => !isDone(step) && order.indexOf(step.stage) <= order.indexOf(from),
            );
            expect(gated && open.map((step) => step.id)).toEqual([]);
          }
        }
      }),
      RUNS,
    );
  });

  test("evidence that is incomplete or blank completes nothing", () => {
    const kinds = ["note", "link", "report", "file"] as const;
    const someEvidence = fc.array(
      fc.record({ kind: fc.constantFrom(...kinds), value: fc.oneof(fc.constant("  "), fc.constant("something")) }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.subarray([...kinds]), someEvidence, (evidenceNeeded, evidence) => {
        const { change, situation } = beginning;
        const own = { id: "own", stage: change.stage, title: "Own", by: [], automatic: false, added: true };
        const step: Step = { ...own, evidenceNeeded };
        const actor = { handle: "b-en", roles: [], positions: [] };
        const given = { stepId: "own", evidence, actor, now: situation.now };
        const decided = decideStepCompletion({ ...change, steps: [step] }, dataLayer, given);
        const missing = evidenceNeeded.filter(
          (kind) => !evidence.some((item) => item.kind === kind && item.value.trim() !== ""),
        );
        if (missing.length === 0)
          expect(decided).toMatchObject({ value: { step: { completed: { by: "b-en", evidence } } } });
        else expect(decided).toMatchObject({ refusal: { code: "EVIDENCE_MISSING", details: { missing } } });
      }),
    );
  });
});
