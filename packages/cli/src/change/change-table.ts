import type { Colours, Page } from "../output/page.ts";
import { type Column, table } from "../output/table.ts";
import { ago } from "../output/times.ts";
import type { ChangeSummary } from "./change-types.ts";

const GOOD = new Set(["approved", "scheduled", "monitoring", "reviewing", "closed"]);
const BAD = new Set(["rejected", "failed", "rolling_back", "rolled_back"]);

/** A status in words and in its colour. */
export function statusText(status: string, colours: Colours): string {
  const words = status.replaceAll("_", " ");
  if (GOOD.has(status)) return colours.green(words);
  return BAD.has(status) ? colours.red(words) : colours.yellow(words);
}

const columns: readonly Column<ChangeSummary>[] = [
  { title: "number", cell: (row) => row.number, paint: (text, page) => page.colours.bold(text) },
  { title: "title", cell: (row) => row.title, gives: true },
  { title: "type", cell: (row) => row.type },
  {
    title: "status",
    cell: (row) => row.status.replaceAll("_", " "),
    paint: (text, page, row) => text.replace(/^.*$/, () => statusText(row.status, page.colours)),
  },
  { title: "team", cell: (row) => row.team ?? "-" },
  { title: "requester", cell: (row) => row.requester },
  {
    title: "breaking",
    cell: (row) => (row.breaking ? "breaking" : ""),
    paint: (text, page) => page.colours.red(text),
  },
  {
    title: "updated",
    cell: (row, page) => ago(row.updatedAt, page.now),
    paint: (text, page) => page.colours.dim(text),
  },
];

/** Changes as an aligned table. */
export function changeTable(items: readonly ChangeSummary[], page: Page): Promise<string[]> {
  const anyBreaking = items.some(({ breaking }) => breaking);
  return table(items, anyBreaking ? columns : columns.filter(({ title }) => title !== "breaking"), page);
}
