import { answer, defineCommand } from "../../command.ts";
import { table } from "../../output/table.ts";
import { ago } from "../../output/times.ts";

export const command = defineCommand({
  about: "A change keeps the version it was submitted under.",
  arguments: [{ name: "name", about: "name of the process" }],
  examples: ["change-mgmt process versions data-layer"],
  answers: "processes.versions",
  parse: (given) => given.word("name"),
  async run(context, name) {
    const { items } = await context.client("processes.versions", { params: { name } });
    return answer({ items }, (clean, page) =>
      table(
        clean.items,
        [
          { title: "version", cell: (row) => String(row.version) },
          { title: "hash", cell: (row) => row.hash.slice(0, 12) },
          { title: "here since", cell: (row) => ago(row.since, page.now) },
          { title: "in force", cell: (row) => (row.inForce ? "yes" : "") },
          { title: "changes", cell: (row) => String(row.changes) },
        ],
        page,
      ),
    );
  },
});
