import type { Problem } from "../change/refusal.ts";
import { FINAL_STATUSES } from "../change/status.ts";
import { ROLES } from "../identity/roles.ts";
import { checkDeployments } from "./check-deployments.ts";
import { checkCondition, checkDuplicates, problem } from "./problem.ts";
import { GATES, type Process, type Stage, type StepTemplate, TRIGGERS } from "./process.ts";
import { closure } from "./reach.ts";
import { suggest } from "./suggestion.ts";

/** What is wrong with a process's stages, steps and transitions. */
export function checkWorkflow(process: Process): readonly Problem[] {
  const { stages, initialStage, place } = process;
  const ids = stages.map((stage) => stage.id);
  const words = [
    ...checkDuplicates("stages", stages),
    ...checkDuplicates(
      "steps",
      stages.flatMap((stage) => stage.steps),
    ),
    ...(ids.includes(initialStage)
      ? []
      : [
          problem(
            "STAGE_UNKNOWN",
            `The initial stage "${initialStage}" is no stage.`,
            suggest(initialStage, ids),
            place,
          ),
        ]),
    ...stages.flatMap((stage) => [
      ...stage.steps.flatMap((step) => checkStep(step, process)),
      ...checkTransitions(stage, ids, process),
    ]),
    ...checkObligations(process),
  ];
  // Where a transition leads nowhere known, what can be reached cannot be said.
  if (words.some((found) => found.code === "STAGE_UNKNOWN")) return words;
  return [...words, ...checkReach(process), ...checkDeployments(process)];
}

function checkStep(step: StepTemplate, { dimensions, environments }: Process): readonly Problem[] {
  const where = `Step ${step.id}`;
  const environment = step.automatic?.environment;
  return [
    ...checkCondition(step.when ?? {}, dimensions, where, step.place),
    ...step.by
      .filter((role) => !ROLES.includes(role))
      .map((role) => problem("ROLE_UNKNOWN", `${where} names the role "${role}".`, suggest(role, ROLES), step.place)),
    ...(environment === undefined || environments.includes(environment)
      ? []
      : [
          problem(
            "ENVIRONMENT_UNKNOWN",
            `${where} waits for "${environment}".`,
            suggest(environment, environments),
            step.place,
          ),
        ]),
  ];
}

function checkTransitions(stage: Stage, ids: readonly string[], { dimensions }: Process): readonly Problem[] {
  return stage.transitions.flatMap((transition) => {
    const where = `The transition from ${stage.id} on ${transition.on}`;
    const place = transition.place ?? stage.place;
    const problems: Problem[] = [...checkCondition(transition.when ?? {}, dimensions, where, place)];
    if (!ids.includes(transition.to)) {
      problems.push(
        problem("STAGE_UNKNOWN", `${where} leads to "${transition.to}".`, suggest(transition.to, ids), place),
      );
    }
    if (!TRIGGERS.includes(transition.on)) {
      problems.push(problem("TRIGGER_UNKNOWN", `${where} is no trigger.`, suggest(transition.on, TRIGGERS), place));
    }
    for (const gate of transition.gates.filter((candidate) => !GATES.includes(candidate))) {
      problems.push(problem("GATE_UNKNOWN", `${where} names the gate "${gate}".`, suggest(gate, GATES), place));
    }
    return problems;
  });
}

/** What is owed is a step, since only a step can be seen to be done. */
function checkObligations({ stages, afterwards }: Process): readonly Problem[] {
  const steps = stages.flatMap((stage) => stage.steps.map((step) => step.id));
  return afterwards.rows.flatMap((row) =>
    row.then.obligations
      .filter((obligation) => !steps.includes(obligation))
      .map((obligation) =>
        problem(
          "STEP_UNKNOWN",
          `Row ${row.id} of table afterwards owes "${obligation}".`,
          suggest(obligation, steps),
          row.place,
        ),
      ),
  );
}

function checkReach({ stages, initialStage }: Process): readonly Problem[] {
  const reached = closure([initialStage], (id) =>
    stages.filter((stage) => stage.id === id).flatMap((stage) => stage.transitions.map((transition) => transition.to)),
  );
  const finals = stages.filter((stage) => FINAL_STATUSES.has(stage.status)).map((stage) => stage.id);
  const ending = closure(finals, (id) =>
    stages.filter((stage) => stage.transitions.some((transition) => transition.to === id)).map((stage) => stage.id),
  );
  return [
    ...stages
      .filter((stage) => !reached.has(stage.id))
      .map((stage) =>
        problem(
          "STAGE_UNREACHABLE",
          `No change ever reaches stage ${stage.id}.`,
          "Lead a transition to it, or remove it.",
          stage.place,
        ),
      ),
    ...stages
      .filter((stage) => !ending.has(stage.id))
      .map((stage) =>
        problem(
          "STAGE_DEAD_END",
          `From stage ${stage.id} no way leads to closed or cancelled.`,
          "Add a transition that ends it.",
          stage.place,
        ),
      ),
  ];
}
