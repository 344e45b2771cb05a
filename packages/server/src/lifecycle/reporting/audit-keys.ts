import { WORKSPACE_STREAM } from "@change-mgmt/domain/audit/entry.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import type { Selectable } from "kysely";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import type { Tables } from "../../storage/tables.ts";

const Key = z.object({
  how: z.enum(["rotated", "added"]),
  id: z.string(),
  publicKey: z.string(),
  endorsedBy: z.string().nullable(),
  endorsement: z.string().nullable(),
});

/** Records that seals are signed with a key they were not signed with before; one that is known already is not recorded again. */
export const recordAuditKey = defineCommand<z.output<typeof Key>, { ok: true }>({
  name: "audit.rotate-key",
  permission: "audit.rotate-key",
  input: Key,
  async run({ tx }, { how, id, publicKey, endorsedBy, endorsement }) {
    const inserted = await tx
      .insertInto("audit_keys")
      .values({ key_id: id, public_key: publicKey, endorsed_by: endorsedBy, endorsement })
      .onConflict((conflict) => conflict.column("key_id").doNothing())
      .returning("key_id")
      .executeTakeFirst();
    const details = { keyId: id, publicKey, endorsedBy, endorsement };
    return accept({
      value: { ok: true as const },
      stream: WORKSPACE_STREAM,
      events: inserted ? [{ type: `audit.key-${how}`, details }] : [],
    });
  },
});

/** A key as it is shown. */
export function shownKey(row: Selectable<Tables["audit_keys"]>) {
  return {
    keyId: row.key_id,
    publicKey: row.public_key,
    createdAt: row.created_at.toISOString(),
    endorsedBy: row.endorsed_by,
    endorsement: row.endorsement,
  };
}
