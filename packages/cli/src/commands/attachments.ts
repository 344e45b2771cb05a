import { sizeInWords } from "@change-mgmt/domain/change/attachment.ts";
import { attachmentTable } from "../change/attachment-table.ts";
import { changeArgument } from "../change/change-argument.ts";
import { answer, defineCommand } from "../command.ts";

export const command = defineCommand({
  about: "With the limits of what may be attached, and the steps that an attachment is evidence of.",
  arguments: [changeArgument],
  examples: ["change-mgmt attachments CHG-12", "change-mgmt attachments CHG-12 --json"],
  answers: "changes.attachments",
  parse: (given) => given.word("change"),
  async run(context, id) {
    const attachments = await context.client("changes.attachments", { params: { id } });
    return answer(attachments, async ({ items, limits, attach }, page) => [
      ...(items.length > 0 ? await attachmentTable(items, page) : ["Nothing is attached."]),
      "",
      page.colours.dim(
        attach.allowed
          ? `At most ${sizeInWords(limits.bytes)} a file, ${limits.count} files. ${limits.types}.`
          : `${attach.reason ?? ""} ${attach.hint ?? ""}`.trim(),
      ),
    ]);
  },
});
