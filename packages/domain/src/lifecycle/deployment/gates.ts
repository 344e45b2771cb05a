import type { Change, Step } from "../../change/change.ts";
import { accept, type Outcome, refuse } from "../../change/refusal.ts";
import type { EnvironmentFact, Situation } from "../../change/situation.ts";
import type { Gate, Process, TestMoment } from "../../process/process.ts";
import { evaluateApprovals } from "../approval/quorum.ts";
import { awaitedBy, awaitedText } from "../automatic-steps.ts";
import { isOpen } from "../implementation/check.ts";
import { openSteps } from "../implementation/checklist.ts";
import { judgeRehearsal, migrations, mustRehearseRollback } from "../implementation/rehearsal.ts";
import { testsOpen } from "../implementation/tests-due.ts";
import { checkForm, validateChange } from "../implementation/validation.ts";
import { checkWatchOver } from "../monitoring/watch-over.ts";
import { checkOpening } from "./opening.ts";
import { obligations, previousEnvironment } from "./procedure.ts";

export interface GateContext {
  readonly process: Process;
  readonly change: Change;
  readonly situation: Situation;
  /** The environment a deployment is for; `approved` and `previous-environment` stay closed without it. */
  readonly environment?: string;
}

type Judgement = Outcome<true>;

const DAY_MS = 86_400_000;

/**
 * Whether a gate is open for a change as it is now. Refusals: `form` FORM_INVALID; `steps` STEPS_OPEN; `rehearsed` NOT_REHEARSED,
 * REHEARSAL_FAILED, ROLLBACK_NOT_PROVEN; `validated` VALIDATION_FAILED, VALIDATION_INCONCLUSIVE; `approved` and `approved-all` NOT_APPROVED,
 * NO_ENVIRONMENT; `previous-environment` PREVIOUS_ENVIRONMENT, NO_ENVIRONMENT, WATCH_OPEN; `obligations` OBLIGATIONS_OPEN, NOT_APPROVED,
 * MONITORING_PERIOD, WATCH_OPEN;
 * `tested-…` TESTS_OPEN; `window` those of `checkOpening`.
 */
export function checkGate(gate: Gate, context: GateContext): Judgement {
  return GATE_RULES[gate](context);
}

const GATE_RULES: Readonly<Record<Gate, (context: GateContext) => Judgement>> = {
  form: ({ process, change, situation }) => {
    const form = checkForm(process, change, situation);
    return form.ok ? accept(true) : form;
  },
  steps: ({ process, change }) => {
    const open = openSteps(process, change);
    if (open.length === 0) return accept(true);
    return refuse("STEPS_OPEN", `Not done yet: ${titles(open)}.`, howToComplete(process, open), {
      details: { steps: open.map((step) => step.id) },
    });
  },
  rehearsed,
  validated,
  "approved-all": (context) => {
    const { environments } = context.change;
    if (environments.length === 0) {
      return refuse(
        "NO_ENVIRONMENT",
        "The change goes through no environment, so nobody can approve it for one.",
        "Import a configuration with environments and make the change again.",
      );
    }
    return (
      environments.map((environment) => approvedFor(context, environment)).find((one) => !one.ok) ?? accept<true>(true)
    );
  },
  approved: (context) => {
    const target = targetOf(context);
    return target.ok ? approvedFor(context, target.value) : target;
  },
  "previous-environment": reachedBefore,
  obligations: nothingOwed,
  "tested-before-approval": (context) => tested(context, "before-approval"),
  "tested-before-deployment": (context) => tested(context, "before-deployment"),
  "tested-after-deployment": (context) => tested(context, "after-deployment"),
  window: (context) => {
    const target = targetOf(context);
    if (!target.ok) return target;
    const opening = checkOpening(context, target.value);
    return opening.ok ? accept(true) : opening;
  },
};

function tested({ process, change, situation }: GateContext, by: TestMoment): Judgement {
  const open = testsOpen(process, change, situation, by);
  if (open === undefined) {
    return refuse(
      "TESTS_OPEN",
      "The process does not say which tests this change owes.",
      "What nobody can tell is not taken as tested: ask the owner of the process.",
    );
  }
  if (open.length === 0) return accept(true);
  const kinds = open.map(({ kind }) => kind);
  return refuse(
    "TESTS_OPEN",
    `Not passed on this content: ${kinds.join(", ")}.`,
    "Run them and hand in a report of each kind, or complete the step that stands for it.",
    { details: { tests: kinds } },
  );
}

function rehearsed({ process, change, situation }: GateContext): Judgement {
  const required = mustRehearseRollback(process, change);
  for (const migration of migrations(change)) {
    const { up, down } = judgeRehearsal(process, change, migration, situation);
    if (isOpen(up)) {
      const code = up.result === "failed" ? "REHEARSAL_FAILED" : "NOT_REHEARSED";
      return refuse(code, `${migration.name}: ${up.message}`, up.hint, { details: { artifact: migration.id } });
    }
    if (required && down !== undefined && isOpen(down)) {
      return refuse("ROLLBACK_NOT_PROVEN", `${migration.name}: ${down.message}`, down.hint, {
        details: { artifact: migration.id },
      });
    }
  }
  return accept(true);
}

function validated({ process, change, situation }: GateContext): Judgement {
  const { result, checks } = validateChange(process, change, situation);
  if (result === "passed") return accept(true);
  const open = checks.filter(isOpen).filter((check) => check.result === result);
  const [code, words] =
    result === "failed"
      ? ["VALIDATION_FAILED", "does not hold"]
      : ["VALIDATION_INCONCLUSIVE", "could not be established"];
  return refuse(
    code,
    open.map(({ title, message }) => `"${title}" ${words}: ${message}`).join(" "),
    [...new Set(open.map(({ hint }) => hint))].join(" "),
    { details: { checks: open.map(({ id }) => id) } },
  );
}

function approvedFor(
  { process, change, situation }: GateContext,
  environment: string,
  by: "deployment" | "closing" = "deployment",
): Judgement {
  const { people } = situation;
  const { met, missing, rejectedBy, explanation } = evaluateApprovals({
    process,
    change,
    environment,
    facts: change.facts,
    people,
    by,
  });
  if (met) return accept(true);
  const details = { environment, missing };
  if (rejectedBy !== undefined) {
    const { voter, comment } = rejectedBy;
    return refuse(
      "NOT_APPROVED",
      `${voter} rejected it for ${environment}${comment === undefined ? "." : `: ${comment}`}`,
      "Meet the objection by an edit, which asks for every vote anew.",
      { details },
    );
  }
  const open = explanation.children.filter((child) => missing.includes(child.id));
  const reasons = open.map((child) => `${child.title} (${child.reason})`);
  return refuse(
    "NOT_APPROVED",
    `Not approved for ${environment}: ${reasons.join("; ") || explanation.reason}.`,
    "The approvals of the change show which votes count, which do not, and why.",
    { details },
  );
}

function reachedBefore(context: GateContext): Judgement {
  const target = targetOf(context);
  if (!target.ok) return target;
  const { change, situation } = context;
  const before = previousEnvironment(change.environments, target.value);
  if (before === null) return accept(true);
  const fact = situation.environments.find(({ environment }) => environment === before);
  if (fact?.state === "deployed") return fact.watch?.state === "watching" ? accept(true) : checkWatchOver(fact);
  const state = fact?.state ?? "not-deployed";
  return refuse(
    "PREVIOUS_ENVIRONMENT",
    `${target.value} comes after ${before}, and ${STATE_WORDS[state]} there.`,
    `Deploy to ${before} first.`,
    { details: { environment: before, state } },
  );
}

const STATE_WORDS: Readonly<Record<Exclude<EnvironmentFact["state"], "deployed">, string>> = {
  "not-deployed": "the change is not deployed",
  deploying: "the change is still being deployed",
  failed: "a deployment or rollback of the change failed",
  "rolling-back": "the change is being rolled back",
  "rolled-back": "the change was rolled back",
};

function nothingOwed(context: GateContext): Judgement {
  const { process, change, situation } = context;
  const owed = obligations(process, change.facts);
  if (!owed.explanation.met) {
    return refuse(
      "OBLIGATIONS_OPEN",
      `The process does not say what this change owes after its deployment: ${owed.explanation.reason}.`,
      "What nobody can tell is not taken as done: roll it back, or ask the owner of the process.",
    );
  }
  const open = change.steps.filter((step) => owed.obligations.includes(step.id) && step.completed === undefined);
  if (open.length > 0) {
    return refuse("OBLIGATIONS_OPEN", `Still owed: ${titles(open)}.`, howToComplete(process, open), {
      details: { steps: open.map((step) => step.id) },
    });
  }
  const ratified = change.environments
    .map((environment) => approvedFor(context, environment, "closing"))
    .find((one) => !one.ok);
  if (ratified !== undefined) return ratified;
  const deployed = situation.environments.filter((fact) => fact.state === "deployed");
  const watched = deployed.map(checkWatchOver).find((one) => !one.ok);
  if (watched !== undefined) return watched;
  // A deployment of which nobody knows when it was is watched from now on rather than not at all.
  const since = Math.max(...deployed.map((fact) => Date.parse(fact.at ?? situation.now)));
  const until = since + owed.monitoringDays * DAY_MS;
  if (Date.parse(situation.now) >= until) return accept(true);
  const days = owed.monitoringDays === 1 ? "one day" : `${owed.monitoringDays} days`;
  const end = new Date(until).toISOString();
  return refuse(
    "MONITORING_PERIOD",
    `The change is watched for ${days} after its deployment, until ${end}.`,
    "Close it then, or roll it back if something is wrong.",
    { details: { until: end } },
  );
}

function targetOf({ change, environment }: GateContext): Outcome<string> {
  if (environment !== undefined && change.environments.includes(environment)) return accept(environment);
  return refuse(
    "NO_ENVIRONMENT",
    environment === undefined
      ? "It was not said which environment this is for."
      : `The change does not go through an environment "${environment}".`,
    `Name one of its environments: ${change.environments.join(", ") || "it has none"}.`,
  );
}

function titles(steps: readonly Step[]): string {
  return steps.map((step) => step.title).join("; ");
}

function howToComplete(process: Process, open: readonly Step[]): string {
  const manual = open.filter((step) => awaitedBy(process, step) === undefined).map((step) => step.id);
  const awaited = new Set(open.flatMap((step) => awaitedBy(process, step) ?? []).map(awaitedText));
  return [
    ...(manual.length > 0 ? [`Complete with their evidence: ${manual.join(", ")}.`] : []),
    ...(awaited.size > 0 ? [`The engine completes steps on ${[...awaited].join(", ")}.`] : []),
  ].join(" ");
}
