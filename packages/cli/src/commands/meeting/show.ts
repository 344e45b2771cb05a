import { defineCommand } from "../../command.ts";
import { meetingArgument, meetingOf } from "../../people/meeting-argument.ts";
import { meetingAnswer } from "../../people/meeting-page.ts";

export const command = defineCommand({
  about: "Once it is closed, these are its minutes: what was decided until then, who was there and what was noted.",
  arguments: [meetingArgument],
  examples: ["change-mgmt meeting show itil/cab"],
  answers: "meetings.get",
  parse: (given) => given.word("meeting"),
  async run(context, word) {
    const id = await meetingOf(context.client, word);
    return meetingAnswer(await context.client("meetings.get", { params: { id } }));
  },
});
