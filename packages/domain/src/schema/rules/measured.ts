import type { StatementFacts } from "./facts.ts";

/** Whether the statement ran and rewrote nothing that was there before. */
export function showsNoRewrite({ measured }: StatementFacts): boolean {
  return measured !== null && measured.outcome === "ok" && measured.rewrites.length === 0;
}

/** Whether the statement ran and read through nothing that was there before. */
export function showsNoScan({ measured }: StatementFacts): boolean {
  return measured !== null && measured.outcome === "ok" && measured.scans.length === 0;
}
