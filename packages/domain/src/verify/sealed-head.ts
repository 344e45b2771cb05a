/** A signed head as read from the end of an export or from a checkpoint. Hashes and signature in lower-case hex, time RFC 3339 UTC. */
export interface SealedHead {
  readonly count: number;
  readonly chain: string;
  readonly root: string;
  readonly time: string;
  readonly keyId: string;
  readonly signature: string;
}

/** What an export's first line announces of its seal. */
export interface Header {
  readonly count: number;
  readonly time: string;
  readonly keyId: string;
}

const HASH = /^[0-9a-f]{64}$/;
const SIGNATURE = /^[0-9a-f]{128}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/;
const KEY_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** The seal that a parsed line is, or null. */
export function readSeal(value: unknown): SealedHead | null {
  if (!hasMembers(value, ["chain", "count", "keyId", "kind", "root", "signature", "time"])) return null;
  const { chain, count, keyId, kind, root, signature, time } = value;
  if (kind !== "seal" || !isCount(count) || !isText(keyId, KEY_ID) || !isText(time, TIME)) return null;
  if (!isText(chain, HASH) || !isText(root, HASH) || !isText(signature, SIGNATURE)) return null;
  return { count, chain, root, time, keyId, signature };
}

/** The header that a parsed line is, or null. */
export function readHeader(value: unknown): Header | null {
  if (!hasMembers(value, ["count", "format", "keyId", "kind", "time"])) return null;
  const { count, format, keyId, kind, time } = value;
  if (kind !== "header" || format !== "change-mgmt/audit-export/1") return null;
  if (!isCount(count) || !isText(keyId, KEY_ID) || !isText(time, TIME)) return null;
  return { count, time, keyId };
}

/** The text whose UTF-8 bytes a seal's signature is over. */
export function signedText(seal: SealedHead): string {
  return ["change-mgmt/seal/1", seal.count, seal.chain, seal.root, seal.time, seal.keyId, ""].join("\n");
}

function hasMembers(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const present = Object.keys(value);
  return present.length === names.length && names.every((name) => Object.hasOwn(value, name));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown, shape: RegExp): value is string {
  return typeof value === "string" && shape.test(value);
}
