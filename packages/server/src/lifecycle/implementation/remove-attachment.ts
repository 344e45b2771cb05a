import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { decideRemoval } from "@change-mgmt/domain/lifecycle/implementation/attachments.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { attachmentsOf } from "../../evidence/attachments.ts";
import { letGoOfContent } from "../../evidence/contents.ts";

const Input = z.object({ id: z.string(), attachment: z.string() });

/** Takes an attachment away from a change that nothing relies on. Its name and hash stay; its bytes go with the last who has them. */
export const removeAttachment = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "change.remove-attachment",
  permission: "change.attach",
  input: Input,
  async run({ tx, change, actor, now }, { attachment: id }) {
    const attachment = (await attachmentsOf(tx, change.id)).find((candidate) => candidate.id === id);
    if (!attachment) throw new Error(`${change.number} has no attachment ${id}, though it was found by it`);
    const decided = decideRemoval(change, attachment, actor);
    if (!decided.ok) return decided;
    await tx
      .updateTable("attachments")
      .set({ content: null, removed_by: actor.handle, removed_at: now })
      .where("id", "=", id)
      .execute();
    const gone = await letGoOfContent(tx, attachment.sha256);
    const { name, type, size, sha256 } = attachment;
    const details = { attachment: id, name, type, size, sha256, contentGone: gone };
    return accept({ change, events: [{ type: "attachment.removed", details }], value: { id } });
  },
});
