import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../change/canonical-json.ts";
import type { Process } from "./process.ts";

/** Hex SHA-256 of what a process says, whatever file it was read from: a change pins it at submission. */
export function processHash(process: Process): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(withoutPlaces(process)))));
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "place")
      .map(([key, member]) => [key, withoutPlaces(member)]),
  );
}
