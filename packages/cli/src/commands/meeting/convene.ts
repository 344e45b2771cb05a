import { defineCommand } from "../../command.ts";
import { boardArgument, boardOf } from "../../people/board-argument.ts";
import { momentOf } from "../../people/delegation-table.ts";
import { meetingAnswer } from "../../people/meeting-page.ts";

export const command = defineCommand({
  about:
    "For its next regular meeting that is not convened yet; with --urgent for now, or within the time that its process gives it, and with a reason. Its members and their stand-ins are told.",
  arguments: [boardArgument],
  options: [
    { flags: "--from <moment>", about: "when it begins, RFC 3339; one of the times that the board meets" },
    { flags: "--urgent", about: "not one of the regular meetings" },
    { flags: "--reason <text>", about: "why, in an emergency" },
  ],
  examples: [
    "change-mgmt meeting convene itil/cab",
    'change-mgmt meeting convene itil/cab --urgent --reason="Orders are lost"',
  ],
  answers: "meetings.convene",
  parse(given) {
    const [from, reason] = [given.text("from"), given.text("reason")];
    return {
      word: given.word("board"),
      body: {
        urgent: given.flag("urgent"),
        ...(from === undefined ? {} : { from: momentOf("from", from, false) }),
        ...(reason === undefined ? {} : { reason }),
      },
    };
  },
  async run(context, { word, body }) {
    const params = await boardOf(context.client, word);
    return meetingAnswer(await context.client("meetings.convene", { params, body }));
  },
});
