import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "./canonical-json.ts";
import type { Change } from "./change.ts";

/** What a vote is about: everything that would make another decision right if it were different. */
export type Contents = Pick<Change, "type" | "fields" | "artifacts" | "environments">;

/** Hex SHA-256 over the canonical JSON of a change's contents; votes, rehearsals and validations are bound to it. */
export function contentHash({ type, fields, artifacts, environments }: Contents): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson({ type, fields, artifacts, environments }))));
}
