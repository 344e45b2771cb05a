import type { CallOutput } from "@change-mgmt/api/client.ts";
import type { Context } from "../context.ts";
import type { Page } from "../output/page.ts";
import { table } from "../output/table.ts";
import { cannotRun, usage } from "../stop.ts";

type View = CallOutput<"savedViews.list">["items"][number];

/** The saved view of a name or id; one's own before those of others. */
export async function findView(context: Context, name: string): Promise<View> {
  const { items } = await context.client("savedViews.list");
  const named = items.filter((view) => view.name === name || view.id === name);
  const own = named.filter((view) => view.editable);
  const found = own.length > 0 ? own : named;
  if (found.length > 1)
    throw usage(
      `${found.length} views are called "${name}": ${found.map(({ id, owner }) => `${id} of ${owner}`).join(", ")}.`,
      "Give the id of one.",
    );
  if (found[0]) return found[0];
  throw cannotRun("NOT_FOUND", `There is no saved view "${name}".`, "change-mgmt view list shows them.");
}

/** Views with whose they are and what they hold. */
export async function viewTable(views: readonly View[], page: Page): Promise<string[]> {
  if (views.length === 0) return ["No saved views."];
  return await table(
    views,
    [
      { title: "name", cell: (view) => (view.default ? `${view.name} (opens the list)` : view.name) },
      { title: "owner", cell: (view) => view.owner },
      { title: "shared with", cell: (view) => (view.team === null ? view.sharedWith : `team ${view.team}`) },
      {
        title: "holds",
        cell: ({ filters }) =>
          Object.entries(filters)
            .map(([key, value]) => `${key}=${value}`)
            .join(" "),
        gives: true,
      },
    ],
    page,
  );
}
