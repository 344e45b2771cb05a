import type { Problem } from "../change/refusal.ts";
import { FINAL_STATUSES } from "../change/status.ts";
import { ROLES } from "../identity/roles.ts";
import { checkDeployments } from "./check-deployments.ts";
import { checkCondition, checkDuplicates, problem } from "./problem.ts";
import { GATES, type Process, type Stage, type StepTemplate, TRIGGERS } from "./process.ts";
import { closure } from "./reach.ts";
import { suggest } from "./suggestion.ts";
import { tablesIn } from "./table.ts";

/** What is wrong with the words of a process's stages, steps and transitions. */
export function checkWorkflow(process: Process): readonly Problem[] {
  const { stages, initialStage, place } = process;
  const ids = stages.map((stage) => stage.id);
  return [
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
}

function checkStep(
  step: StepTemplate,
  { dimensions, environments, positions = [], testing }: Process,
): readonly Problem[] {
  const where = `Step ${step.id}`;
  const environment = step.automatic?.environment;
  const held = positions.map((position) => position.id);
  const kinds = tablesIn(testing).flatMap((table) => table.rows.flatMap((row) => row.then.tests));
  return [
    ...checkCondition(step.when ?? {}, dimensions, where, step.place),
    ...step.by
      .filter((role) => !ROLES.includes(role))
      .map((role) => problem("ROLE_UNKNOWN", `${where} names the role "${role}".`, suggest(role, ROLES), step.place)),
    ...(step.positions ?? [])
      .filter((position) => !held.includes(position))
      .map((position) =>
        problem("POSITION_UNKNOWN", `${where} names the position "${position}".`, suggest(position, held), step.place),
      ),
    ...(step.tests ?? [])
      .filter((kind) => !kinds.includes(kind))
      .map((kind) =>
        problem(
          "TEST_UNKNOWN",
          `${where} stands for "${kind}", which no table asks for.`,
          suggest(kind, kinds),
          step.place,
        ),
      ),
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
  const refusals = (stage.refusals ?? []).flatMap(({ on, when = {}, place = stage.place }) =>
    checkCondition(when, dimensions, `The refusal of ${on} in ${stage.id}`, place),
  );
  const transitions = stage.transitions.flatMap((transition) => {
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
  return [...transitions, ...refusals];
}

/** What is owed is a step, since only a step can be seen to be done. */
function checkObligations({ stages, afterwards }: Process): readonly Problem[] {
  const steps = stages.flatMap((stage) => stage.steps.map((step) => step.id));
  return tablesIn(afterwards)
    .flatMap((table) => table.rows)
    .flatMap((row) =>
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

/** Stages that nobody reaches or leaves, and ways into a deployment that avoid approval or validation. */
export function checkWays(process: Process): readonly Problem[] {
  return [...checkReach(process), ...checkDeployments(process)];
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
