import { defineCommand } from "../../command.ts";
import { meetingArgument, meetingOf } from "../../people/meeting-argument.ts";
import { meetingAnswer } from "../../people/meeting-page.ts";

export const command = defineCommand({
  about: "Takes the place of the notes that were there. Whoever leads the meeting keeps them.",
  arguments: [meetingArgument],
  options: [{ flags: "--text <text>", about: "the notes, whole" }],
  examples: ['change-mgmt meeting note itil/cab --text="The index waits for the next window."'],
  answers: "meetings.note",
  parse: (given) => ({ word: given.word("meeting"), notes: given.required("text") }),
  async run(context, { word, notes }) {
    const id = await meetingOf(context.client, word);
    return meetingAnswer(await context.client("meetings.note", { params: { id }, body: { notes } }));
  },
});
