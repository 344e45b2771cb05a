import { type Outcome, type Refusal, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { ENGINE } from "@change-mgmt/domain/identity/permissions.ts";
import type { PlannedStep, StepContext, StepResult } from "../../artifacts/artifact.ts";
import type { SchemaSnapshot } from "../../artifacts/migration/schema-steps.ts";
import type { TargetSession, Targets } from "../../assets/databases/target.ts";
import type { Door } from "../../commands/execute.ts";
import { newId } from "../../storage/ids.ts";
import { beginAttempt, Fenced, planJournal, readJournal, writeStep } from "../../storage/journal.ts";
import { json } from "../../storage/json.ts";
import { releaseLease, takeLease } from "../../storage/leases.ts";
import type { Db } from "../../storage/store.ts";
import { finishDeployment } from "./finish-deployment.ts";
import type { DeploymentPlan } from "./plan.ts";
import { planSteps, SNAPSHOT_AFTER, SNAPSHOT_BEFORE } from "./steps.ts";

export interface DeploymentTools {
  readonly db: Db;
  readonly door: Door;
  readonly targets: Targets;
  /** Milliseconds a lease lasts without a sign of life; a dead worker's deployment is taken up after that. */
  readonly leaseMs?: number;
  /** Hears of what broke unexpectedly. */
  readonly say?: (line: string) => void;
}

/** A step may work when it is tried again; how often is up to the queue. */
export class StepToRetry extends Error {}

const LEASE_MS = 15_000;
/** After so many attempts a step that breaks unexpectedly is given up. */
const MOST_ATTEMPTS = 10;
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
    .select(["environment", "state", "plan"])
    .where("id", "=", deploymentId)
    .executeTakeFirst();
  if (!row || !["requested", "running", "waiting"].includes(row.state)) return;
  const resource = `environment:${row.environment}`;
  const holder = newId();
  const leaseMs = tools.leaseMs ?? LEASE_MS;
  // Somebody else has it in hand; should they die, it is announced again as orphaned.
  if ((await takeLease(tools.db, resource, holder, leaseMs)) === undefined) return;
  const run = new Run(tools, deploymentId, row.plan as DeploymentPlan, stop);
  const keepAlive = setInterval(
    () => void run.keepAlive(() => takeLease(tools.db, resource, holder, leaseMs)),
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
  #checking = false;

  constructor(tools: DeploymentTools, id: string, plan: DeploymentPlan, stop: AbortSignal) {
    this.#tools = tools;
    this.#id = id;
    this.#plan = plan;
    stop.addEventListener("abort", () => this.#abort.abort(new Error("the process stops")), { once: true });
    if (stop.aborted) this.#abort.abort(new Error("the process stops"));
  }

  /** Renews the lease and looks whether somebody wants the deployment stopped. */
  async keepAlive(renew: () => Promise<number | undefined>): Promise<void> {
    if (this.#checking || this.#abort.signal.aborted) return;
    this.#checking = true;
    try {
      if ((await renew()) === undefined) this.#abort.abort(new Fenced(this.#id, this.#attempt));
      else if (await this.#cancelledBy()) this.#abort.abort(new Error("cancelled"));
    } catch {
      // The store cannot be reached: the lease runs out by itself, and the next write of the journal will say so.
    } finally {
      this.#checking = false;
    }
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }

  async go(lastTry: boolean): Promise<void> {
    const attempt = await beginAttempt(this.#tools.db, this.#id);
    if (attempt === undefined) return;
    this.#attempt = attempt;
    const planned = await planSteps(this.#tools.db, this.#plan, this.#id);
    if (!planned.ok) return await this.#finish("failed", planned.refusal, "Nothing was done to the target.");
    await planJournal(this.#tools.db, this.#id, attempt, planned.value);
    for (const step of planned.value) {
      const before = await readJournal(this.#tools.db, this.#id);
      if (before.find((entry) => entry.step === step.id)?.state === "done") continue;
      const cancelled = await this.#cancelledBy();
      if (cancelled) return await this.#finish("cancelled", cancellation(cancelled), leftBy(step, before));
      await writeStep(this.#tools.db, this.#id, attempt, step.id, { state: "running" });
      const result = await this.#attemptStep(
        step,
        Object.fromEntries(before.map((entry) => [entry.step, entry.output])),
      );
      if (result.state === "waiting") return await this.#wait(step, result.message);
      if (result.state === "failed") return await this.#failed(step, result, lastTry);
      await this.#done(step, result.output);
    }
    const words =
      this.#plan.direction === "deploy"
        ? "Everything is on the target and was verified."
        : "The target is as it was before the change; this was verified.";
    await this.#finish("succeeded", null, words);
  }

  /** Runs a step; what it throws is a bug or our own store out of reach, and is tried again a limited number of times. */
  async #attemptStep(step: PlannedStep, earlier: Readonly<Record<string, unknown>>): Promise<StepResult> {
    try {
      return await this.#run(step, earlier);
    } catch (error) {
      if (error instanceof Fenced) throw error;
      const { message, stack } = error as Error;
      this.#tools.say?.(`step ${step.id} of deployment ${this.#id}: ${stack ?? message}`);
      if (this.#attempt < MOST_ATTEMPTS) {
        await this.#tryLater(step, `It broke unexpectedly (${message}).`, this.#attempt * 1000);
        throw error;
      }
      const refusal = refuse(
        "UNEXPECTED",
        `"${step.title}" broke unexpectedly ${this.#attempt} times: ${message}`,
        "Look into the server's log; this is a fault of the product.",
      ).refusal;
      return {
        state: "failed",
        refusal,
        targetState: "What this step did to the target is not known; look at it before going on.",
        retryable: false,
      };
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
        await this.#tools.db
          .insertInto("deployment_output")
          .values({ deployment_id: this.#id, step: step.id, line: line.slice(0, 4000) })
          .execute();
      },
      now: () => new Date(),
      signal: this.#abort.signal,
      earlier,
    };
    return await step.run(context);
  }

  async #target(): Promise<Outcome<TargetSession>> {
    if (this.#session) return { ok: true, value: this.#session };
    const opened = await this.#tools.targets.open(this.#plan.environment);
    if (opened.ok) this.#session = opened.value;
    return opened;
  }

  async #done(step: PlannedStep, output: unknown): Promise<void> {
    const purpose = step.id === SNAPSHOT_BEFORE ? "before" : step.id === SNAPSHOT_AFTER ? "after" : undefined;
    const snapshot = output as SchemaSnapshot | undefined;
    // A schema is kept among the snapshots; the journal needs no second copy of it.
    const kept = purpose === undefined ? output : { hash: snapshot?.hash };
    await writeStep(
      this.#tools.db,
      this.#id,
      this.#attempt,
      step.id,
      { state: "done", ...(kept === undefined ? {} : { output: kept }) },
      async (tx) => {
        if (purpose === undefined || snapshot === undefined) return;
        await tx
          .insertInto("schema_snapshots")
          .values({
            id: newId(),
            environment: this.#plan.environment.name,
            hash: snapshot.hash,
            model: json<unknown>(snapshot.schema),
            purpose,
            deployment_id: this.#id,
            created_at: new Date(),
          })
          .execute();
      },
    );
  }

  async #wait(step: PlannedStep, message: string): Promise<void> {
    await writeStep(this.#tools.db, this.#id, this.#attempt, step.id, { state: "waiting", message }, async (tx) => {
      await tx.updateTable("deployments").set({ state: "waiting" }).where("id", "=", this.#id).execute();
    });
  }

  async #failed(
    step: PlannedStep,
    { refusal, targetState, retryable }: Extract<StepResult, { state: "failed" }>,
    lastTry: boolean,
  ): Promise<void> {
    if (this.#abort.signal.reason instanceof Fenced) throw this.#abort.signal.reason;
    const cancelled = await this.#cancelledBy();
    if (!cancelled && this.#abort.signal.aborted)
      throw new StepToRetry("the process stops; the deployment goes on elsewhere or at the next start");
    if (!cancelled && retryable && !lastTry) {
      await this.#tryLater(step, refusal.message, RETRY_WITHIN_MS);
      throw new StepToRetry(refusal.message);
    }
    await writeStep(this.#tools.db, this.#id, this.#attempt, step.id, { state: "failed", message: refusal.message });
    await this.#finish(cancelled ? "cancelled" : "failed", cancelled ? cancellation(cancelled) : refusal, targetState);
  }

  async #tryLater(step: PlannedStep, why: string, withinMs: number): Promise<void> {
    const message = `${why} It is tried again.`;
    await writeStep(this.#tools.db, this.#id, this.#attempt, step.id, { state: "pending", message }, async (tx) => {
      await tx
        .updateTable("deployments")
        .set({ retry_at: new Date(Date.now() + withinMs) })
        .where("id", "=", this.#id)
        .execute();
    });
  }

  async #finish(
    state: "succeeded" | "failed" | "cancelled",
    refusal: Refusal | null,
    targetState: string,
  ): Promise<void> {
    const journal = await readJournal(this.#tools.db, this.#id);
    if (state !== "succeeded" && this.#hasBegunOnSchema(journal)) await this.#rememberSchema();
    const input = {
      id: this.#plan.change.id,
      deployment: this.#id,
      attempt: this.#attempt,
      state,
      touched: journal.some(
        (entry) =>
          isArtifactStep(entry.step) &&
          (entry.state === "done" || (entry.state === "failed" && !entry.step.endsWith(":apply"))),
      ),
      targetState,
      refusal,
      steps: journal.map(({ step, state: stepState }) => ({ step, state: stepState })),
    };
    const finished = await this.#tools.door.execute(finishDeployment, input, { actor: ENGINE });
    if (!finished.ok && finished.refusal.code !== "FENCED")
      throw new Error(`the end of deployment ${this.#id} could not be recorded: ${finished.refusal.message}`);
  }

  /** Whether this deployment may have changed the schema; what it only found, such as drift, must not become the known one by that. */
  #hasBegunOnSchema(journal: readonly { step: string; state: string }[]): boolean {
    const migrations = this.#plan.artifacts.filter((artifact) => artifact.kind === "migration");
    return journal.some(
      ({ step, state }) => state !== "pending" && migrations.some((artifact) => step.startsWith(`${artifact.id}:`)),
    );
  }

  /** After a failure the schema is what it is now: remembered where it can be read, so that our own work is not taken for drift. */
  async #rememberSchema(): Promise<void> {
    if (!this.#session) return;
    const planned = await planSteps(this.#tools.db, this.#plan, this.#id);
    const snapshot = planned.ok ? planned.value.find((step) => step.id === SNAPSHOT_AFTER) : undefined;
    if (!snapshot) return;
    try {
      const result = await this.#run(snapshot, {});
      if (result.state === "done") await this.#done(snapshot, result.output);
    } catch (error) {
      if (error instanceof Fenced) throw error;
      await this.#tools.db
        .insertInto("deployment_output")
        .values({
          deployment_id: this.#id,
          step: SNAPSHOT_AFTER,
          line: "The schema could not be read after the failure; the next deployment may see it as drift.",
        })
        .execute();
    }
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

/** Steps of artifacts have a colon in their ids; the engine's own have not. */
function isArtifactStep(step: string): boolean {
  return step.includes(":");
}

function cancellation({ by, reason }: { by: string; reason: string }): Refusal {
  return refuse(
    "DEPLOYMENT_CANCELLED",
    `${by} stopped it: ${reason}`,
    "Look at the target's state, then deploy again or roll back.",
  ).refusal;
}

function leftBy(step: PlannedStep, journal: readonly { step: string; state: string }[]): string {
  const done = journal
    .filter((entry) => isArtifactStep(entry.step) && entry.state === "done")
    .map((entry) => entry.step);
  return done.length === 0
    ? "Nothing was done to the target."
    : `Stopped before "${step.title}"; on the target are: ${done.join(", ")}.`;
}
