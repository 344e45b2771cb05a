import { canonicalJson } from "../change/canonical-json.ts";
import type { Sealed } from "./chain.ts";
import type { Seal } from "./seal.ts";

/** First line of an export, without its line feed: the format, and what the seal at the end will say. */
export function exportHeader(seal: Pick<Seal, "count" | "time" | "keyId">): string {
  const { count, time, keyId } = seal;
  return canonicalJson({ format: "change-mgmt/audit-export/2", kind: "header", count, time, keyId });
}

/**
 * One entry's line, without its line feed, from its place and its stored canonical text. `hash` is the entry hash stored
 * beside it: given as stored, a text altered in the database shows as altered.
 */
export function exportLine(place: Omit<Sealed, "id"> & { readonly hash: string }, text: string): string {
  const { hash, prev, seq } = place;
  // The text is canonical already: it is set in as it stands, so that what is exported is what was stored.
  return `{"entry":${text},"hash":"${hash}","kind":"entry","prev":"${prev}","seq":${seq}}`;
}

/** Last line of an export, without its line feed. The same text, saved elsewhere, is a checkpoint. */
export function exportSeal(seal: Seal): string {
  const { count, root, time, keyId, signature } = seal;
  return canonicalJson({ kind: "seal", count, root, time, keyId, signature });
}
