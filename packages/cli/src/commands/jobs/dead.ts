import { answer, defineCommand } from "../../command.ts";
import { table } from "../../output/table.ts";
import { ago } from "../../output/times.ts";

export const command = defineCommand({
  examples: ["change-mgmt jobs dead"],
  answers: "jobs.dead",
  parse: () => undefined,
  async run(context) {
    const { items } = await context.client("jobs.dead");
    return answer({ items }, async (clean, page) => {
      if (clean.items.length === 0) return ["Nothing failed for good."];
      return table(
        clean.items,
        [
          { title: "id", cell: (row) => row.id },
          { title: "handler", cell: (row) => row.handler },
          { title: "event", cell: (row) => row.event },
          { title: "change", cell: (row) => row.change ?? "" },
          { title: "when", cell: (row) => ago(row.at, page.now) },
          { title: "error", cell: (row) => row.error, gives: true },
        ],
        page,
      );
    });
  },
});
