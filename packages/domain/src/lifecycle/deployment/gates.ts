import type { Change } from "../../change/change.ts";
import { accept, type Outcome, refuse } from "../../change/refusal.ts";
import type { Situation } from "../../change/situation.ts";
import type { Gate, Process } from "../../process/process.ts";
import { evaluateApprovals } from "../approval/quorum.ts";
import { openSteps } from "../implementation/checklist.ts";
import { migrations, rehearsalOf, validateChange } from "../implementation/validation.ts";
import { obligations, previousEnvironment, rollbackProcedure } from "./procedure.ts";

export interface GateContext {
  readonly process: Process;
  readonly change: Change;
  readonly situation: Situation;
  /** The environment a deployment is for; needed by `approved` and `previous-environment`. */
  readonly environment?: string;
}

/** Whether a gate is open for a change as it is now. Each refusal has a code of its own and says what is missing. */
export function checkGate(gate: Gate, context: GateContext): Outcome<true> {
  return GATE_RULES[gate](context);
}

const GATE_RULES: Readonly<Record<Gate, (context: GateContext) => Outcome<true>>> = {
  form: ({ process, change, situation }) => {
    const check = validateChange(process, change, situation).checks.find(({ id }) => id === "form");
    return check?.result === "passed"
      ? accept(true)
      : refuse("FORM_INVALID", String(check?.message), "Correct the form.");
  },
  steps: ({ process, change }) => {
    const open = openSteps(process, change);
    if (open.length === 0) return accept(true);
    return refuse(
      "STEPS_OPEN",
      `Not done yet: ${open.map((step) => step.title).join("; ")}.`,
      "Complete these steps with their evidence.",
      {
        details: { steps: open.map((step) => step.id) },
      },
    );
  },
  rehearsed: ({ process, change, situation }) => {
    const required = rollbackProcedure(process, change.facts).rehearsed === "required";
    for (const migration of migrations(change)) {
      const fact = rehearsalOf(change, migration.id, situation);
      if (fact === undefined)
        return refuse(
          "NOT_REHEARSED",
          `${migration.name} has not been rehearsed in this content.`,
          "Wait a moment: the rehearsal starts by itself.",
        );
      if (fact.outcome !== "passed")
        return refuse("REHEARSAL_FAILED", `${migration.name}: ${fact.message}`, "Correct the migration.");
      if (required && fact.rollback !== "exact" && fact.rollback !== "column-order") {
        return refuse(
          "ROLLBACK_NOT_PROVEN",
          `${migration.name}: ${fact.message}`,
          "Correct the down part until its rehearsal restores the schema.",
        );
      }
    }
    return accept(true);
  },
  validated: ({ process, change, situation }) => {
    const { result, checks } = validateChange(process, change, situation);
    if (result === "passed") return accept(true);
    const open = checks.filter((check) => check.result === result);
    const code = result === "failed" ? "VALIDATION_FAILED" : "VALIDATION_INCONCLUSIVE";
    return refuse(
      code,
      open.map((check) => `${check.title}: ${check.message}`).join(" "),
      open.map((check) => check.hint).find((hint) => hint !== undefined) ?? "Look at the validation of the change.",
      {
        details: { checks: open.map((check) => check.id) },
      },
    );
  },
  "approved-all": (context) => {
    for (const environment of context.change.environments) {
      const approved = approvedFor(context, environment);
      if (!approved.ok) return approved;
    }
    return context.change.environments.length > 0
      ? accept(true)
      : refuse(
          "NO_ENVIRONMENT",
          "The change goes through no environment.",
          "Import a configuration with environments.",
        );
  },
  approved: (context) => approvedFor(context, target(context)),
  "previous-environment": (context) => {
    const environment = target(context);
    const before = previousEnvironment(context.change.environments, environment);
    if (before === null) return accept(true);
    const state = context.situation.environments.find((fact) => fact.environment === before)?.state ?? "not-deployed";
    if (state === "deployed") return accept(true);
    return refuse(
      "PREVIOUS_ENVIRONMENT",
      `${environment} comes after ${before}, and the change is ${state.replace("-", " ")} there.`,
      `Deploy to ${before} first.`,
      {
        details: { environment: before, state },
      },
    );
  },
  obligations: ({ process, change, situation }) => {
    const owed = obligations(process, change.facts);
    const open = change.steps.filter((step) => owed.obligations.includes(step.id) && step.completed === undefined);
    if (open.length > 0)
      return refuse(
        "OBLIGATIONS_OPEN",
        `Still owed: ${open.map((step) => step.title).join("; ")}.`,
        "Complete these steps.",
      );
    const deployed = situation.environments
      .filter((fact) => fact.state === "deployed")
      .map((fact) => Date.parse(String(fact.at)));
    const until = Math.max(0, ...deployed) + owed.monitoringDays * 86_400_000;
    if (deployed.length === 0 || Date.parse(situation.now) >= until) return accept(true);
    return refuse(
      "MONITORING_PERIOD",
      `The change is watched for ${owed.monitoringDays} days after its deployment, until ${new Date(until).toISOString()}.`,
      "Close it then, or roll it back if something is wrong.",
    );
  },
};

function approvedFor({ process, change, situation }: GateContext, environment: string): Outcome<true> {
  const approvals = evaluateApprovals({ process, change, environment, facts: change.facts, people: situation.people });
  if (approvals.met) return accept(true);
  const missing = approvals.explanation.children.filter((child) => approvals.missing.includes(child.id));
  const words =
    missing.length > 0
      ? missing.map((child) => `${child.title}: ${child.reason}`).join("; ")
      : approvals.explanation.reason;
  return refuse(
    "NOT_APPROVED",
    `Not approved for ${environment}. ${words}`,
    "The approvals of the change name who could give what is missing.",
    {
      details: { environment, missing: missing.map((child) => child.id) },
    },
  );
}

function target({ change, environment }: GateContext): string {
  if (environment === undefined || !change.environments.includes(environment)) {
    throw new RangeError(`a gate for an environment was asked without one of ${change.environments.join(", ")}`);
  }
  return environment;
}
