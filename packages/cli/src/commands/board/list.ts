import { answer, defineCommand } from "../../command.ts";
import { table } from "../../output/table.ts";
import { moment } from "../../output/times.ts";

export const command = defineCommand({
  about: "Of the processes in force, with who sits on each and when it meets next.",
  examples: ["change-mgmt board list"],
  answers: "boards.list",
  parse: () => undefined,
  async run(context) {
    const { items } = await context.client("boards.list");
    return answer({ items }, (clean, page) =>
      table(
        clean.items,
        [
          { title: "board", cell: (row) => `${row.process}/${row.id}` },
          { title: "title", cell: (row) => row.title, gives: true },
          {
            title: "members",
            cell: (row) =>
              row.members.map(({ position, holders }) => `${position}: ${holders.join("+") || "nobody"}`).join(", "),
            gives: true,
          },
          { title: "next meeting", cell: (row) => (row.nextMeeting === null ? "" : moment(row.nextMeeting.from)) },
          {
            title: "in an emergency",
            cell: (row) => (row.convenesWithin === null ? "" : `within ${row.convenesWithin}`),
          },
        ],
        page,
      ),
    );
  },
});
