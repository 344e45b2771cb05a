import type { StandingChange } from "@change-mgmt/api/workspace.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import { sql } from "kysely";
import type { z } from "zod";
import type { Db } from "../../storage/store.ts";

/** The catalogue of a process with how often each entry was used, over all versions of the process. */
export async function standingChanges(
  db: Db,
  { name, standing = [] }: Process,
  now: Date,
): Promise<z.input<typeof StandingChange>[]> {
  if (standing.length === 0) return [];
  const { rows } = await sql<{ id: string; uses: string; last: Date }>`
    SELECT metadata #>> '{fields,standing}' AS id, count(*) AS uses, max(created_at) AS last
    FROM change_mgmt.change_requests
    WHERE process_name = ${name} AND metadata #>> '{fields,standing}' IS NOT NULL AND status <> 'draft'
    GROUP BY 1`.execute(db);
  const used = new Map(rows.map((row) => [row.id, row]));
  return standing.map(({ id, title, description, owner, expires, fields, when }) => ({
    id,
    title,
    description,
    owner,
    expires,
    expired: now.toISOString().slice(0, 10) > expires,
    fields: { ...fields },
    when: { ...when },
    uses: Number(used.get(id)?.uses ?? 0),
    lastUsedAt: used.get(id)?.last.toISOString() ?? null,
  }));
}
