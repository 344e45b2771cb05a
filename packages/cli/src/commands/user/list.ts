import { answer, defineCommand } from "../../command.ts";
import { table } from "../../output/table.ts";
import { listAll } from "../../pages.ts";

export const command = defineCommand({
  examples: ["change-mgmt user list"],
  answers: "users.list",
  parse: () => undefined,
  async run(context) {
    const { items } = await listAll(true, {}, (query) => context.client("users.list", { query }));
    return answer({ items }, (clean, page) =>
      table(
        clean.items,
        [
          { title: "handle", cell: (row) => row.handle },
          { title: "name", cell: (row) => row.name, gives: true },
          { title: "roles", cell: (row) => row.roles.join(",") },
          { title: "teams", cell: (row) => row.teams.join(",") },
          {
            title: "positions",
            cell: (row) =>
              row.positions.map(({ position, team }) => (team ? `${position}@${team}` : position)).join(","),
          },
          { title: "state", cell: (row) => (row.disabled ? "disabled" : "active") },
        ],
        page,
      ),
    );
  },
});
