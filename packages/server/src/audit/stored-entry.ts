import { hash } from "node:crypto";
import { canonicalJson } from "@change-mgmt/domain/change/canonical-json.ts";

/** A row of the trail with the columns that say again what its entry says, to be found by. */
export interface StoredEntry {
  readonly action: string;
  readonly actor: string;
  readonly stream: string;
  readonly stream_seq: string;
  readonly created_at: Date;
  readonly hash: string;
  readonly entry: string;
}

/** Names of the columns that a row is read with to be looked at. */
export const STORED_ENTRY = ["action", "actor", "stream", "stream_seq", "created_at", "hash", "entry"] as const;

/**
 * What of a stored row is not as it was appended; undefined when nothing is. Its text has to be the one canonical form of its entry, or
 * two readers could take it for two different ones (the first of two equal members, or the last); its hash that of the text; and
 * what it is found by what the text says.
 */
export function faultOfStored(row: StoredEntry): string | undefined {
  if (hash("sha256", `change-mgmt/entry/1\n${row.entry}`) !== row.hash) return "its hash is not that of its text";
  const entry = parsed(row.entry);
  if (entry === undefined) return "its text is not the canonical form of an entry";
  const { handle } = (entry.actor ?? {}) as { handle?: unknown };
  const said: readonly (readonly [string, unknown, unknown])[] = [
    ["action", row.action, entry.event_type],
    ["actor", row.actor, handle],
    ["stream", row.stream, entry.stream],
    ["stream_seq", Number(row.stream_seq), entry.stream_seq],
    ["created_at", row.created_at.getTime(), Date.parse(String(entry.timestamp))],
  ];
  const wrong = said.find(([, stored, told]) => stored !== told);
  return wrong && `its column ${wrong[0]} says otherwise than its text`;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return canonicalJson(value) === text ? (value as Record<string, unknown>) : undefined;
  } catch {
    // No JSON, or nothing that has a canonical form: either way no entry.
    return undefined;
  }
}
