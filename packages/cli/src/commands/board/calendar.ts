import { answer, defineCommand } from "../../command.ts";
import { bodyOf, writeWhole } from "../../files.ts";
import { writeFully } from "../../io.ts";
import { boardArgument, boardOf } from "../../people/board-argument.ts";
import { usage } from "../../stop.ts";

export const command = defineCommand({
  about:
    "The meetings of about a year as an iCalendar file. A calendar that reads it again has no meeting twice; programs fetch it at /api/processes/PROCESS/boards/BOARD/calendar with a token.",
  arguments: [boardArgument],
  options: [{ flags: "--output <file>", about: "file to write; stdout when left out" }],
  examples: ["change-mgmt board calendar itil/cab --output=cab.ics"],
  parse: (given) => ({ word: given.word("board"), output: given.text("output") }),
  async run(context, { word, output }) {
    if (output === undefined && context.json)
      throw usage("A calendar is no JSON document.", "Add --output=FILE, or leave --json out.");
    const response = await context.client("boards.calendar", { params: await boardOf(context.client, word) });
    if (output !== undefined) {
      const bytes = await writeWhole(context, output, bodyOf(response));
      return answer({ output, bytes }, (clean) => [`${clean.output}: ${clean.bytes} bytes.`]);
    }
    for await (const piece of bodyOf(response)) await writeFully(context.stdout, piece);
    return { document: undefined, lines: () => [], exit: 0 };
  },
});
