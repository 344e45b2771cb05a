import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import type { SchemaSnapshot } from "../../artifacts/migration/schema-steps.ts";
import { newId } from "../../storage/ids.ts";
import { json } from "../../storage/json.ts";
import type { Db, Tx } from "../../storage/store.ts";

export const SNAPSHOT_BEFORE = "snapshot-before";
export const SNAPSHOT_AFTER = "snapshot-after";

/** Keeps the schema of an environment as a deployment saw it. */
export async function keepSnapshot(
  tx: Tx,
  { environment, deployment, purpose }: { environment: string; deployment: string; purpose: "before" | "after" },
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

/** The schema a deployment found before it did anything; null where it did not come so far. */
export async function schemaBefore(db: Db, deploymentId: string): Promise<SchemaModel | null> {
  const row = await db
    .selectFrom("schema_snapshots")
    .select("model")
    .where("deployment_id", "=", deploymentId)
    .where("purpose", "=", "before")
    .executeTakeFirst();
  return (row?.model as SchemaModel | undefined) ?? null;
}
