import type { CheckedFile, CheckedStatement } from "@change-mgmt/analysis/check/report.ts";
import type { Page } from "../output/page.ts";

/** What others cannot do meanwhile, by the lock that is taken. */
const LOCK_WORDS: Readonly<Record<string, string>> = {
  AccessExclusiveLock: "nobody else reads or writes",
  ExclusiveLock: "nobody else writes",
  ShareRowExclusiveLock: "nobody else writes",
  ShareLock: "nobody else writes",
};
const MOST_STATEMENTS = 12;

/** A line for each statement that others can notice: what it locks, rewrites and reads through. */
export function statementLines(statements: readonly CheckedStatement[], page: Page): string[] {
  const { colours, signs } = page;
  const noticed = statements.filter(isNoticed);
  const rows = noticed.slice(0, MOST_STATEMENTS).map((statement) => {
    const { line, kind, ms, source } = statement;
    const words = [
      ...lockWords(statement),
      ...relationWords("rewrites", statement.rewrites),
      ...relationWords("reads through", statement.scans),
    ];
    const time =
      source === "measured"
        ? colours.dim(` ${signs.dot} ${ms} ms`)
        : colours.dim(` ${signs.dot} as documented, not measured`);
    return `  ${colours.dim(String(line).padStart(5))} ${kind.replaceAll("_", " ")}: ${words.join("; ")}${time}`;
  });
  const more = noticed.length - rows.length;
  return more > 0 ? [...rows, colours.dim(`        and ${more} more; --json tells all`)] : rows;
}

function isNoticed({ locks, rewrites, scans }: CheckedStatement): boolean {
  return rewrites.length > 0 || scans.length > 0 || locks.some(({ mode }) => LOCK_WORDS[mode] !== undefined);
}

function lockWords({ locks }: CheckedStatement): string[] {
  const strong = locks.filter(({ mode }) => LOCK_WORDS[mode] !== undefined);
  return strong.map(({ relation, mode }) => `locks ${relation} (${spelled(mode)}: ${LOCK_WORDS[mode]})`);
}

/** As Postgres's documentation writes it: ACCESS EXCLUSIVE. */
function spelled(mode: string): string {
  return mode
    .replace(/Lock$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();
}

function relationWords(does: string, relations: readonly string[]): string[] {
  return relations.length === 0 ? [] : [`${does} ${relations.join(", ")}`];
}

/** How the way there ended where it did not end well. */
export function upWords({ rehearsal: { up }, findings }: CheckedFile, { colours }: Page): string[] {
  if (up.outcome === "ok") return [];
  const at = up.line === null ? "" : ` at line ${up.line}`;
  if (up.outcome === "fails") {
    const said = findings.some(
      ({ rule, severity, line }) => severity === "error" && (rule === "up-fails" || line === up.line),
    );
    return said ? [] : [`  ${colours.red("fails")}${at}: ${up.reason}`];
  }
  return [`  ${colours.yellow("not rehearsed")}${at}: ${up.reason}`];
}

/** What the way back brought back. */
export function downWords({ rehearsal: { up, down } }: CheckedFile, { colours }: Page): string[] {
  if (up.outcome !== "ok") return [];
  switch (down.outcome) {
    case "exact":
      return down.data === "differs" ? [`  way back: the schema is as before, ${down.dataReason}`] : [];
    case "column-order":
      return ["  way back: everything is as before, but for the order of columns"];
    case "differs":
    case "fails":
      return [`  ${colours.red("way back")}: ${down.outcome === "fails" ? "fails" : "the schema is not as before"}`];
    case "not-rehearsable":
      return [`  ${colours.yellow("way back not rehearsed")}: ${down.reason}`];
    case "absent":
      return [];
  }
}
