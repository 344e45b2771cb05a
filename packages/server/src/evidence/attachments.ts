import type { Attachment } from "@change-mgmt/domain/change/attachment.ts";
import type { Selectable } from "kysely";
import { isId } from "../storage/ids.ts";
import type { Db, Tx } from "../storage/store.ts";
import type { Tables } from "../storage/tables.ts";

/** An attachment with what only its own page asks for. */
export interface StoredAttachment extends Attachment {
  readonly changeId: string;
  readonly declaredType: string | null;
}

/** The attachments of a change, oldest first, those that were removed included. */
export async function attachmentsOf(db: Db | Tx, changeId: string): Promise<StoredAttachment[]> {
  const rows = await db.selectFrom("attachments").selectAll().where("change_id", "=", changeId).orderBy("id").execute();
  return rows.map(attachmentOf);
}

/** One attachment by its id. */
export async function attachmentById(db: Db | Tx, id: string): Promise<StoredAttachment | undefined> {
  if (!isId(id)) return undefined;
  const row = await db.selectFrom("attachments").selectAll().where("id", "=", id).executeTakeFirst();
  return row && attachmentOf(row);
}

function attachmentOf(row: Selectable<Tables["attachments"]>): StoredAttachment {
  return {
    id: row.id,
    changeId: row.change_id,
    name: row.name,
    declaredType: row.declared_type,
    type: row.type,
    size: row.size,
    sha256: row.sha256,
    by: row.attached_by,
    at: row.created_at.toISOString(),
    ...(row.removed_at === null ? {} : { removed: { by: row.removed_by ?? "", at: row.removed_at.toISOString() } }),
  };
}
