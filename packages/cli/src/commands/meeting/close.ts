import { defineCommand } from "../../command.ts";
import { meetingArgument, meetingOf } from "../../people/meeting-argument.ts";
import { meetingAnswer } from "../../people/meeting-page.ts";

export const command = defineCommand({
  about: "Its minutes are then what was decided, who was there and the notes, and stay so.",
  arguments: [meetingArgument],
  examples: ["change-mgmt meeting close itil/cab"],
  answers: "meetings.close",
  parse: (given) => given.word("meeting"),
  async run(context, word) {
    const id = await meetingOf(context.client, word);
    return meetingAnswer(await context.client("meetings.close", { params: { id } }));
  },
});
