import { defineCommand } from "../../command.ts";
import { meetingArgument, meetingOf } from "../../people/meeting-argument.ts";
import { meetingAnswer } from "../../people/meeting-page.ts";

export const command = defineCommand({
  about:
    "Members and their stand-ins say so themselves; whoever leads the meeting says it of anybody. Only who is there votes in it.",
  arguments: [meetingArgument],
  options: [
    { flags: "--person <handle>", about: "of whom it is said; oneself when left out" },
    { flags: "--left", about: "they have left" },
  ],
  examples: ["change-mgmt meeting attend itil/cab", "change-mgmt meeting attend itil/cab --person=ben --left"],
  answers: "meetings.attend",
  parse(given) {
    const person = given.text("person");
    return {
      word: given.word("meeting"),
      body: { present: !given.flag("left"), ...(person === undefined ? {} : { person }) },
    };
  },
  async run(context, { word, body }) {
    const id = await meetingOf(context.client, word);
    return meetingAnswer(await context.client("meetings.attend", { params: { id }, body }));
  },
});
