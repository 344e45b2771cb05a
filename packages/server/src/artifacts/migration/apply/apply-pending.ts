import { randomUUID } from "node:crypto";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { progressText } from "@change-mgmt/domain/lifecycle/deployment/batch-progress.ts";
import type { ConnectedSession } from "../../../assets/databases/postgres-session.ts";
import type { StepContext, StepResult } from "../../artifact.ts";
import type { MigrationWork } from "../migration-work.ts";
import { knownLimits, limitStatements } from "../session-limits.ts";
import { applyByStatement } from "../statement-steps.ts";
import { applyInTransaction, ensureLedger, UNTOUCHED } from "../transactional-steps.ts";
import type { AppliedMigration, ApplyReport, ApplyTask } from "./apply-history.ts";
import { WholeFiles } from "./apply-whole.ts";
import type { HistoryText } from "./history-files.ts";
import { artifactIdOf, changeIdOf, type KnownState } from "./known-state.ts";
import { workOf } from "./work-of.ts";

/** A migration that can be run, with the name of its run in our ledger. */
export interface NamedWork {
  readonly name: string;
  readonly run: string;
  readonly work: MigrationWork;
}

/** Reads all that is pending before the first is run, so that what cannot be read is known before anything is touched. Refuses as `workOf`. */
export async function readWorks(
  pending: readonly HistoryText[],
  { located }: ApplyTask,
): Promise<Outcome<NamedWork[]>> {
  const works: NamedWork[] = [];
  for (const text of pending) {
    const again = randomUUID();
    const read = await workOf(text, located.history, artifactIdOf(text, again));
    if (!read.ok) return read;
    works.push({ name: text.entry.name, run: text.repeatable ? `apply:${again}` : "apply", work: read.value });
  }
  return accept(works);
}

/** Applies one after the other and stops at the first that fails. */
export async function applyAll(
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
  const whole = new WholeFiles(session, limitStatements(task.limits, await knownLimits(session)));
  let make = tool?.make ?? [];
  for (const { name, run, work } of works) {
    const begun = performance.now();
    const context = run === "apply" ? first : contextOf(session, task, run);
    const entries = tool ? [...make, tool.insert(work.toolEntry!)] : [];
    const fit = work.artifact.transactional && !task.signal.aborted && session.usable;
    const sent = fit && (await whole.apply(work, context, entries));
    const end: StepResult = sent ? { state: "done" } : await byStatement(work, context);
    if (!sent) whole.settingsDiscarded();
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
    progress: (progress) => task.say(progressText(progress)),
    pauseWanted: () => false,
    now: () => new Date(),
    signal: task.signal,
    earlier: {},
  };
}
