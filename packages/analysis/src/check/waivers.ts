import type { Severity } from "./report.ts";

/** A comment that allows a rule's findings, where it stands, and what it covers. */
export interface Waiver {
  readonly rule: string;
  readonly reason: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** The lines it covers, first and last; the whole file when it stands before the first statement and says `allow-file`. */
  readonly covers: readonly [first: number, last: number];
}

/** Something wrong with a waiver itself. */
export interface WaiverFlaw {
  readonly rule: "waiver-without-reason" | "waiver-unused" | "waiver-unreadable";
  readonly severity: Severity;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

const MARK = /^(.*?)(?:--|\/\/)[ \t]*change-mgmt:[ \t]*(.*)$/;
const ALLOW = /^(allow|allow-file)[ \t]+([a-z0-9]+(?:-[a-z0-9]+)*)(?:[ \t]+(?:because|:|-+|—)?[ \t]*(.*))?$/i;
const SAY = "Write it as: -- change-mgmt: allow drop-column because nothing reads it since May.";

/** Where statements begin and end, in lines of the file. */
export interface StatementLines {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads the waivers of a file: `-- change-mgmt: allow <rule> because <reason>` at the end of a statement's line or above the statement, or
 * `allow-file` for the whole file. Only comments outside statements' strings count, which is left to the place: a waiver covers the statement
 * it stands in or before.
 */
export function readWaivers(
  text: string,
  statements: readonly StatementLines[],
): { waivers: Waiver[]; flaws: WaiverFlaw[] } {
  const waivers: Waiver[] = [];
  const flaws: WaiverFlaw[] = [];
  if (!text.includes("change-mgmt:")) return { waivers, flaws };
  for (const [index, raw] of text.split("\n").entries()) {
    const mark = MARK.exec(raw.trimEnd());
    if (!mark) continue;
    const place = { line: index + 1, column: [...mark[1]!].length + 1 };
    const allow = ALLOW.exec(mark[2]!.trim());
    if (!allow) {
      const message = `This is not a waiver that can be read: ${mark[2]!.trim() || "nothing is allowed"}.`;
      flaws.push({ rule: "waiver-unreadable", severity: "warning", ...place, message, hint: SAY });
      continue;
    }
    const [, word, rule, reason = ""] = allow;
    if (reason.trim() === "") {
      const message = `The waiver of ${rule} gives no reason, so it does not count.`;
      flaws.push({ rule: "waiver-without-reason", severity: "warning", ...place, message, hint: SAY });
      continue;
    }
    const whole = word!.toLowerCase() === "allow-file";
    const covers = whole ? ([1, Number.POSITIVE_INFINITY] as const) : coveredFrom(place.line, statements);
    waivers.push({ rule: rule!.toLowerCase(), reason: reason.trim(), ...place, covers });
  }
  return { waivers, flaws };
}

/** The statement that a line belongs to or precedes; the line alone where there is none. */
function coveredFrom(line: number, statements: readonly StatementLines[]): readonly [number, number] {
  const inside = statements.find(({ first, last }) => first <= line && line <= last);
  const next = inside ?? statements.find(({ first }) => first > line);
  return next ? [Math.min(line, next.first), next.last] : [line, line];
}

/** A waiver that nothing needed. */
export function unusedWaiver({ rule, line, column }: Waiver): WaiverFlaw {
  return {
    rule: "waiver-unused",
    severity: "warning",
    line,
    column,
    message: `The waiver of ${rule} allows nothing: the rule finds nothing here.`,
    hint: "Take it out, so that it cannot hide what comes later.",
  };
}
