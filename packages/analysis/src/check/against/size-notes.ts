import type { CheckedStatement } from "../report.ts";
import type { TableSize } from "./table-sizes.ts";

/** What statements do to large tables of a live database, a sentence each. */
export function sizeNotes(
  statements: readonly CheckedStatement[],
  sizes: Readonly<Record<string, TableSize>>,
): string[] {
  return statements.flatMap(({ line, rewrites, scans }) => {
    const does = (tables: readonly string[], what: string) =>
      tables.flatMap((table) => {
        const size = sizes[table];
        return size === undefined ? [] : [`Line ${line} ${what} ${table}, which has ${inWords(size)} there.`];
      });
    const read = scans.filter((table) => !rewrites.includes(table));
    return [...does(rewrites, "writes anew"), ...does(read, "reads all of")];
  });
}

const UNITS = ["kB", "MB", "GB", "TB"];

function inWords({ rows, bytes }: TableSize): string {
  const step = Math.min(UNITS.length, Math.floor(Math.log10(bytes) / 3));
  const size = `${(bytes / 1000 ** step).toFixed(step > 2 ? 1 : 0)} ${UNITS[step - 1]}`;
  return rows === null ? size : `about ${rows.toLocaleString("en")} rows and ${size}`;
}
