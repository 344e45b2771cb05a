import type { LocatedHistory } from "@change-mgmt/analysis/check/locate.ts";
import { accept, type Outcome, type Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { type ConnectedSession, connectPostgres } from "../../../assets/databases/postgres-session.ts";
import type { Address } from "../../../assets/databases/reference.ts";
import type { TargetEnvironment } from "../../../assets/databases/target.ts";
import { type HistoryText, readHistory } from "./history-files.ts";
import { readState } from "./known-state.ts";

/** What is to be applied where, and how. */
export interface ApplyTask {
  readonly located: LocatedHistory;
  readonly address: Address;
  readonly limits: Pick<TargetEnvironment, "lockTimeoutMs" | "statementTimeoutMs" | "retries">;
  /** Only says what is pending. */
  readonly dryRun: boolean;
  /** Allows a migration that comes before one that is applied. */
  readonly outOfOrder: boolean;
  readonly requestedBy: string;
  readonly signal: AbortSignal;
  say(line: string): Promise<void>;
}

/** One migration that is on the database now. */
export interface AppliedMigration {
  readonly name: string;
  readonly statements: number;
  readonly milliseconds: number;
}

/** What became of it. Names are those of files, or of folders where each migration has one. */
export interface ApplyReport {
  readonly tool: string;
  /** The tool whose own ledger was read and, unless it is a dry run, written; null where there is none that is kept. */
  readonly ledger: string | null;
  /** How many were on the database before. */
  readonly before: number;
  readonly applied: readonly AppliedMigration[];
  /** What is still to be applied. */
  readonly pending: readonly string[];
  readonly failed: FailedMigration | null;
}

export interface FailedMigration {
  readonly name: string;
  readonly refusal: Refusal;
  /** What state the database was left in. */
  readonly targetState: string;
}

/**
 * Applies what a history on disk has and a database has not, each file once and with its ledger entries in the same transaction; stops at
 * the first that fails. Refuses before anything is run with what reading the files, connecting, and both ledgers refuse.
 */
export async function applyHistory(task: ApplyTask): Promise<Outcome<ApplyReport>> {
  const [texts, connected] = await Promise.all([readHistory(task.located), connectPostgres(task.address, "database")]);
  if (!connected.ok) return texts.ok ? connected : texts;
  const session = connected.value;
  try {
    return texts.ok ? await applyTo(session, texts.value, task) : texts;
  } finally {
    await session.close();
  }
}

async function applyTo(
  session: ConnectedSession,
  texts: readonly HistoryText[],
  task: ApplyTask,
): Promise<Outcome<ApplyReport>> {
  const { history } = task.located;
  const state = await readState(session, history, texts, task.outOfOrder);
  if (!state.ok) return state;
  const { pending, tool } = state.value;
  const report: ApplyReport = {
    tool: history.tool,
    ledger: tool?.title ?? null,
    before: texts.length - pending.length,
    applied: [],
    pending: pending.map(({ entry }) => entry.name),
    failed: null,
  };
  if (pending.length === 0) return accept(report);
  // The parser and what runs statements take longer to load than all of the above takes, and mostly nothing is pending.
  const { applyAll, readWorks } = await import("./apply-pending.ts");
  const works = await readWorks(pending, task);
  if (!works.ok) return works;
  if (task.dryRun) return accept(report);
  const unfit = await session.findUnfit();
  if (unfit) return unfit;
  return accept(await applyAll(session, works.value, state.value, task, report));
}
