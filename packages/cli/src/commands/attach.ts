import { attachFiles } from "../change/attach-files.ts";
import { attachmentTable } from "../change/attachment-table.ts";
import { changeArgument } from "../change/change-argument.ts";
import { answer, defineCommand } from "../command.ts";
import { usage } from "../stop.ts";

export const command = defineCommand({
  about:
    "What a file is, its bytes say: pictures, PDF, archives, Office files, and text in UTF-8 with a usual ending. `change-mgmt attachments` says the limits.",
  arguments: [changeArgument, { name: "file", about: "files to attach", rest: true }],
  examples: ["change-mgmt attach CHG-12 junit.xml screenshot.png", "change-mgmt attach CHG-12 run.log --json"],
  parse(given) {
    const [id, files] = [given.word("change"), given.rest("file")];
    if (files.length === 0) throw usage("<file> is missing: files to attach.", "Name at least one file.");
    return { id, files };
  },
  async run(context, { id, files }) {
    const items = await attachFiles(context, id, files);
    return answer({ items }, (clean, page) => attachmentTable(clean.items, page));
  },
});
