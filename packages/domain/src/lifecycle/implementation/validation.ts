import type { Change, MigrationArtifact } from "../../change/change.ts";
import type { RehearsalFact, Situation } from "../../change/situation.ts";
import type { Process } from "../../process/process.ts";
import { rollbackProcedure } from "../deployment/procedure.ts";
import { validateForm } from "../requests/form.ts";

export type CheckResult = "passed" | "failed" | "inconclusive" | "not-applicable";

/** One thing that was looked at, with what came of it in words. */
export interface ValidationCheck {
  readonly id: string;
  readonly title: string;
  readonly result: CheckResult;
  readonly message: string;
  readonly hint?: string;
}

export interface ValidationResult {
  /** `failed` when any check failed, else `inconclusive` when any could not be established, else `passed`. */
  readonly result: "passed" | "failed" | "inconclusive";
  readonly checks: readonly ValidationCheck[];
}

/** Validates the content of a change as it is now: form, each migration's rehearsal up and down, and reports handed in for this content. */
export function validateChange(process: Process, change: Change, situation: Situation): ValidationResult {
  const checks = [
    formCheck(process, change, situation),
    implementationCheck(change),
    ...migrations(change).flatMap((migration) => rehearsalChecks(process, change, migration, situation)),
    ...reportChecks(change, situation),
  ];
  const has = (result: CheckResult) => checks.some((check) => check.result === result);
  return { result: has("failed") ? "failed" : has("inconclusive") ? "inconclusive" : "passed", checks };
}

/** The migrations a change carries, in order. */
export function migrations(change: Pick<Change, "artifacts">): readonly MigrationArtifact[] {
  return change.artifacts.filter((artifact) => artifact.kind === "migration");
}

/** The rehearsal of a migration for the content as it is now, if there was one. */
export function rehearsalOf(change: Change, artifact: string, situation: Situation): RehearsalFact | undefined {
  return situation.rehearsals.find((fact) => fact.artifact === artifact && fact.contentHash === change.contentHash);
}

function formCheck(process: Process, change: Change, situation: Situation): ValidationCheck {
  const form = validateForm(process, change.fields, {
    type: change.type,
    artifacts: change.artifacts,
    environments: change.environments,
    assessment: change.assessment,
    componentTeams: situation.componentTeams,
  });
  const base = { id: "form", title: "The form is complete and consistent" };
  if (form.ok) return { ...base, result: "passed", message: "Every field the type asks for is there." };
  return { ...base, result: "failed", message: form.refusal.message, hint: form.refusal.hint };
}

function implementationCheck(change: Change): ValidationCheck {
  const base = { id: "implementation", title: "The change carries what is to be deployed" };
  if (change.artifacts.length > 0) {
    return {
      ...base,
      result: "passed",
      message: `It carries ${change.artifacts.map((artifact) => artifact.name).join(", ")}.`,
    };
  }
  return {
    ...base,
    result: "failed",
    message: "The change carries no artifact, so there is nothing to deploy.",
    hint: "Add a migration, an external command or manual steps.",
  };
}

function rehearsalChecks(
  process: Process,
  change: Change,
  migration: MigrationArtifact,
  situation: Situation,
): ValidationCheck[] {
  const up = { id: `rehearsal:${migration.id}:up`, title: `${migration.name} runs on a rehearsal database` };
  const down = { id: `rehearsal:${migration.id}:down`, title: `The rollback of ${migration.name} restores the schema` };
  const required = rollbackProcedure(process, change.facts).rehearsed === "required";
  const fact = rehearsalOf(change, migration.id, situation);
  if (fact === undefined) {
    const wait = {
      result: "inconclusive" as const,
      message: "The rehearsal of this content has not ended yet.",
      hint: "Wait a moment and look again.",
    };
    return [{ ...up, ...wait }];
  }
  if (fact.outcome === "failed") {
    return [
      {
        ...up,
        result: "failed",
        message: fact.message,
        hint: "Correct the SQL; it is rehearsed again when it is changed.",
      },
    ];
  }
  if (fact.outcome === "not-rehearsable") return [{ ...up, ...elsewhere(change, situation, fact) }];
  return [
    { ...up, result: "passed", message: fact.message },
    { ...down, ...judgeRollback(fact, required) },
  ];
}

/** A migration that cannot be rehearsed here needs a validation that was done where it can be. */
function elsewhere(change: Change, situation: Situation, fact: RehearsalFact): Omit<ValidationCheck, "id" | "title"> {
  const report = latest(change, situation, "validation");
  if (report !== undefined && report.failed === 0 && report.passed > 0) {
    return {
      result: "passed",
      message: `Not rehearsable here (${fact.message}); a validation handed in for this content passed.`,
    };
  }
  return {
    result: "inconclusive",
    message: `Not rehearsable here: ${fact.message}`,
    hint: "Rehearse it where the extension or engine is to be had, and hand in a report of kind validation for this content.",
  };
}

function judgeRollback(fact: RehearsalFact, required: boolean): Omit<ValidationCheck, "id" | "title"> {
  switch (fact.rollback) {
    case "exact":
    case "column-order":
      return {
        result: "passed",
        message:
          fact.rollback === "exact"
            ? "Up and down again leave the schema as it was."
            : "Only the order of columns differs.",
      };
    case "absent":
      return required
        ? {
            result: "failed",
            message: "There is no rollback, and this process asks for one.",
            hint: "Write the down part.",
          }
        : { result: "not-applicable", message: "There is no rollback; this process only advises one." };
    case "differs":
    case "fails":
      return {
        result: "failed",
        message: fact.message,
        hint: "A rollback that does not restore is worse than none: correct the down part, or take it out and say in the rollback plan how it is undone.",
      };
    case "not-rehearsable":
      return {
        result: "inconclusive",
        message: fact.message,
        hint: "Hand in a report of kind validation from where it can be rehearsed.",
      };
  }
}

function reportChecks(change: Change, situation: Situation): ValidationCheck[] {
  return [...new Set(situation.reports.map((report) => report.kind))].sort().map((kind) => {
    const base = { id: `report:${kind}`, title: `The ${kind} report handed in for this content` };
    const report = latest(change, situation, kind);
    if (report === undefined) {
      return {
        ...base,
        result: "inconclusive",
        message: `The ${kind} report is for an earlier content of the change.`,
        hint: "Run it again and hand in the report.",
      };
    }
    if (report.failed > 0) {
      return {
        ...base,
        result: "failed",
        message: `${report.failed} failed, ${report.passed} passed.`,
        hint: "Mend what failed and hand in a new report.",
      };
    }
    return { ...base, result: "passed", message: `${report.passed} passed.` };
  });
}

function latest(change: Change, situation: Situation, kind: string) {
  return situation.reports
    .filter((report) => report.kind === kind && report.contentHash === change.contentHash)
    .reduce<(typeof situation.reports)[number] | undefined>(
      (newest, report) => (newest === undefined || report.at >= newest.at ? report : newest),
      undefined,
    );
}
