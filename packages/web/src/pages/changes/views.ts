import type { CallOutput } from "@change-mgmt/api/client.ts";
import type { ChangeFilters } from "../../paths.ts";

export type SavedView = CallOutput<"savedViews.list">["items"][number];

/** The tab of all changes in an address, for those whose list opens with another. */
export const ALL = "all";

const OF_A_VIEW = [
  "q",
  "status",
  "type",
  "team",
  "component",
  "requester",
  "assignee",
  "active",
  "order",
  "columns",
] as const satisfies readonly (keyof ChangeFilters)[];

/** What of an address a saved view keeps. */
export function keptOf(search: ChangeFilters): Record<string, string> {
  return Object.fromEntries(OF_A_VIEW.flatMap((name) => (search[name] ? [[name, search[name]]] : [])));
}

/** The address of a view: its filters are written out in it, so that it shows the same to whom the view is not shared with. */
export function addressOf(view: Pick<SavedView, "id" | "filters">): ChangeFilters {
  return { ...view.filters, view: view.id };
}

/** Whether an address shows something else than its view was saved with. */
export function differs(search: ChangeFilters, view: Pick<SavedView, "filters">): boolean {
  const shown = keptOf(search);
  const saved = keptOf(view.filters);
  return OF_A_VIEW.some((name) => shown[name] !== saved[name]);
}

/** The view to open with where an address asks for nothing, or none. */
export function openingView(search: ChangeFilters, views: readonly SavedView[]): SavedView | undefined {
  return Object.values(search).some(Boolean) ? undefined : views.find((view) => view.default);
}

/** How many filters narrow the list of an address down. */
export function filterCount(search: ChangeFilters): number {
  return Object.keys(keptOf(search)).filter((name) => name !== "columns" && name !== "order").length;
}
