import { AddComment } from "@change-mgmt/api/changes.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { newId } from "../../storage/ids.ts";

const Input = AddComment.extend({ id: z.string() });

/** Adds a comment to the discussion of a change. */
export const commentOnChange = defineChangeCommand<
  z.output<typeof Input>,
  { id: string; author: string; text: string; at: string }
>({
  name: "change.comment",
  permission: "change.comment",
  input: Input,
  async run({ tx, change, actor, now }, { text }) {
    const comment = { id: newId(), change_id: change.id, author: actor.handle, text, created_at: now };
    await tx.insertInto("change_comments").values(comment).execute();
    return accept({
      change,
      events: [{ type: "change.commented", details: { comment: comment.id, text } }],
      value: { id: comment.id, author: actor.handle, text, at: now.toISOString() },
    });
  },
});
