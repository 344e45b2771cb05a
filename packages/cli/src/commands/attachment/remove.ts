import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about:
    "Possible for who attached it and for administrators, while no completed step names it and nobody voted since. Its name and hash stay.",
  arguments: [{ name: "attachment", about: "id of the attachment, as `change-mgmt attachments` shows it" }],
  examples: ["change-mgmt attachment remove 019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11"],
  answers: "attachments.remove",
  parse: (given) => given.word("attachment"),
  async run(context, id) {
    const removed = await context.client("attachments.remove", { params: { id } });
    return answer(removed, (clean) => [`${clean.name}: removed from ${clean.change}`]);
  },
});
