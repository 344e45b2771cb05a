import { sql } from "kysely";
import { crossing } from "./crossing.ts";
import type { Db } from "./store.ts";

/**
 * Takes a lease on a resource for some milliseconds, if nobody holds it or its holder let it run out; one's own is taken again.
 * Times are the database's, so clocks of processes do not matter. Answers the fence, which grows with every holder, or undefined.
 */
export async function takeLease(
  db: Db,
  resource: string,
  holder: string,
  milliseconds: number,
): Promise<number | undefined> {
  const { rows } = await crossing("lease.take", () =>
    sql<{ fence: string }>`
    INSERT INTO change_mgmt.leases AS l (resource, holder, fence, expires_at)
    VALUES (${resource}, ${holder}, 1, now() + ${milliseconds} * interval '1 millisecond')
    ON CONFLICT (resource) DO UPDATE
      SET holder = excluded.holder, expires_at = excluded.expires_at,
          fence = l.fence + CASE WHEN l.holder = excluded.holder THEN 0 ELSE 1 END
      WHERE l.expires_at < now() OR l.holder = excluded.holder
    RETURNING fence`.execute(db),
  );
  return rows[0] === undefined ? undefined : Number(rows[0].fence);
}

/** Gives a lease back. */
export async function releaseLease(db: Db, resource: string, holder: string): Promise<void> {
  await crossing("lease.release", () =>
    sql`UPDATE change_mgmt.leases SET expires_at = now() - interval '1 second' WHERE resource = ${resource} AND holder = ${holder}`.execute(
      db,
    ),
  );
}

/** Frees every lease: for the one owner of an embedded store, whose predecessor is dead. */
export async function freeAllLeases(db: Db): Promise<void> {
  await sql`UPDATE change_mgmt.leases SET expires_at = now() - interval '1 second'`.execute(db);
}
