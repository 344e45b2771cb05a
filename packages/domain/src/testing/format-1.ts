import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { NO_HASH } from "../audit/entry.ts";
import { canonicalJson } from "../change/canonical-json.ts";
import type { SampleSigner } from "./a-trail.ts";

/** A seal of format 1, as nothing writes it any more but exports and checkpoints of it are kept. */
export interface FirstSeal {
  readonly count: number;
  readonly chain: string;
  readonly root: string;
  readonly time: string;
  readonly keyId: string;
  readonly signature: string;
}

export interface FirstTrail {
  /** Chain hash of each entry. */
  readonly links: readonly string[];
  sealAt(count?: number): FirstSeal;
  lines(count?: number): string[];
}

const PREFIX = utf8ToBytes("change-mgmt/chain/1\n");
const hex = (...parts: readonly Uint8Array[]) => bytesToHex(sha256(concatBytes(...parts)));

function link(prev: string, seq: number, entryHash: string): string {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(seq));
  return hex(PREFIX, hexToBytes(prev), number, hexToBytes(entryHash));
}

/** The root as RFC 6962, 2.1 defines it. */
export function binaryRoot(entryHashes: readonly string[]): string {
  if (entryHashes.length === 0) return hex();
  if (entryHashes.length === 1) return hex(Uint8Array.of(0), hexToBytes(entryHashes[0] as string));
  let left = 1;
  while (left * 2 < entryHashes.length) left *= 2;
  const halves = [entryHashes.slice(0, left), entryHashes.slice(left)].map(binaryRoot);
  return hex(Uint8Array.of(1), ...halves.map(hexToBytes));
}

/** The trail of these canonical entries and their hashes as format 1 had it. */
export function inFormat1(texts: readonly string[], hashes: readonly string[], signer: SampleSigner): FirstTrail {
  const links: string[] = [];
  for (const [index, hash] of hashes.entries()) links.push(link(links.at(-1) ?? NO_HASH, index + 1, hash));
  const sealAt = (count = texts.length): FirstSeal => {
    const chain = links[count - 1] ?? NO_HASH;
    const root = binaryRoot(hashes.slice(0, count));
    const time = `2026-11-21T11:00:00.${String(count).padStart(6, "0")}Z`;
    const { keyId } = signer;
    const statement = `change-mgmt/seal/1\n${count}\n${chain}\n${root}\n${time}\n${keyId}\n`;
    return { count, chain, root, time, keyId, signature: signer.sign(statement) };
  };
  return {
    links,
    sealAt,
    lines(count = texts.length) {
      const seal = sealAt(count);
      const { time, keyId } = seal;
      const header = canonicalJson({ format: "change-mgmt/audit-export/1", kind: "header", count, time, keyId });
      const entries = texts.slice(0, count).map((text, index) => {
        const prev = links[index - 1] ?? NO_HASH;
        return `{"chain":"${links[index]}","entry":${text},"hash":"${hashes[index]}","kind":"entry","prev":"${prev}","seq":${index + 1}}`;
      });
      return [header, ...entries, canonicalJson({ kind: "seal", ...seal })];
    },
  };
}
