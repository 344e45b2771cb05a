import type { Outcome, Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { ENGINE } from "@change-mgmt/domain/identity/permissions.ts";
import type { SchemaSnapshot } from "../../artifacts/migration/schema-steps.ts";
import type { Door } from "../../commands/execute.ts";
import { type JournalEntry, readJournal, writeStep } from "../../storage/journal.ts";
import type { Db } from "../../storage/store.ts";
import { mayHaveTouched } from "./attempts.ts";
import { finishDeployment } from "./finish-deployment.ts";
import type { DeploymentPlan } from "./plan.ts";
import { isInHandwork, keepSnapshot, SNAPSHOT_AFTER, schemaSeen } from "./snapshots.ts";

export type EndState = "succeeded" | "failed" | "cancelled";

/** A deployment that ends now, and the schema of its target as it can be read at this moment. */
export interface Ending {
  readonly db: Db;
  readonly door: Door;
  readonly plan: DeploymentPlan;
  readonly id: string;
  readonly attempt: number;
  readSchema(): Promise<Outcome<SchemaSnapshot>>;
}

/** What a deployment ends as, and the state it has left its target in, in a sentence. */
export interface End {
  readonly state: EndState;
  readonly refusal: Refusal | null;
  readonly targetState: string;
}

/** Records the end of a deployment, with the schema that it leaves where it has begun on it. Nothing happens when somebody else has taken it up. */
export async function recordEnd(ending: Ending, { state, refusal, targetState }: End): Promise<void> {
  const { db, door, plan, id, attempt } = ending;
  const journal = await readJournal(db, id);
  if (state !== "succeeded" && hasBegunOnSchema(plan, journal)) await rememberSchema(ending, journal);
  const input = {
    id: plan.change.id,
    deployment: id,
    attempt,
    state,
    // What a deployment that is continued has left is there whatever became of this one.
    touched: plan.continues !== undefined || journal.some(mayHaveTouched),
    targetState,
    refusal,
    steps: journal.map(({ step, state: stepState }) => ({ step, state: stepState })),
  };
  const finished = await door.execute(finishDeployment, input, { actor: ENGINE });
  if (!finished.ok && finished.refusal.code !== "FENCED")
    throw new Error(`the end of deployment ${id} could not be recorded: ${finished.refusal.message}`);
}

/** Whether a migration of this deployment was begun. What it only found, such as drift, must not become the known schema by its failing. */
function hasBegunOnSchema(plan: DeploymentPlan, journal: readonly JournalEntry[]): boolean {
  const migrations = plan.artifacts.filter((artifact) => artifact.kind === "migration");
  return journal.some(
    (entry) =>
      migrations.some((artifact) => entry.step.startsWith(`${artifact.id}:`)) &&
      (entry.state !== "pending" || mayHaveTouched(entry)),
  );
}

/**
 * After a failure the schema is what our work has left: remembered, so that it is not taken for drift. That is the schema as it is now where
 * it can be read; while people had their turn, it is the one they were handed, and what they or others changed stays drift.
 */
async function rememberSchema(ending: Ending, journal: readonly JournalEntry[]): Promise<void> {
  const { db, plan, id, attempt } = ending;
  const handedOver = isInHandwork(journal) ? await schemaSeen(db, id, "before-handwork") : null;
  const read = handedOver === null ? await ending.readSchema() : ({ ok: true, value: handedOver } as const);
  const message = !read.ok
    ? `The schema could not be read after the failure (${read.refusal.message}); the next deployment may see it as drift.`
    : handedOver === null
      ? "The schema as the failure left it was remembered."
      : "The schema as it was before people had their turn was remembered.";
  // Not done: should the deployment be taken up again all the same, it ends with a snapshot of its own.
  await writeStep(db, id, attempt, SNAPSHOT_AFTER, { state: "pending", message }, async (tx) => {
    if (read.ok)
      await keepSnapshot(tx, { environment: plan.environment.name, deployment: id, purpose: "after" }, read.value);
  });
}
