import { spawnSync } from "node:child_process";

/** The schema of a database as pg_dump writes it, without what changes with each run or stands in no order of its own. */
export function dump(address: string): string {
  const { status, stdout, stderr } = spawnSync("pg_dump", ["-s", "-d", address], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`pg_dump: ${stderr}`);
  // pg_dump orders some objects by when they were made, which says nothing about the schema.
  const parts = stdout
    .replace(/^\\(?:un)?restrict .*$/gm, "")
    .replace(
      / ON ([a-z_, ]+) FROM app\./g,
      (_, columns: string) => ` ON ${columns.split(", ").sort().join(", ")} FROM app.`,
    )
    .split(/\n(?=--\n-- Name: )/);
  return parts
    .map((part) => part.trim())
    .map((part) => (/^-- Name: .*; Type: (?:DEFAULT )?ACL;/m.test(part) ? sortedLines(part) : part))
    .sort()
    .join("\n\n");
}

/** Lines in alphabetical order, without the commas between columns: equal when only the order of columns differs. */
export function sortedLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(/,$/, ""))
    .sort()
    .join("\n");
}

/** A dump in which the lines of each table stand in alphabetical order. */
export function withoutColumnOrder(dumped: string): string {
  return dumped
    .split(/\n(?=--\n-- Name: )/)
    .map((part) => (/^-- Name: .*; Type: TABLE;/m.test(part) ? sortedLines(part) : part))
    .join("\n");
}

/** A few lines that one has and the other has not. */
export function firstDifference(is: string, wanted: string): string {
  const [left, right] = [new Set(is.split("\n")), new Set(wanted.split("\n"))];
  const surplus = [...left].filter((line) => !right.has(line)).slice(0, 5);
  const missing = [...right].filter((line) => !left.has(line)).slice(0, 5);
  return `surplus ${JSON.stringify(surplus)} missing ${JSON.stringify(missing)}`;
}
