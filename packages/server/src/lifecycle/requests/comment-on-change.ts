import { AddComment, type CommentEntry } from "@change-mgmt/api/changes.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { citeFiles } from "@change-mgmt/domain/lifecycle/implementation/attachments.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { attachmentsOf } from "../../evidence/attachments.ts";
import { newId } from "../../storage/ids.ts";
import { json } from "../../storage/json.ts";
import { searchWrites } from "../../storage/search-record.ts";

const Input = AddComment.extend({ id: z.string() });

/** Adds a comment to the discussion of a change, with the attachments it speaks of. */
export const commentOnChange = defineChangeCommand<z.output<typeof Input>, z.input<typeof CommentEntry>>({
  name: "change.comment",
  permission: "change.comment",
  input: Input,
  async run({ tx, change, actor, now }, { text, attachments }) {
    const cited = citeFiles(change, attachments, attachments.length > 0 ? await attachmentsOf(tx, change.id) : []);
    if (!cited.ok) return cited;
    const files = [...cited.value];
    const comment = { id: newId(), change_id: change.id, author: actor.handle, text, created_at: now };
    await tx
      .insertInto("change_comments")
      .values({ ...comment, files: json<unknown>(files) })
      .execute();
    for (const write of await searchWrites(tx, change, change)) await tx.executeQuery(write);
    return accept({
      change,
      events: [
        { type: "change.commented", details: { comment: comment.id, text, ...(files.length > 0 ? { files } : {}) } },
      ],
      value: { id: comment.id, author: actor.handle, text, at: now.toISOString(), files },
    });
  },
});
