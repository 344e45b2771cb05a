import { answer, defineCommand } from "../../command.ts";
import { table } from "../../output/table.ts";
import { ago } from "../../output/times.ts";

export const command = defineCommand({
  options: [{ flags: "--all", about: "of everybody; administrators only" }],
  examples: ["change-mgmt token list"],
  answers: "tokens.list",
  parse: (given) => given.flag("all"),
  async run(context, all) {
    const { items } = await context.client("tokens.list", { query: all ? { all: "true" } : {} });
    return answer({ items }, async (clean, page) => {
      if (clean.items.length === 0) return ["No tokens."];
      const when = (time: string | null) => (time ? ago(time, page.now) : "never");
      return table(
        clean.items,
        [
          { title: "id", cell: (row) => row.id },
          { title: "name", cell: (row) => row.name, gives: true },
          { title: "user", cell: (row) => row.user },
          { title: "scopes", cell: (row) => row.scopes?.join(",") ?? "all" },
          { title: "created", cell: (row) => ago(row.createdAt, page.now) },
          { title: "last used", cell: (row) => when(row.lastUsedAt) },
          { title: "expires", cell: (row) => when(row.expiresAt) },
          {
            title: "state",
            cell: (row) =>
              row.revokedAt
                ? "revoked"
                : row.expiresAt && Date.parse(row.expiresAt) <= page.now.getTime()
                  ? "expired"
                  : "valid",
          },
        ],
        page,
      );
    });
  },
});
