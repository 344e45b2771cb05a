import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { type AttachmentLimits, decideAttaching } from "@change-mgmt/domain/lifecycle/implementation/attachments.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { attachmentsOf } from "../../evidence/attachments.ts";
import { keepContent } from "../../evidence/contents.ts";
import { lookInto } from "../../evidence/upload.ts";
import { newId } from "../../storage/ids.ts";

const Input = z.object({
  id: z.string(),
  name: z.string(),
  declaredType: z.string().optional(),
  size: z.number().int(),
  sha256: z.string(),
});

/**
 * Attaches a file to a change. The command is made for one file: its bytes stay beside the input, so that the idempotency key and the
 * audit trail know them by their hash alone.
 */
export function attachFile(bytes: Uint8Array, limits: AttachmentLimits) {
  return defineChangeCommand<z.output<typeof Input>, { id: string }>({
    name: "change.attach",
    permission: "change.attach",
    input: Input,
    async run({ tx, change, actor, now }, { name, declaredType, size, sha256 }) {
      const content = await lookInto(bytes);
      const attached = await attachmentsOf(tx, change.id);
      const decided = decideAttaching(change, { name, size, sha256, content }, attached, limits);
      if (!decided.ok) return decided;
      const { type } = decided.value;
      await keepContent(tx, sha256, bytes, now);
      const id = newId();
      await tx
        .insertInto("attachments")
        .values({
          id,
          change_id: change.id,
          name,
          declared_type: declaredType ?? null,
          type,
          size,
          sha256,
          content: sha256,
          attached_by: actor.handle,
          created_at: now,
        })
        .execute();
      const details = { attachment: id, name, type, size, sha256 };
      return accept({ change, events: [{ type: "attachment.added", details }], value: { id } });
    },
  });
}
