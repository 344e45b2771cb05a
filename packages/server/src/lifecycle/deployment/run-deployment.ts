import { accept, type Outcome, type Refusal, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { ENGINE } from "@change-mgmt/domain/identity/permissions.ts";
import type { BatchProgress } from "@change-mgmt/domain/lifecycle/deployment/batch-progress.ts";
import type { PlannedStep, StepContext, StepResult } from "../../artifacts/artifact.ts";
import { type SchemaSnapshot, snapshotStep } from "../../artifacts/migration/schema-steps.ts";
import type { TargetSession, Targets } from "../../assets/databases/target.ts";
import type { Measure } from "../../assets/measures/measure.ts";
import type { Door } from "../../commands/execute.ts";
import { crossing } from "../../storage/crossing.ts";
import { loadHold } from "../../storage/hold-record.ts";
import { newId } from "../../storage/ids.ts";
import { beginAttempt, Fenced, type JournalEntry, planJournal, readJournal, writeStep } from "../../storage/journal.ts";
import { json } from "../../storage/json.ts";
import { releaseLease, takeLease } from "../../storage/leases.ts";
import type { Db } from "../../storage/store.ts";
import { isStoreLoss } from "../../storage/store-loss.ts";
import { hasStarted, rowsOf, type Tries, triesOf } from "./attempts.ts";
import { baselineSteps } from "./baseline.ts";
import { beginDeployment } from "./begin-deployment.ts";
import { cancellation, carriedOutBefore, leftBehind } from "./end-words.ts";
import type { DeploymentPlan } from "./plan.ts";
import { type EndState, recordEnd } from "./record-end.ts";
import { keepSnapshot, purposeOf, SNAPSHOT_AFTER } from "./snapshots.ts";
import { planSteps } from "./steps.ts";

export interface DeploymentTools {
  readonly db: Db;
  readonly door: Door;
  readonly targets: Targets;
  /** Measures what is watched afterwards, before anything is done. */
  readonly measure?: Measure;
  /** Milliseconds a lease lasts without a sign of life; a dead worker's deployment is taken up after that. */
  readonly leaseMs?: number;
  /** Hears of what broke unexpectedly. */
  readonly say?: (line: string) => void;
  /** Turns a plan into steps; by the kinds of its artifacts unless said. */
  readonly plan?: typeof planSteps;
}

/** A step may work when it is tried again; how often is up to the queue. */
export class StepToRetry extends Error {}

const LEASE_MS = 15_000;
/** Between two writes of how far a step has come; a batch may take a few milliseconds. */
const SHOW_MS = 500;
/** A step that has broken unexpectedly so often is given up. */
const MOST_BREAKS = 10;
/** Longer than the longest pause of the queue between two tries, after which the deployment counts as orphaned. */
const RETRY_WITHIN_MS = 120_000;

/**
 * Carries a deployment on from wherever it stands, step by step, each written into the journal before and after. May be called again at any
 * time and from any process: a lease keeps the target to one worker, the attempt number fences off one that was taken for dead.
 */
export async function runDeployment(
  tools: DeploymentTools,
  deploymentId: string,
  stop: AbortSignal,
  lastTry: boolean,
): Promise<void> {
  const row = await tools.db
    .selectFrom("deployments")
    .select(["environment", "state", "plan", "cancelled_by"])
    .where("id", "=", deploymentId)
    .executeTakeFirst();
  if (!row || !["requested", "running", "waiting"].includes(row.state)) return;
  // Once released it is announced again as orphaned. One that somebody wants stopped ends all the same: nothing more is done to its target.
  if (row.cancelled_by === null && (await loadHold(tools.db)) !== null) return;
  const resource = `environment:${row.environment}`;
  const holder = newId();
  const leaseMs = tools.leaseMs ?? LEASE_MS;
  // Somebody else has it in hand; should they die, it is announced again as orphaned.
  if ((await takeLease(tools.db, resource, holder, leaseMs)) === undefined) return;
  const run = new Run(tools, deploymentId, row.plan as DeploymentPlan, stop);
  const keepAlive = setInterval(
    () => run.keepAlive(() => takeLease(tools.db, resource, holder, leaseMs)),
    Math.min(1000, leaseMs / 3),
  );
  try {
    await run.go(lastTry);
  } catch (error) {
    // Whoever has taken it up since goes on with it; there is nothing left to do here.
    if (!(error instanceof Fenced)) throw error;
  } finally {
    clearInterval(keepAlive);
    await run.close();
    await releaseLease(tools.db, resource, holder);
  }
}

class Run {
  readonly #tools: DeploymentTools;
  readonly #id: string;
  readonly #plan: DeploymentPlan;
  readonly #abort = new AbortController();
  #session: TargetSession | undefined;
  #attempt = 0;
  #checking: Promise<void> | undefined;
  #pauseWanted = false;
  /** How far the step in hand has come, and when that was last written. */
  #progress: { latest: BatchProgress | null; shownAt: number } = { latest: null, shownAt: 0 };

  constructor(tools: DeploymentTools, id: string, plan: DeploymentPlan, stop: AbortSignal) {
    this.#tools = tools;
    this.#id = id;
    this.#plan = plan;
    stop.addEventListener("abort", () => this.#abort.abort(new Error("the process stops")), { once: true });
    if (stop.aborted) this.#abort.abort(new Error("the process stops"));
  }

  /** Renews the lease and looks whether somebody wants the deployment stopped. */
  keepAlive(renew: () => Promise<number | undefined>): void {
    if (this.#checking || this.#abort.signal.aborted) return;
    this.#checking = this.#check(renew);
  }

  async #check(renew: () => Promise<number | undefined>): Promise<void> {
    try {
      if ((await renew()) === undefined) this.#abort.abort(new Fenced(this.#id, this.#attempt));
      else {
        if (await this.#cancelledBy()) this.#abort.abort(new Error("cancelled"));
        this.#pauseWanted = await this.#isPaused();
      }
    } catch {
      // The store cannot be reached: the lease runs out by itself, and the next write of the journal will say so.
    } finally {
      this.#checking = undefined;
    }
  }

  /** Leaves nothing under way: a renewal that came after the lease was given back would keep everybody out until it runs out. */
  async close(): Promise<void> {
    await this.#checking;
    await this.#session?.close();
  }

  async go(lastTry: boolean): Promise<void> {
    const attempt = await beginAttempt(this.#tools.db, this.#id);
    if (attempt === undefined) return;
    this.#attempt = attempt;
    if (await this.#endIfCancelled()) return;
    const closed = await this.#mayNotStart();
    if (closed !== undefined) return await this.#finish("failed", closed, "Nothing was done to the target.");
    const planned = await (this.#tools.plan ?? planSteps)(this.#tools.db, this.#plan, this.#id);
    if (!planned.ok) return await this.#finish("failed", planned.refusal, "Nothing was done to the target.");
    const steps = [...baselineSteps(this.#plan, this.#tools.measure), ...planned.value];
    await planJournal(this.#tools.db, this.#id, attempt, steps);
    for (const step of steps) {
      const journal = await readJournal(this.#tools.db, this.#id);
      const entry = journal.find((candidate) => candidate.step === step.id);
      if (entry?.state === "done") continue;
      if (await this.#endIfCancelled()) return;
      const tries = triesOf(entry);
      if ((await this.#isPaused()) && (await this.#pause(step, { ...tries, rows: rowsOf(entry?.output) }))) return;
      await this.#write(step, { state: "running", output: tries });
      let result = await this.#attemptStep(step, tries, journal);
      while (result.state === "paused") {
        if (await this.#pause(step, { ...tries, ...this.#rows() })) return;
        await this.#write(step, { state: "running", output: { ...tries, ...this.#rows() } });
        result = await this.#attemptStep(step, tries, journal);
      }
      if (result.state === "waiting") return await this.#wait(step, result.message);
      if (result.state === "failed") return await this.#failed(step, tries, result, lastTry);
      await this.#done(step, result.output);
    }
    const words =
      this.#plan.direction === "deploy"
        ? "Everything is on the target and was verified."
        : "The target is as it was before the change; this was verified.";
    await this.#finish("succeeded", null, words);
  }

  /** Why it may not start now, where it has not yet: what has begun on its target, or waits for people there, is brought to its end. */
  async #mayNotStart(): Promise<Refusal | undefined> {
    if (this.#plan.direction !== "deploy") return undefined;
    const journal = await readJournal(this.#tools.db, this.#id);
    if (journal.some(hasStarted)) return undefined;
    const input = { id: this.#plan.change.id, environment: this.#plan.environment.name, deployment: this.#id };
    const begun = await this.#tools.door.execute(beginDeployment, input, { actor: ENGINE });
    return begun.ok ? undefined : begun.refusal;
  }

  /** Runs a step; what it throws is a bug or our own store out of reach, and is tried again a limited number of times. */
  async #attemptStep(step: PlannedStep, tries: Tries, journal: readonly JournalEntry[]): Promise<StepResult> {
    const done = journal.filter((entry) => entry.state === "done");
    this.#progress = { latest: null, shownAt: 0 };
    try {
      const result = await this.#run(step, Object.fromEntries(done.map((entry) => [entry.step, entry.output])));
      await this.#showProgress(step);
      return result;
    } catch (error) {
      // Our own store being away is no fault of the step, however often; whoever has it in hand next finds it cut off.
      if (error instanceof Fenced || isStoreLoss(error)) throw error;
      const { message, stack } = error as Error;
      this.#tools.say?.(`step ${step.id} of deployment ${this.#id}: ${stack ?? message}`);
      const broke = tries.broke + 1;
      if (broke < MOST_BREAKS) {
        await this.#tryLater(step, { broke, cutOff: true }, `It broke unexpectedly (${message}).`, broke * 1000);
        throw error;
      }
      const { refusal } = refuse(
        "UNEXPECTED",
        `"${step.title}" broke unexpectedly ${broke} times: ${message}`,
        "Look into the server's log; this is a fault of the product.",
      );
      const targetState = "What this step did to the target is not known; look at it before going on.";
      return { state: "failed", refusal, targetState, retryable: false, uncertain: true };
    }
  }

  async #run(step: PlannedStep, earlier: Readonly<Record<string, unknown>>): Promise<StepResult> {
    const { change, environment, commands } = this.#plan;
    const row = await this.#tools.db
      .selectFrom("deployments")
      .select("requested_by")
      .where("id", "=", this.#id)
      .executeTakeFirstOrThrow();
    const signOffs = await this.#tools.db
      .selectFrom("sign_offs")
      .selectAll()
      .where("deployment_id", "=", this.#id)
      .execute();
    const context: StepContext = {
      deploymentId: this.#id,
      attempt: this.#attempt,
      environment,
      change,
      requestedBy: row.requested_by,
      target: () => this.#target(),
      commands,
      signOffs: Object.fromEntries(
        signOffs.map((entry) => [
          entry.step,
          {
            by: entry.signed_by,
            at: entry.created_at.toISOString(),
            ...(entry.note === null ? {} : { note: entry.note }),
          },
        ]),
      ),
      say: async (line) => {
        await crossing("journal.output", () =>
          this.#tools.db
            .insertInto("deployment_output")
            .values({ deployment_id: this.#id, step: step.id, line: line.slice(0, 4000) })
            .execute(),
        );
      },
      progress: async (progress) => {
        this.#progress.latest = progress;
        if (Date.now() - this.#progress.shownAt >= SHOW_MS) await this.#showProgress(step);
      },
      pauseWanted: () => this.#pauseWanted,
      now: () => new Date(),
      signal: this.#abort.signal,
      earlier,
    };
    return await step.run(context);
  }

  async #showProgress(step: PlannedStep): Promise<void> {
    const { latest } = this.#progress;
    if (latest === null) return;
    this.#progress.shownAt = Date.now();
    await crossing("journal.progress", () =>
      this.#tools.db
        .updateTable("deployment_steps")
        .set({ progress: json<unknown>(latest) })
        .where("deployment_id", "=", this.#id)
        .where("step", "=", step.id)
        .where("attempt", "=", this.#attempt)
        .execute(),
    );
  }

  /** What is to be remembered of the batches of the step in hand. */
  #rows(): { readonly rows?: number } {
    const { latest } = this.#progress;
    return latest === null ? {} : { rows: latest.done };
  }

  async #target(): Promise<Outcome<TargetSession>> {
    if (this.#session) return { ok: true, value: this.#session };
    const opened = await this.#tools.targets.open(this.#plan.environment);
    if (opened.ok) this.#session = opened.value;
    return opened;
  }

  async #write(
    step: PlannedStep,
    entry: Parameters<typeof writeStep>[4],
    also?: Parameters<typeof writeStep>[5],
  ): Promise<void> {
    await writeStep(this.#tools.db, this.#id, this.#attempt, step.id, entry, also);
  }

  async #done(step: PlannedStep, output: unknown): Promise<void> {
    const purpose = purposeOf(step.id);
    if (purpose === undefined) return await this.#write(step, { state: "done", output: output ?? null });
    // A schema is kept among the snapshots; the journal needs no second copy of it.
    const snapshot = output as SchemaSnapshot;
    await this.#write(step, { state: "done", output: { hash: snapshot.hash } }, (tx) =>
      keepSnapshot(tx, { environment: this.#plan.environment.name, deployment: this.#id, purpose }, snapshot),
    );
  }

  async #wait(step: PlannedStep, message: string): Promise<void> {
    await this.#write(step, { state: "waiting", message }, async (tx) => {
      await tx.updateTable("deployments").set({ state: "waiting" }).where("id", "=", this.#id).execute();
    });
  }

  /** Leaves the step for later; answers false where somebody has let the deployment go on meanwhile. */
  async #pause(step: PlannedStep, output: Tries & { readonly rows?: number }): Promise<boolean> {
    let paused = false;
    await this.#write(step, { state: "pending", output }, async (tx) => {
      const row = await tx
        .updateTable("deployments")
        .set({ state: "waiting" })
        .where("id", "=", this.#id)
        .where("paused_by", "is not", null)
        .returning("id")
        .executeTakeFirst();
      paused = row !== undefined;
    });
    return paused;
  }

  async #failed(
    step: PlannedStep,
    tries: Tries,
    result: Extract<StepResult, { state: "failed" }>,
    lastTry: boolean,
  ): Promise<void> {
    if (this.#abort.signal.reason instanceof Fenced) throw this.#abort.signal.reason;
    const { refusal, retryable } = result;
    // What cannot be helped by trying again was said by the target itself, which settles what an earlier try has left.
    const cutOff = result.uncertain === true || (tries.cutOff && retryable);
    const cancelled = await this.#cancelledBy();
    if (!cancelled && this.#abort.signal.aborted) {
      const output = { ...tries, ...this.#rows(), cutOff };
      await this.#write(step, { state: "pending", message: "The process stopped.", output });
      throw new StepToRetry("the process stops; the deployment goes on elsewhere or at the next start");
    }
    if (!cancelled && retryable && !lastTry) {
      await this.#tryLater(step, { ...tries, cutOff }, refusal.message, RETRY_WITHIN_MS);
      throw new StepToRetry(refusal.message);
    }
    await this.#write(step, { state: "failed", message: refusal.message, output: { ...tries, cutOff } });
    const doubt =
      cutOff && result.uncertain !== true
        ? " But an earlier try was cut off, and the target could not be asked what it did."
        : "";
    const before = carriedOutBefore(this.#plan, await readJournal(this.#tools.db, this.#id), step.id);
    const targetState = `${result.targetState}${doubt}${before}`;
    await this.#finish(cancelled ? "cancelled" : "failed", cancelled ? cancellation(cancelled) : refusal, targetState);
  }

  async #tryLater(step: PlannedStep, tries: Tries, why: string, withinMs: number): Promise<void> {
    const message = `${why} It is tried again.`;
    await this.#write(step, { state: "pending", message, output: { ...tries, ...this.#rows() } }, async (tx) => {
      await tx
        .updateTable("deployments")
        .set({ retry_at: new Date(Date.now() + withinMs) })
        .where("id", "=", this.#id)
        .execute();
    });
  }

  /** Ends a deployment that somebody wants stopped, between two steps; answers whether it did. */
  async #endIfCancelled(): Promise<boolean> {
    const cancelled = await this.#cancelledBy();
    if (!cancelled) return false;
    const journal = await readJournal(this.#tools.db, this.#id);
    await this.#finish("cancelled", cancellation(cancelled), leftBehind(journal));
    return true;
  }

  async #finish(state: EndState, refusal: Refusal | null, targetState: string): Promise<void> {
    const { db, door } = this.#tools;
    const ended = { db, door, plan: this.#plan, id: this.#id, attempt: this.#attempt };
    const look = () => this.#readSchema(snapshotStep(SNAPSHOT_AFTER));
    await recordEnd({ ...ended, readSchema: look }, { state, refusal, targetState });
  }

  async #readSchema(step: PlannedStep): Promise<Outcome<SchemaSnapshot>> {
    try {
      const result = await this.#run(step, {});
      if (result.state === "done") return accept(result.output as SchemaSnapshot);
      return refuse("SCHEMA_UNREADABLE", result.state === "failed" ? result.refusal.message : "it did not end", "");
    } catch (error) {
      return refuse("SCHEMA_UNREADABLE", (error as Error).message, "");
    }
  }

  async #isPaused(): Promise<boolean> {
    const row = await this.#tools.db
      .selectFrom("deployments")
      .select("paused_by")
      .where("id", "=", this.#id)
      .executeTakeFirst();
    return row !== undefined && row.paused_by !== null;
  }

  async #cancelledBy(): Promise<{ by: string; reason: string } | undefined> {
    const row = await this.#tools.db
      .selectFrom("deployments")
      .select(["cancelled_by", "cancel_reason"])
      .where("id", "=", this.#id)
      .executeTakeFirst();
    return row?.cancelled_by ? { by: row.cancelled_by, reason: row.cancel_reason ?? "" } : undefined;
  }
}
