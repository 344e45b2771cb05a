import type { Change, MigrationArtifact } from "../../change/change.ts";
import type { RehearsalFact, Situation, TargetFact } from "../../change/situation.ts";
import { isFilled } from "../../process/facts.ts";
import type { Facts, FormField, Process } from "../../process/process.ts";
import { rollbackProcedure } from "../deployment/procedure.ts";
import { isOpen, type ValidationCheck, type Verdict } from "./check.ts";
import { latestReport } from "./reports.ts";

/** What the rehearsal of one migration says about running it and, where that could be asked, about taking it back. */
export interface RehearsalVerdict {
  readonly up: Verdict;
  readonly down?: Verdict;
}

/** The migrations a change carries, in order. */
export function migrations(change: Pick<Change, "artifacts">): readonly MigrationArtifact[] {
  return change.artifacts.filter((artifact) => artifact.kind === "migration");
}

/** The rehearsal of a migration for the content as it is now, if there was one. */
export function rehearsalOf(change: Change, artifact: string, situation: Situation): RehearsalFact | undefined {
  return situation.rehearsals.find((fact) => fact.artifact === artifact && fact.contentHash === change.contentHash);
}

/**
 * Facts the engine has measured: whether the content of this hash breaks somebody, whether anything of the change is on an environment, and what it
 * comes to where most is written anew (`rewrittenBytes`) or somebody kept out longest (`blockedSeconds`); these two only where it is known everywhere.
 */
export function measuredFacts(contentHash: string, situation: Situation): Facts {
  const targets = situation.targets.filter((fact) => fact.contentHash === contentHash);
  return {
    ...most("rewrittenBytes", targets),
    ...most("blockedSeconds", targets),
    deployed: situation.environments.some(({ state }) => state !== "not-deployed" && state !== "rolled-back"),
    breaking: situation.rehearsals.some((fact) => fact.contentHash === contentHash && fact.breaking),
  };
}

function most(name: "rewrittenBytes" | "blockedSeconds", targets: readonly TargetFact[]): Facts {
  const known = targets.flatMap((fact) => fact[name] ?? []);
  return known.length === 0 || known.length < targets.length ? {} : { [name]: Math.max(...known) };
}

/** Whether the process wants the way back of this change proven before it goes on. */
export function mustRehearseRollback(process: Process, change: Change): boolean {
  return rollbackProcedure(process, change.facts).rehearsed === "required";
}

/** The field of the form whose answer asks to go without a rehearsed way back: filled, the process only advises one of this change. */
export function exceptionField(process: Process, change: Change): FormField | undefined {
  const rehearsedWhen = (fact: string, value: boolean) =>
    rollbackProcedure(process, { ...change.facts, [fact]: value }).rehearsed;
  return process.form.fields.find(
    ({ factWhenFilled: fact }) =>
      fact !== undefined && rehearsedWhen(fact, false) === "required" && rehearsedWhen(fact, true) === "advised",
  );
}

/** Judges a migration by its rehearsal on the content as it is now, or by a validation handed in where it cannot be rehearsed here. */
export function judgeRehearsal(
  process: Process,
  change: Change,
  migration: MigrationArtifact,
  situation: Situation,
): RehearsalVerdict {
  const fact = rehearsalOf(change, migration.id, situation);
  if (fact === undefined) {
    const message = "The rehearsal of this content has not ended yet.";
    return { up: { result: "inconclusive", message, hint: "Wait a moment: it starts and is judged by itself." } };
  }
  if (fact.outcome === "failed") {
    const hint = "Correct the SQL; it is rehearsed again when it is changed.";
    return { up: { result: "failed", message: fact.message, hint } };
  }
  if (fact.outcome === "passed") {
    return {
      up: { result: "passed", message: fact.message },
      down: judgeRollback(process, fact, change, situation),
    };
  }
  const up = judgeElsewhere(fact.message, change, situation);
  return migration.down === null ? { up, down: absentRollback(process, change) } : { up };
}

/** The checks of each migration's rehearsal, up and down. */
export function rehearsalChecks(process: Process, change: Change, situation: Situation): ValidationCheck[] {
  return migrations(change).flatMap((migration) => {
    const { id, name } = migration;
    const { up, down } = judgeRehearsal(process, change, migration, situation);
    const checks: ValidationCheck[] = [
      { id: `rehearsal:${id}:up`, title: `${name} runs on a rehearsal database`, ...up },
    ];
    if (down !== undefined) {
      checks.push({ id: `rehearsal:${id}:down`, title: `The rollback of ${name} restores the schema`, ...down });
    }
    return checks;
  });
}

/** Whether nothing about the rehearsals of a change's migrations stands in the way, up or down. */
export function isRehearsed(process: Process, change: Change, situation: Situation): boolean {
  return !rehearsalChecks(process, change, situation).some(isOpen);
}

function judgeRollback(process: Process, fact: RehearsalFact, change: Change, situation: Situation): Verdict {
  const message = fact.rollbackMessage;
  switch (fact.rollback) {
    case "exact":
    case "column-order":
      return { result: "passed", message };
    case "absent":
      return absentRollback(process, change);
    case "differs":
    case "fails":
      return {
        result: "failed",
        message,
        hint: mustRehearseRollback(process, change)
          ? "Correct the down part until its rehearsal restores the schema."
          : "A rollback that does not restore is worse than none: correct the down part, or take it out and say in the rollback plan how it is undone.",
      };
    case "not-rehearsable":
      return judgeElsewhere(message, change, situation);
  }
}

function absentRollback(process: Process, change: Change): Verdict {
  const field = exceptionField(process, change);
  if (mustRehearseRollback(process, change)) {
    return {
      result: "failed",
      message: "There is no rollback, and the process asks for one that is rehearsed.",
      hint: field
        ? `Write the down part; or ask for an exception by saying why there is none in "${field.title}", which takes an approval of its own.`
        : "Write the down part.",
    };
  }
  return field && isFilled(change.fields[field.id])
    ? {
        result: "not-applicable",
        message: `There is no rollback; an exception is asked for in "${field.title}", and the approvals say who gives it.`,
      }
    : { result: "not-applicable", message: "There is no rollback; the process only advises one." };
}

/** What cannot be rehearsed here needs a validation that was done where it can be. */
function judgeElsewhere(reason: string, change: Change, situation: Situation): Verdict {
  const report = latestReport(change, situation, "validation");
  if (report !== undefined && report.failed === 0 && report.passed > 0) {
    const message = `A validation handed in for this content passed; it cannot be rehearsed here: ${reason}`;
    return { result: "passed", message };
  }
  return {
    result: "inconclusive",
    message: `It cannot be rehearsed here: ${reason}`,
    hint: "Rehearse it where the extension or engine is to be had, and hand in a report of kind validation for this content.",
  };
}
