import { defineCommand } from "../../command.ts";
import { meetingArgument, meetingOf } from "../../people/meeting-argument.ts";
import { meetingAnswer } from "../../people/meeting-page.ts";

export const command = defineCommand({
  about: "By whoever convened it, or its chair, before it is opened. The board can be convened for that time again.",
  arguments: [meetingArgument],
  options: [{ flags: "--reason <text>", about: "why" }],
  examples: ['change-mgmt meeting call-off itil/cab --reason="A public holiday"'],
  answers: "meetings.callOff",
  parse: (given) => ({ word: given.word("meeting"), reason: given.required("reason") }),
  async run(context, { word, reason }) {
    const id = await meetingOf(context.client, word);
    return meetingAnswer(await context.client("meetings.callOff", { params: { id }, body: { reason } }));
  },
});
