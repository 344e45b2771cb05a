import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import type { SchemaSnapshot } from "../../artifacts/migration/schema-steps.ts";
import { newId } from "../../storage/ids.ts";
import type { JournalEntry } from "../../storage/journal.ts";
import { json } from "../../storage/json.ts";
import type { Db, Tx } from "../../storage/store.ts";

export const SNAPSHOT_BEFORE = "snapshot-before";
export const SNAPSHOT_AFTER = "snapshot-after";

/** Ids of the steps around work by hand; several of them are numbered. */
const HANDWORK_SNAPSHOT = /^snapshot-before-handwork-\d+$/;

/** The steps before and after the n-th stretch of work by hand. */
export function aroundHandwork(n: number): { before: string; after: string } {
  return { before: `snapshot-before-handwork-${n}`, after: `drift-check-after-handwork-${n}` };
}

/** What the schema that a step has put out is kept as; undefined where it puts out none. */
export function purposeOf(step: string): Purpose | undefined {
  if (step === SNAPSHOT_BEFORE) return "before";
  if (step === SNAPSHOT_AFTER) return "after";
  return HANDWORK_SNAPSHOT.test(step) ? "before-handwork" : undefined;
}

/** Whether a deployment that stands so has handed over to people and has not looked at the schema since. */
export function isInHandwork(journal: readonly Pick<JournalEntry, "step" | "state">[]): boolean {
  const last = journal.findLastIndex(({ step, state }) => state === "done" && HANDWORK_SNAPSHOT.test(step));
  if (last < 0) return false;
  const check = journal[last]!.step.replace("snapshot-before", "drift-check-after");
  return journal.some(({ step, state }) => step === check && state !== "done");
}

export type Purpose = "before" | "before-handwork" | "after";

/** Keeps the schema of an environment as a deployment saw it. */
export async function keepSnapshot(
  tx: Tx,
  { environment, deployment, purpose }: { environment: string; deployment: string; purpose: Purpose },
  { hash, schema }: SchemaSnapshot,
): Promise<void> {
  await tx
    .insertInto("schema_snapshots")
    .values({
      id: newId(),
      environment,
      hash,
      model: json<unknown>(schema),
      purpose,
      deployment_id: deployment,
      created_at: new Date(),
    })
    .execute();
}

/** The schema as it was last seen after our own work or a baseline; null where the environment was never looked at. */
export async function knownSchema(db: Db, environment: string, deploymentId: string): Promise<SchemaModel | null> {
  const row = await db
    .selectFrom("schema_snapshots")
    .select("model")
    .where("environment", "=", environment)
    .where("purpose", "in", ["after", "baseline"])
    .where((eb) => eb.or([eb("deployment_id", "is", null), eb("deployment_id", "<>", deploymentId)]))
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return (row?.model as SchemaModel | undefined) ?? null;
}

/** The schema a deployment found before it did anything, or left when it last handed over to people; null where it did not come so far. */
export async function schemaSeen(
  db: Db,
  deploymentId: string,
  purpose: "before" | "before-handwork",
): Promise<SchemaSnapshot | null> {
  const row = await db
    .selectFrom("schema_snapshots")
    .select(["model", "hash"])
    .where("deployment_id", "=", deploymentId)
    .where("purpose", "=", purpose)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? { schema: row.model as SchemaModel, hash: row.hash } : null;
}
