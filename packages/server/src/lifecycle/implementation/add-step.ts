import { AddStep } from "@change-mgmt/api/changes.ts";
import type { Step } from "@change-mgmt/domain/change/change.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { FINAL_STATUSES } from "@change-mgmt/domain/change/status.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";

const Input = AddStep.extend({ id: z.string() });

/** Adds a step to a change's checklist; it must then be completed like the others. */
export const addStep = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "step.add",
  permission: "change.step",
  input: Input,
  async run({ change, process }, { title, stage = change.stage }) {
    if (FINAL_STATUSES.has(change.status))
      return refuse("CHANGE_OVER", `${change.number} is ${change.status}.`, "Make a further change.");
    const stages = process.stages.map((candidate) => candidate.id);
    if (!stages.includes(stage)) {
      return refuse("STAGE_UNKNOWN", `The process has no stage "${stage}".`, `Stages: ${stages.join(", ")}.`, {
        place: { pointer: "/stage" },
      });
    }
    const step: Step = {
      id: freeId(title, change.steps),
      stage,
      title,
      evidenceNeeded: [],
      by: [],
      automatic: false,
      added: true,
    };
    return accept({
      change: { ...change, steps: [...change.steps, step] },
      events: [{ type: "step.added", details: { step: step.id, title, stage } }],
      value: { id: change.id },
    });
  },
});

/** A readable id made from the title that no step has yet. */
function freeId(title: string, steps: readonly Step[]): string {
  const base =
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 50) || "step";
  const taken = new Set(steps.map((step) => step.id));
  for (let n = 1; ; n++) {
    const id = n === 1 ? `added-${base}` : `added-${base}-${n}`;
    if (!taken.has(id)) return id;
  }
}
