import { accept, type Outcome, type Problem } from "@change-mgmt/domain/change/refusal.ts";
import { requirementsFor } from "@change-mgmt/domain/lifecycle/approval/requirements.ts";
import { obligations, rollbackProcedure } from "@change-mgmt/domain/lifecycle/deployment/procedure.ts";
import { checklist } from "@change-mgmt/domain/lifecycle/implementation/checklist.ts";
import { type DueTest, testsDue } from "@change-mgmt/domain/lifecycle/implementation/tests-due.ts";
import { validateForm } from "@change-mgmt/domain/lifecycle/requests/form.ts";
import { routeTo } from "@change-mgmt/domain/lifecycle/requests/route.ts";
import { gatherFacts } from "@change-mgmt/domain/process/facts.ts";
import type { Explanation, Facts, Process } from "@change-mgmt/domain/process/process.ts";
import { evaluate, evaluateAll } from "@change-mgmt/domain/process/table.ts";
import { type Given, given, inputsOf, requirementText } from "./cases.ts";
import { checkShape, readYaml } from "./yaml-file.ts";

/** What a process says of given facts, each part with the rows that spoke and why the others did not. */
export interface ProcessExplanation {
  readonly facts: Facts;
  /** How each conclusion was reached: the facts that tables conclude from others, and scores. */
  readonly conclusions: readonly { readonly name: string; readonly explanation: Explanation }[];
  /** Every problem of the form; empty when it is valid. */
  readonly form: readonly Problem[];
  /** A team, or null with the refusal's code and sentence. */
  readonly route: { readonly team: string | null; readonly code?: string; readonly reason: string };
  readonly steps: readonly { readonly stage: string; readonly id: string; readonly title: string }[];
  readonly approvals: readonly {
    readonly environment: string;
    /** Each as worked examples write it, such as `cab by majority`. */
    readonly requirements: readonly string[];
    readonly explanation: Explanation;
  }[];
  readonly tests: { readonly due: readonly DueTest[]; readonly explanation: Explanation };
  readonly rollback: {
    readonly procedure: readonly string[];
    readonly rehearsed: "required" | "advised";
    readonly explanation: Explanation;
  };
  readonly afterwards: {
    readonly monitoringDays: number;
    readonly obligations: readonly string[];
    readonly explanation: Explanation;
  };
}

/** Reads given facts, written as a worked example writes them under `given`. Refused as CASES_INVALID with every problem at its place. */
export function readGiven(text: string, fileName: string): Outcome<Given> {
  const file = readYaml(text, fileName, "CASES_INVALID");
  return file.ok ? checkShape(given, file.value, fileName, "CASES_INVALID") : file;
}

/** Explains what a process asks of a change. */
export function explainProcess(process: Process, known: Given): ProcessExplanation {
  const inputs = inputsOf(process, known);
  const facts = gatherFacts(process, inputs);
  const form = validateForm(process, known.fields, inputs);
  const route = routeTo(process, facts, known.componentTeams);
  return {
    facts,
    conclusions: [
      ...process.derived.map(({ name, table }) => ({ name, explanation: evaluate(table, facts).explanation })),
      ...(process.scores ?? []).map(({ name, table }) => ({
        name,
        explanation: evaluateAll(table, facts).explanation,
      })),
    ],
    form: form.ok ? [] : (form.refusal.problems ?? []),
    route: route.ok
      ? { team: route.value.team, reason: route.value.explanation.reason }
      : { team: null, code: route.refusal.code, reason: route.refusal.message },
    steps: checklist(process, facts).map(({ stage, id, title }) => ({ stage, id, title })),
    approvals: (inputs.environments ?? []).map((environment) => {
      const { requirements, explanation } = requirementsFor(process, facts, environment);
      return { environment, requirements: requirements.map(requirementText), explanation };
    }),
    tests: { due: testsDue(process, facts) ?? [], explanation: evaluateAll(process.testing, facts).explanation },
    rollback: rollbackProcedure(process, facts),
    afterwards: obligations(process, facts),
  };
}

/** As `explainProcess`, for given facts as text. */
export function explainText(process: Process, text: string, fileName: string): Outcome<ProcessExplanation> {
  const known = readGiven(text, fileName);
  return known.ok ? accept(explainProcess(process, known.value)) : known;
}
