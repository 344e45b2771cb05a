import { answer, defineCommand } from "../../command.ts";
import { table } from "../../output/table.ts";

export const command = defineCommand({
  examples: ["change-mgmt team list"],
  answers: "teams.list",
  parse: () => undefined,
  async run(context) {
    const { items } = await context.client("teams.list");
    return answer({ items }, async (clean, page) => {
      if (clean.items.length === 0) return ["No teams."];
      return table(
        clean.items,
        [
          { title: "name", cell: (row) => row.name },
          { title: "title", cell: (row) => row.title },
          { title: "members", cell: (row) => row.members.join(", "), gives: true },
        ],
        page,
      );
    });
  },
});
