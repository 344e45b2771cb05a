import type { Problem } from "../change/refusal.ts";
import type { Status } from "../change/status.ts";
import { findContradictions, findGaps } from "./coverage.ts";
import { problem } from "./problem.ts";
import type { Condition, DecisionTable, Process, Row, Stage, Trigger } from "./process.ts";

/**
 * What can happen to a change in each status: a stage of it says of each where it leads, or why it is not possible. Of several in one list
 * a stage chooses one.
 */
const HAPPENS: Readonly<Record<Status, readonly (readonly Trigger[])[]>> = {
  draft: [["submit"], ["edit"], ["cancel"]],
  submitted: [["ready"], ["edit"], ["reject"], ["cancel"]],
  assessing: [["assess"], ["ready"], ["edit"], ["reject"], ["cancel"]],
  implementing: [["assess"], ["ready"], ["edit"], ["reject"], ["cancel"]],
  validating: [["assess"], ["ready"], ["rework"], ["edit"], ["reject"], ["cancel"]],
  awaiting_approval: [["ready"], ["rework"], ["edit"], ["reject"], ["cancel"]],
  approved: [["deploy"], ["rollback"], ["rework"], ["edit"], ["reject"], ["cancel"]],
  scheduled: [["deploy"], ["rollback"], ["rework"], ["edit"], ["reject"], ["cancel"]],
  deploying: [["deployed"], ["deployment-failed"]],
  failed: [["deploy"], ["rollback"], ["rework"], ["edit"], ["cancel"]],
  rolling_back: [["rolled-back"], ["rollback-failed"]],
  rolled_back: [["deploy"], ["rollback"], ["rework"], ["edit"], ["cancel"]],
  monitoring: [["close", "ready"], ["rollback"]],
  reviewing: [["close", "ready"], ["rollback"]],
  rejected: [["rework"], ["edit"], ["cancel"]],
  closed: [],
  cancelled: [],
};

/** Acts that a stage is silent about, that it answers in two ways at once, or that never happen in its status. */
export function checkActs(process: Process): readonly Problem[] {
  return process.stages.flatMap((stage) => [
    ...HAPPENS[stage.status].flatMap((choice) => checkChoice(choice, stage, process)),
    ...outOfPlace(stage),
  ]);
}

function checkChoice(choice: readonly Trigger[], stage: Stage, process: Process): readonly Problem[] {
  const answered = choice.filter((trigger) => answersTo(trigger, stage).length > 0);
  if (answered.length === 1) return checkAnswers(answered[0]!, stage, process);
  const words = choice.map((trigger) => `"${trigger}"`).join(" or ");
  const message =
    answered.length === 0
      ? `Stage ${stage.id} says nothing about ${words}.`
      : `Stage ${stage.id} is left by ${words} alike.`;
  const hint =
    answered.length === 0
      ? "Say where it leads, or refuse it with a reason under refusals."
      : "Choose one of them for this stage.";
  return [problem("ACT_UNANSWERED", message, hint, stage.place)];
}

function checkAnswers(trigger: Trigger, stage: Stage, { dimensions }: Process): readonly Problem[] {
  const rows = answersTo(trigger, stage);
  const asked = new Set(rows.flatMap((row) => Object.keys(row.when)));
  const table: DecisionTable<string> = { id: trigger, title: trigger, dimensions: [...asked], hit: "unique", rows };
  const gaps = findGaps(table, dimensions);
  const examples = gaps.examples.map((example) =>
    Object.entries(example)
      .map(([name, value]) => `${name} = ${value}`)
      .join(", "),
  );
  const contradictions = findContradictions(table, dimensions).map(([, second]) =>
    problem(
      "ACTS_OVERLAP",
      `Stage ${stage.id} answers "${trigger}" in two ways at once.`,
      "Narrow the condition of one of them.",
      second.place ?? stage.place,
    ),
  );
  if (gaps.count === 0) return contradictions;
  return [
    ...contradictions,
    problem(
      "ACT_UNANSWERED",
      `Stage ${stage.id} says nothing about "${trigger}" where ${examples.join("; or ")}.`,
      "Say where it leads, or refuse it with a reason under refusals.",
      stage.place,
    ),
  ];
}

/** The transitions and refusals of an act as rows; each answers differently, since two of one meaning could be one. */
function answersTo(trigger: Trigger, stage: Stage): readonly Row<string>[] {
  const all: readonly { readonly on: Trigger; readonly when?: Condition; readonly place?: Row<string>["place"] }[] = [
    ...stage.transitions,
    ...(stage.refusals ?? []),
  ];
  return all
    .filter((answer) => answer.on === trigger)
    .map(({ when = {}, place }, index) => {
      const then = String(index);
      return { id: `${trigger}-${index}`, when, then, ...(place === undefined ? {} : { place }) };
    });
}

function outOfPlace(stage: Stage): readonly Problem[] {
  const possible = HAPPENS[stage.status].flat();
  return [...stage.transitions, ...(stage.refusals ?? [])]
    .filter(({ on }) => !possible.includes(on))
    .map(({ on, place = stage.place }) =>
      problem(
        "ACT_OUT_OF_PLACE",
        `Stage ${stage.id} answers "${on}", which does not happen to a change that is ${stage.status.replaceAll("_", " ")}.`,
        possible.length === 0 ? "Take it out." : `Take it out; what happens then: ${possible.join(", ")}.`,
        place,
      ),
    );
}
