import type { DownReport, UpReport } from "./report.ts";

/** What the rehearsal itself shows of a part, without its place; `line` is that at which a part stopped. */
export interface OutcomeFinding {
  readonly rule: "up-fails" | "up-not-rehearsable" | "down-fails" | "down-differs" | "down-loses-data";
  readonly severity: "error" | "warning";
  readonly part: "up" | "down";
  readonly line: number | null;
  readonly message: string;
  readonly hint: string;
}

/** What the rehearsal itself shows: a way there or back that fails, a way there that could not run, a way back that leaves something. */
export function outcomeFindings({ up, down }: { readonly up: UpReport; readonly down: DownReport }): OutcomeFinding[] {
  const found: OutcomeFinding[] = [];
  const there = { part: "up", line: up.line, hint: "" } as const;
  if (up.outcome === "fails")
    found.push({ rule: "up-fails", severity: "error", ...there, message: `It fails: ${up.reason}.` });
  if (up.outcome === "not-rehearsable") {
    const message = `It could not be rehearsed: ${up.reason}.`;
    found.push({ rule: "up-not-rehearsable", severity: "warning", ...there, message });
  }
  if (down.outcome === "fails") {
    const message = `The way back fails: ${down.reason}.`;
    found.push({ rule: "down-fails", severity: "error", part: "down", line: down.line, message, hint: "" });
  }
  const whole = { part: "down", line: null } as const;
  if (down.outcome === "differs") {
    const left = down.differences.map(({ object, detail }) => `${object}: ${detail}`).join("; ");
    const hint = "Take back everything that the way there does, in the opposite order.";
    const message = `The way back leaves a difference: ${left}.`;
    found.push({ rule: "down-differs", severity: "error", ...whole, message, hint });
  }
  // Where the schema is another one, that rows are others says nothing more.
  if (down.data === "differs" && down.outcome !== "differs") {
    const message = `The way back does not bring the rows back: ${down.dataReason}.`;
    const hint = "Keep what is taken away in a table of its own until nobody wants to go back.";
    found.push({ rule: "down-loses-data", severity: "warning", ...whole, message, hint });
  }
  return found;
}
