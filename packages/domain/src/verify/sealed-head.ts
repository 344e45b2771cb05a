/** The formats of seals and exports: 1 has a chain hash for each entry and a binary tree, 2 has a wide tree alone. */
export type Format = 1 | 2;

/** A signed head as read from the end of an export or from a checkpoint. Hashes and signature in lower-case hex, time RFC 3339 UTC. */
export interface SealedHead {
  readonly count: number;
  /** Chain hash of the last entry, in a seal of format 1 alone. */
  readonly chain?: string;
  readonly root: string;
  readonly time: string;
  readonly keyId: string;
  readonly signature: string;
}

/** What an export's first line announces of its seal. */
export interface Header {
  readonly format: Format;
  readonly count: number;
  readonly time: string;
  readonly keyId: string;
}

const HASH = /^[0-9a-f]{64}$/;
const SIGNATURE = /^[0-9a-f]{128}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/;
const KEY_ID = /^[A-Za-z0-9._-]{1,64}$/;

const FORMATS: Readonly<Record<string, Format>> = { "change-mgmt/audit-export/1": 1, "change-mgmt/audit-export/2": 2 };

/** The seal that a parsed line is, or null. */
export function readSeal(value: unknown): SealedHead | null {
  const members = ["count", "keyId", "kind", "root", "signature", "time"];
  const chained = hasMembers(value, ["chain", ...members]);
  if (!chained && !hasMembers(value, members)) return null;
  const { chain, count, keyId, kind, root, signature, time } = value;
  if (kind !== "seal" || !isCount(count) || !isText(keyId, KEY_ID) || !isText(time, TIME)) return null;
  if (!isText(root, HASH) || !isText(signature, SIGNATURE)) return null;
  if (!chained) return { count, root, time, keyId, signature };
  return isText(chain, HASH) ? { count, chain, root, time, keyId, signature } : null;
}

/** The header that a parsed line is, or null. */
export function readHeader(value: unknown): Header | null {
  if (!hasMembers(value, ["count", "format", "keyId", "kind", "time"])) return null;
  const { count, format, keyId, kind, time } = value;
  if (kind !== "header" || typeof format !== "string" || !Object.hasOwn(FORMATS, format)) return null;
  if (!isCount(count) || !isText(keyId, KEY_ID) || !isText(time, TIME)) return null;
  return { format: FORMATS[format] as Format, count, time, keyId };
}

export function formatOf(seal: SealedHead): Format {
  return seal.chain === undefined ? 2 : 1;
}

/** The text whose UTF-8 bytes a seal's signature is over. */
export function signedText(seal: SealedHead): string {
  const { chain, count, root, time, keyId } = seal;
  const said = chain === undefined ? ["change-mgmt/seal/2", count] : ["change-mgmt/seal/1", count, chain];
  return [...said, root, time, keyId, ""].join("\n");
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
