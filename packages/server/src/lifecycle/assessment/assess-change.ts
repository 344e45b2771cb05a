import { Assess } from "@change-mgmt/api/changes.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { FINAL_STATUSES } from "@change-mgmt/domain/change/status.ts";
import { decideAssessment } from "@change-mgmt/domain/lifecycle/assessment/assess.ts";
import { refresh } from "@change-mgmt/domain/lifecycle/settle.ts";
import { possibleTriggers } from "@change-mgmt/domain/process/transition.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";

const Input = Assess.extend({ id: z.string() });

/** Records the impact analysis of a change; it may call the change breaking, never take that back. */
export const assessChange = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "change.assess",
  permission: "change.assess",
  input: Input,
  async run({ change, process, situation, actor, now, move }, input) {
    if (FINAL_STATUSES.has(change.status))
      return refuse("CHANGE_OVER", `${change.number} is ${change.status}.`, "Make a further change.");
    const decided = decideAssessment({
      facts: change.facts,
      impact: input.impact,
      complexity: input.complexity ?? (typeof change.facts.complexity === "string" ? change.facts.complexity : "low"),
      ...(input.breaking === undefined ? {} : { breaking: input.breaking }),
      ...(input.dependencies === undefined ? {} : { dependencies: input.dependencies }),
      by: actor.handle,
      now: now.toISOString(),
    });
    if (!decided.ok) return decided;
    const assessment = decided.value;
    const assessed = refresh({ ...change, assessment }, { process, situation });
    const { breaking, complexity, dependencies, impact } = assessment;
    const events = [{ type: "change.assessed", details: { breaking, complexity, dependencies, impact } }];
    if (!possibleTriggers(process, assessed.facts, assessed.stage).includes("assess"))
      return accept({ change: assessed, events, value: { id: change.id } });
    const moved = move("assess", assessed);
    if (!moved.ok) return moved;
    return accept({ change: moved.value.change, moved: moved.value, events, value: { id: change.id } });
  },
});
