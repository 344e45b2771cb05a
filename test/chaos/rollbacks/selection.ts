import { drawnPair } from "./drawn.ts";
import type { Verdict } from "./verdict.ts";
import { type Pair, writtenPairs } from "./written.ts";

/** The pairs that `npm test` tries: one in eight of those written by hand, and a few that are drawn. */
export function quickPairs(): Pair[] {
  const drawn = [...Array(15).keys()].map((number) => drawnPair(1, number));
  return [...writtenPairs().filter((_, at) => at % 8 === 3), ...drawn];
}

/** Pairs of which a rehearsal says otherwise than pg_dump, and why that is meant so. */
export const KNOWN: Readonly<Record<string, string>> = {
  "the owner's own permission, 2":
    "What an owner takes from itself it can give itself again, so that its own permissions are no part of a schema here.",
};

/** Whether a rehearsal said what was seen. That it could not look at rows is no lie. */
export function agree(is: Verdict, said: Verdict): boolean {
  return is.schema === said.schema && (is.rows === said.rows || said.rows === "unknown");
}
