import type { Doing } from "./process-messages.ts";
import type { DownReport, MigrationReport, RehearsalMigration, StatementReport, UpReport } from "./report.ts";
import type { EarlyEnd } from "./run-task.ts";

/** A migration's report while it is being filled in. */
export interface MigrationDraft
  extends Omit<MigrationReport, "statements" | "downStatements" | "rehearsal" | "schemaChange"> {
  statements: StatementReport[];
  downStatements: StatementReport[];
  rehearsal: { up: UpReport; down: DownReport };
  schemaChange: MigrationReport["schemaChange"];
  breaking: boolean;
  findings: MigrationReport["findings"];
  downFindings: MigrationReport["downFindings"];
  proposal: MigrationReport["proposal"];
  notes: readonly string[];
}

const NOT_REACHED = "it was not reached";

/** The report of a migration that nothing is known of yet. */
export function emptyReport({ id, name, transactional }: RehearsalMigration): MigrationDraft {
  return {
    id,
    name,
    transactional,
    statements: [],
    downStatements: [],
    rehearsal: { up: upNotRehearsable(NOT_REACHED), down: downNotRehearsable(NOT_REACHED) },
    schemaChange: [],
    breaking: false,
    findings: null,
    downFindings: null,
    proposal: null,
    notes: [],
  };
}

export function upNotRehearsable(reason: string, line: number | null = null): UpReport {
  return { outcome: "not-rehearsable", line, reason };
}

export function downNotRehearsable(reason: string, line: number | null = null): DownReport {
  return { outcome: "not-rehearsable", data: "not-checked", line, differences: [], reason, dataReason: null };
}

/** Writes down why the process was ended early: in what it was doing, and in all that it had not come to. */
export function markOpen(drafts: MigrationDraft[], doing: Doing, end: EarlyEnd): void {
  const at = doing.migration ?? 0;
  const inStatement = doing.line !== null && end.cause !== "crash";
  for (const [index, draft] of drafts.entries()) {
    const { up, down } = draft.rehearsal;
    const here = index === at && doing.migration !== null;
    if (here && doing.direction === "up" && up.reason === NOT_REACHED) {
      const outcome = inStatement ? "fails" : "not-rehearsable";
      draft.rehearsal.up = { outcome, line: doing.line, reason: end.reason };
    } else if (up.outcome !== "ok" && up.reason === NOT_REACHED) {
      draft.rehearsal.up = upNotRehearsable(
        index > at ? `an earlier one was ended: ${end.reason}` : `${doing.what}: ${end.reason}`,
      );
    }
    if (here && doing.direction === "down" && inStatement) {
      draft.rehearsal.down = { ...downNotRehearsable(end.reason, doing.line), outcome: "fails" };
    } else if (down.reason === NOT_REACHED) {
      draft.rehearsal.down = downNotRehearsable(
        draft.rehearsal.up.outcome === "ok" ? end.reason : "the up part did not finish",
      );
    }
  }
}
