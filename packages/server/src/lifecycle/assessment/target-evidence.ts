import type { OnTarget } from "@change-mgmt/api/on-target.ts";
import type { Change } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, type Refusal, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { TargetLook } from "@change-mgmt/domain/lifecycle/assessment/target-look.ts";
import type { z } from "zod";
import { type Looked, lookAtEnvironment } from "../../assets/databases/look-at-environment.ts";
import type { TargetEnvironment, Targets } from "../../assets/databases/target.ts";
import type { Db } from "../../storage/store.ts";
import { previewOf, type RehearsedMigration, relationsOf } from "./on-targets.ts";

type Content = Pick<Change, "id" | "contentHash" | "environments">;

/** What the content of a change, as it was rehearsed, comes to in each of its environments that was looked at, in their order. */
export async function targetEvidence(db: Db, change: Content): Promise<z.input<typeof OnTarget>[]> {
  const migrations = await rehearsedMigrations(db, change);
  const rows = await storedLooks(db, change);
  return change.environments.flatMap((environment) => {
    const row = rows.find((candidate) => candidate.environment === environment);
    return row === undefined ? [] : [previewOf(environment, row.looked, migrations)];
  });
}

/** The same for one environment as it is at this moment. Where the content was not rehearsed there is nothing to go by, which is said. */
export async function targetNow(
  db: Db,
  targets: Targets,
  change: Content,
  environment: TargetEnvironment,
): Promise<z.input<typeof OnTarget> | null> {
  const migrations = await rehearsedMigrations(db, change);
  if (migrations.length === 0) return null;
  const stored = (await storedLooks(db, change)).find((row) => row.environment === environment.name)?.looked;
  const earlier: TargetLook | null = stored?.ok ? stored.value.look : null;
  const looked = await lookAtEnvironment(targets, environment, relationsOf(migrations), earlier);
  return previewOf(environment.name, looked, migrations);
}

async function rehearsedMigrations(db: Db, { id, contentHash }: Content): Promise<RehearsedMigration[]> {
  const rows = await db
    .selectFrom("rehearsals")
    .select(["artifact", "report"])
    .where("change_id", "=", id)
    .where("content_hash", "=", contentHash)
    .orderBy("artifact")
    .execute();
  return rows.map(({ artifact, report }) => ({ ...(report as unknown as RehearsedMigration), artifact }));
}

async function storedLooks(
  db: Db,
  { id, contentHash }: Content,
): Promise<{ environment: string; looked: Outcome<Looked> }[]> {
  const rows = await db
    .selectFrom("target_looks")
    .select(["environment", "look", "refusal"])
    .where("change_id", "=", id)
    .where("content_hash", "=", contentHash)
    .execute();
  return rows.map(({ environment, look, refusal }) => {
    if (look !== null) return { environment, looked: accept(look as unknown as Looked) };
    const { code, message, hint } = refusal as unknown as Refusal;
    return { environment, looked: refuse(code, message, hint) };
  });
}
