import type { Hold } from "@change-mgmt/domain/change/situation.ts";
import type { Db, Tx } from "./store.ts";

/** Why and by whom deployments are held; null where they are not. */
export async function loadHold(db: Db | Tx): Promise<Hold | null> {
  const row = await db.selectFrom("deployment_hold").select(["reason", "held_by", "since"]).executeTakeFirst();
  return row === undefined ? null : { reason: row.reason, by: row.held_by, since: row.since.toISOString() };
}
