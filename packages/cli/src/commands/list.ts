import { changeTable } from "../change/change-table.ts";
import type { ChangeSummary } from "../change/change-types.ts";
import { filterOptions, filtersOf } from "../change/list-filters.ts";
import { findView } from "../change/saved-view.ts";
import { answer, defineCommand } from "../command.ts";
import type { Page } from "../output/page.ts";
import { listAll } from "../pages.ts";

export const command = defineCommand({
  options: [
    ...filterOptions,
    { flags: "--view <name>", about: "begin with the filters of a saved view; what else is typed takes their place" },
    { flags: "--limit <n>", about: "how many at most, 1 to 200 (50 when left out)" },
    { flags: "--cursor <cursor>", about: "go on where an earlier list stopped (nextCursor)" },
    { flags: "--all", about: "everything, page after page" },
  ],
  examples: [
    "change-mgmt list --active --team=data",
    "change-mgmt list --status=awaiting_approval --status=approved",
    "change-mgmt list --search='user_preferences -draft'",
    "change-mgmt list --view='Waiting for QA'",
    "change-mgmt list --all --json",
  ],
  answers: "changes.list",
  parse: (given) => ({
    all: given.flag("all"),
    view: given.text("view"),
    filters: filtersOf(given),
    paging: { cursor: given.text("cursor"), limit: given.whole("limit", 1, 200) },
  }),
  async run(context, { all, view, filters, paging }) {
    const { columns: _columns, ...saved } = view === undefined ? {} : (await findView(context, view)).filters;
    const query = { ...saved, ...filters, ...paging } as typeof paging;
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
