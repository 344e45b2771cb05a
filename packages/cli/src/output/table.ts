import type { Page } from "./page.ts";
import { oneLine } from "./plain-text.ts";

export interface Column<T> {
  readonly title: string;
  cell(row: T, page: Page): string;
  /** Colours a cell after it was measured and cut. */
  readonly paint?: (text: string, page: Page, row: T) => string;
  /** The column that gives way when the terminal is narrow. */
  readonly gives?: boolean;
}

const LEAST = 12;
const GAP = "  ";
const NO_BORDERS = Object.fromEntries(
  [
    "top",
    "top-mid",
    "top-left",
    "top-right",
    "bottom",
    "bottom-mid",
    "bottom-left",
    "bottom-right",
    "left",
    "left-mid",
    "mid",
    "mid-mid",
    "right",
    "right-mid",
  ].map((place) => [place, ""]),
);

/** An aligned table without borders; on a narrow terminal the giving column is cut, elsewhere nothing is. */
export async function table<T>(rows: readonly T[], columns: readonly Column<T>[], page: Page): Promise<string[]> {
  const { default: Table } = await import("cli-table3");
  const cells = rows.map((row) => columns.map((column) => oneLine(column.cell(row, page))));
  const longest = (at: number) => Math.max(columns[at]!.title.length, ...cells.map((row) => [...row[at]!].length));
  const widths = columns.map((_, at) => longest(at));
  const giving = columns.findIndex((column) => column.gives);
  if (page.columns !== undefined && giving >= 0) {
    const over = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - page.columns;
    if (over > 0) widths[giving] = Math.max(LEAST, widths[giving]! - over);
  }
  const drawn = new Table({
    chars: { ...NO_BORDERS, middle: GAP },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  drawn.push(columns.map(({ title }) => page.colours.dim(title.toUpperCase())));
  for (const [line, row] of rows.entries())
    drawn.push(
      columns.map(({ paint }, at) => {
        const text = cut(cells[line]![at]!, widths[at]!, page);
        return paint ? paint(text, page, row) : text;
      }),
    );
  return drawn
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

function cut(text: string, width: number, page: Page): string {
  const characters = [...text];
  if (page.columns === undefined || characters.length <= width) return text;
  return characters.slice(0, width - page.signs.ellipsis.length).join("") + page.signs.ellipsis;
}
