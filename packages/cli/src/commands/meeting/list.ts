import { answer, defineCommand } from "../../command.ts";
import { table } from "../../output/table.ts";
import { boardArgument, boardOf } from "../../people/board-argument.ts";
import { meetingTime } from "../../people/meeting-page.ts";

export const command = defineCommand({
  about: "The latest first, those to come and those called off included.",
  arguments: [boardArgument],
  examples: ["change-mgmt meeting list itil/cab"],
  answers: "meetings.list",
  parse: (given) => given.word("board"),
  async run(context, word) {
    const meetings = await context.client("meetings.list", { params: await boardOf(context.client, word) });
    return answer(meetings, (clean, page) =>
      table(
        clean.items,
        [
          { title: "time", cell: meetingTime },
          { title: "state", cell: (row) => row.state.replace("-", " ") },
          { title: "decided", cell: (row) => String(row.decisions.filter(({ outcome }) => outcome !== "open").length) },
          { title: "there", cell: (row) => row.attendance.map(({ person }) => person).join(", "), gives: true },
          { title: "meeting", cell: (row) => row.id },
        ],
        page,
      ),
    );
  },
});
