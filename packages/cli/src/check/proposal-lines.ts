import type { CheckedFile } from "@change-mgmt/analysis/check/report.ts";
import type { Page } from "../output/page.ts";

/** The way back that could be written: what rehearsing it showed, what it does not bring back, and its SQL. */
export function proposalLines({ proposal }: CheckedFile, { colours }: Page): string[] {
  if (proposal === null) return [];
  const { sql, transactional, losses, obstacles, rehearsal } = proposal;
  if (sql === null) {
    const why = obstacles.map(({ object, reason }) => `    ${object}: ${reason}`);
    return [`  ${colours.yellow("no way back can be proposed")}`, ...why];
  }
  const lost = [...losses, ...(rehearsal?.data === "differs" && rehearsal.dataReason ? [rehearsal.dataReason] : [])];
  return [
    `  ${colours.bold("proposed way back")}, rehearsed: ${words(rehearsal?.outcome, rehearsal?.reason)}${transactional ? "" : "; it runs without a transaction"}`,
    ...lost.map((loss) => `    ${colours.yellow("lossy")}: ${loss}`),
    ...sql
      .trimEnd()
      .split("\n")
      .map((line) => (line === "" ? "" : `    ${line}`)),
  ];
}

function words(outcome: string | undefined, reason: string | null | undefined): string {
  switch (outcome) {
    case "exact":
      return "the schema is as before";
    case "column-order":
      return "the schema is as before, but for the order of columns";
    case "fails":
      return `it fails: ${reason}`;
    case "differs":
      return "the schema is not as before";
    default:
      return `not known: ${reason ?? "it was not reached"}`;
  }
}
