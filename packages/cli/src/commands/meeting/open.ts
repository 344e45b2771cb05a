import { defineCommand } from "../../command.ts";
import { meetingArgument, meetingOf } from "../../people/meeting-argument.ts";
import { meetingAnswer } from "../../people/meeting-page.ts";

export const command = defineCommand({
  about: "Whoever opens it is there and leads it; its chair leads it as well.",
  arguments: [meetingArgument],
  examples: ["change-mgmt meeting open itil/cab"],
  answers: "meetings.open",
  parse: (given) => given.word("meeting"),
  async run(context, word) {
    const id = await meetingOf(context.client, word);
    return meetingAnswer(await context.client("meetings.open", { params: { id } }));
  },
});
