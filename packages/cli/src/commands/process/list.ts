import { answer, defineCommand } from "../../command.ts";
import { table } from "../../output/table.ts";

export const command = defineCommand({
  examples: ["change-mgmt process list"],
  answers: "processes.list",
  parse: () => undefined,
  async run(context) {
    const { items } = await context.client("processes.list");
    return answer({ items }, (clean, page) =>
      table(
        clean.items,
        [
          { title: "name", cell: (row) => row.name },
          { title: "version", cell: (row) => String(row.version) },
          { title: "title", cell: (row) => row.title },
          { title: "types", cell: (row) => row.types.map(({ id }) => id).join(", "), gives: true },
        ],
        page,
      ),
    );
  },
});
