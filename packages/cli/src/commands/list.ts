import { STATUSES } from "@change-mgmt/domain/change/status.ts";
import { changeTable } from "../change/change-table.ts";
import type { ChangeSummary } from "../change/change-types.ts";
import { answer, defineCommand } from "../command.ts";
import type { Page } from "../output/page.ts";
import { listAll } from "../pages.ts";
import { usage } from "../stop.ts";

export const command = defineCommand({
  options: [
    { flags: "--status <status>", about: "only changes in this status", repeatable: true },
    { flags: "--active", about: "only changes that are not closed, cancelled or rejected" },
    { flags: "--type <type>", about: "only changes of this type" },
    { flags: "--team <team>", about: "only changes of this team" },
    { flags: "--component <name>", about: "only changes that affect this component" },
    { flags: "--requester <handle>", about: "only changes of this requester" },
    { flags: "--assignee <handle>", about: "only changes assigned to this person" },
    {
      flags: "--search <words>",
      about: 'only changes in which these words stand, comments and SQL too; "in quotes" as they stand, -word not',
    },
    { flags: "--oldest-first", about: "begin with the oldest" },
    { flags: "--limit <n>", about: "how many at most, 1 to 200 (50 when left out)" },
    { flags: "--cursor <cursor>", about: "go on where an earlier list stopped (nextCursor)" },
    { flags: "--all", about: "everything, page after page" },
  ],
  examples: [
    "change-mgmt list --active --team=data",
    "change-mgmt list --status=awaiting_approval --status=approved",
    "change-mgmt list --search='user_preferences -draft'",
    "change-mgmt list --all --json",
  ],
  answers: "changes.list",
  parse(given) {
    const status = given.list("status").flatMap((text) => text.split(","));
    const unknown = status.find((one) => !(STATUSES as readonly string[]).includes(one));
    if (unknown !== undefined) throw usage(`"${unknown}" is no status.`, `One of: ${STATUSES.join(", ")}.`);
    const texts = { type: given.text("type"), team: given.text("team"), component: given.text("component") };
    return {
      all: given.flag("all"),
      query: {
        ...texts,
        requester: given.text("requester"),
        assignee: given.text("assignee"),
        q: given.text("search"),
        order: given.flag("oldest-first") ? ("oldest" as const) : undefined,
        cursor: given.text("cursor"),
        limit: given.whole("limit", 1, 200),
        ...(status.length > 0 ? { status: status.join(",") } : {}),
        ...(given.flag("active") ? { active: "true" } : {}),
      },
    };
  },
  async run(context, { all, query }) {
    const { items, nextCursor } = await listAll(all, query, (asked) =>
      context.client("changes.list", { query: asked }),
    );
    return answer({ items, nextCursor }, async (clean, page) => [
      ...(clean.items.length > 0 ? await changeTable(clean.items, page) : ["No changes."]),
      ...whyFound(clean.items, page),
      ...(clean.nextCursor ? ["", page.colours.dim(`There are more: --all, or --cursor=${clean.nextCursor}`)] : []),
    ]);
  },
});

/** A line for each change that was searched for: where what was looked for stands, and the text around it. */
function whyFound(items: readonly ChangeSummary[], page: Page): string[] {
  const found = items.filter(({ match }) => match && match.place !== "title" && match.place !== "number");
  if (found.length === 0) return [];
  return [
    "",
    ...found.map(({ number, match }) => {
      const { place, name, line, text, marks } = match!;
      const at = [place, name, place === "sql" ? `line ${line}` : null].filter((part) => part !== null).join(" ");
      let shown = "";
      let from = 0;
      for (const [start, end] of marks) {
        shown += text.slice(from, start) + page.colours.bold(text.slice(start, end));
        from = end;
      }
      return `${number}  ${page.colours.dim(`${at}:`)} ${shown}${text.slice(from)}`;
    }),
  ];
}
