import { CompleteStep } from "@change-mgmt/api/changes.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { evidenceOf } from "@change-mgmt/domain/lifecycle/implementation/attachments.ts";
import { decideStepCompletion } from "@change-mgmt/domain/lifecycle/implementation/complete-step.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { attachmentsOf } from "../../evidence/attachments.ts";

const Input = CompleteStep.extend({ id: z.string(), step: z.string() });

/** Completes a step of the checklist with its evidence. */
export const completeStep = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "step.complete",
  permission: "change.step",
  input: Input,
  async run({ tx, change, process, actor, now }, { step: stepId, evidence: given, notes }) {
    const evidence = evidenceOf(change, given, await attachmentsOf(tx, change.id));
    if (!evidence.ok) return evidence;
    const decided = decideStepCompletion(change, process, {
      stepId,
      evidence: evidence.value,
      ...(notes === undefined ? {} : { notes }),
      actor,
      now: now.toISOString(),
    });
    if (!decided.ok) return decided;
    const { step } = decided.value;
    const steps = change.steps.map((candidate) => (candidate.id === step.id ? step : candidate));
    const details = {
      step: step.id,
      title: step.title,
      evidence: step.completed?.evidence ?? [],
      notes: notes ?? null,
    };
    return accept({
      change: { ...change, steps },
      events: [{ type: "step.completed", details }],
      value: { id: change.id },
    });
  },
});
