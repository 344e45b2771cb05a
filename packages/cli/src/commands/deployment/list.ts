import { changeArgument } from "../../change/change-argument.ts";
import { answer, defineCommand } from "../../command.ts";
import { table } from "../../output/table.ts";
import { ago, span } from "../../output/times.ts";

export const command = defineCommand({
  arguments: [changeArgument],
  examples: ["change-mgmt deployment list CHG-12"],
  answers: "changes.deployments",
  parse: (given) => given.word("change"),
  async run(context, id) {
    const { items } = await context.client("changes.deployments", { params: { id } });
    return answer({ items }, async (clean, page) => {
      if (clean.items.length === 0) return ["Nothing was deployed yet."];
      return table(
        clean.items,
        [
          { title: "id", cell: (row) => row.id },
          { title: "what", cell: (row) => row.direction },
          { title: "environment", cell: (row) => row.environment },
          { title: "state", cell: (row) => row.state },
          { title: "asked for by", cell: (row) => row.requestedBy },
          { title: "when", cell: (row) => ago(row.requestedAt, page.now) },
          {
            title: "took",
            cell: (row) => (row.startedAt && row.finishedAt ? span(row.startedAt, row.finishedAt) : ""),
          },
        ],
        page,
      );
    });
  },
});
