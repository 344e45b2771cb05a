import type { ChangeSummary } from "../../data/types.ts";
import type { Column } from "./columns.tsx";

/** Changes as CSV (RFC 4180) with a line of titles. A cell that a spreadsheet would compute is kept from it by an apostrophe. */
export function csvOf(columns: readonly Pick<Column, "title" | "text">[], changes: readonly ChangeSummary[]): string {
  const rows = changes.map((change) => columns.map((column) => cellOf(column.text(change))));
  return [columns.map(({ title }) => cellOf(title)), ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

function cellOf(text: string): string {
  const safe = /^\s*[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
