import { randomUUID } from "node:crypto";
import type { LocatedHistory } from "@change-mgmt/analysis/check/locate.ts";
import { accept, type Outcome, type Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { type ConnectedSession, connectPostgres } from "../../../assets/databases/postgres-session.ts";
import type { Address } from "../../../assets/databases/reference.ts";
import type { TargetEnvironment } from "../../../assets/databases/target.ts";
import type { StepContext, StepResult } from "../../artifact.ts";
import type { MigrationWork } from "../migration-work.ts";
import { knownLimits, limitStatements } from "../session-limits.ts";
import { applyByStatement } from "../statement-steps.ts";
import { applyInTransaction, ensureLedger, UNTOUCHED } from "../transactional-steps.ts";
import { applyWhole } from "./apply-whole.ts";
import { type HistoryText, readHistory } from "./history-files.ts";
import { artifactIdOf, changeIdOf, type KnownState, readState } from "./known-state.ts";
import { workOf } from "./work-of.ts";

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
  const works = await readWorks(pending, task);
  if (!works.ok) return works;
  if (task.dryRun) return accept(report);
  const unfit = await session.findUnfit();
  if (unfit) return unfit;
  return accept(await applyAll(session, works.value, state.value, task, report));
}

interface NamedWork {
  readonly name: string;
  readonly run: string;
  readonly work: MigrationWork;
}

/** All before the first is run: what cannot be read is known before anything is touched. */
async function readWorks(pending: readonly HistoryText[], { located }: ApplyTask): Promise<Outcome<NamedWork[]>> {
  const works: NamedWork[] = [];
  for (const text of pending) {
    const again = randomUUID();
    const read = await workOf(text, located.history, artifactIdOf(text, again));
    if (!read.ok) return read;
    works.push({ name: text.entry.name, run: text.repeatable ? `apply:${again}` : "apply", work: read.value });
  }
  return accept(works);
}

async function applyAll(
  session: ConnectedSession,
  works: readonly NamedWork[],
  { tool }: KnownState,
  task: ApplyTask,
  report: ApplyReport,
): Promise<ApplyReport> {
  const first = contextOf(session, task, "apply");
  const ledger = await ensureLedger(first, works[0]!.work, UNTOUCHED);
  const applied: AppliedMigration[] = [];
  const left = () => works.slice(applied.length).map(({ name }) => name);
  if (ledger.state === "failed") {
    return { ...report, failed: { ...failureOf(ledger), name: works[0]!.name } };
  }
  const limits = limitStatements(task.limits, await knownLimits(session));
  let make = tool?.make ?? [];
  for (const { name, run, work } of works) {
    const begun = performance.now();
    const context = run === "apply" ? first : contextOf(session, task, run);
    const entries = tool ? [...make, tool.insert(work.toolEntry!)] : [];
    const whole = work.artifact.transactional && !task.signal.aborted && session.usable;
    const end: StepResult =
      whole && (await applyWhole(session, work, context, { limits, entries }))
        ? { state: "done" }
        : await byStatement(work, context);
    if (end.state === "failed") return { ...report, applied, pending: left(), failed: { ...failureOf(end), name } };
    make = [];
    applied.push({ name, statements: work.statements.length, milliseconds: Math.round(performance.now() - begun) });
  }
  return { ...report, applied, pending: [] };
}

async function byStatement(work: MigrationWork, context: StepContext): Promise<StepResult> {
  const steps = work.artifact.transactional ? [applyInTransaction(work)] : applyByStatement(work);
  for (const step of steps) {
    const end = await step.run(context);
    if (end.state !== "done") return end;
  }
  return { state: "done" };
}

function failureOf({ refusal, targetState }: Extract<StepResult, { state: "failed" }>) {
  return { refusal, targetState };
}

function contextOf(session: ConnectedSession, task: ApplyTask, run: string): StepContext {
  const id = changeIdOf(task.located.history);
  return {
    deploymentId: run,
    attempt: 1,
    environment: { name: "apply", database: "", ...task.limits },
    change: { id, number: "apply", title: "apply" },
    requestedBy: task.requestedBy,
    target: async () => accept(session),
    commands: {},
    signOffs: {},
    say: task.say,
    now: () => new Date(),
    signal: task.signal,
    earlier: {},
  };
}
