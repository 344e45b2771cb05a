import { answer, defineCommand } from "../../command.ts";
import { listAll } from "../../pages.ts";
import { ticketTable } from "../../tickets/ticket-table.ts";

export const command = defineCommand({
  about: "Tickets of component boards that belong to changes, with the folder in which both were last seen in step.",
  options: [
    { flags: "--component <name>", about: "only of this component's board" },
    { flags: "--change <change>", about: "only those of this change" },
    { flags: "--limit <n>", about: "how many at most, 1 to 200 (50 when left out)" },
    { flags: "--cursor <cursor>", about: "go on where an earlier list stopped (nextCursor)" },
    { flags: "--all", about: "everything, page after page" },
  ],
  examples: ["change-mgmt tickets list --component=data-layer", "change-mgmt tickets list --change=CHG-12 --json"],
  answers: "tickets.list",
  parse: (given) => ({
    all: given.flag("all"),
    query: {
      component: given.text("component"),
      change: given.text("change"),
      cursor: given.text("cursor"),
      limit: given.whole("limit", 1, 200),
    },
  }),
  async run(context, { all, query }) {
    const found = await listAll(all, query, (asked) => context.client("tickets.list", { query: asked }));
    return answer(found, async ({ items, nextCursor }, page) => [
      ...(await ticketTable(items, page)),
      ...(nextCursor ? ["", page.colours.dim(`There are more: --all, or --cursor=${nextCursor}`)] : []),
    ]);
  },
});
