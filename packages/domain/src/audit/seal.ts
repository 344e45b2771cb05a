import type { Head } from "./chain.ts";
import { merkleRoot } from "./merkle.ts";

/** A signed head: what an export ends with, and what a checkpoint saves. Hashes and signature in lower-case hex, time RFC 3339 UTC. */
export interface Seal {
  readonly count: number;
  readonly root: string;
  readonly time: string;
  readonly keyId: string;
  readonly signature: string;
}

/** The exact text whose UTF-8 bytes are signed; a RangeError when time or key id could be read in two ways. */
export function sealStatement(head: Head, time: string, keyId: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/.test(time)) {
    throw new RangeError(`not a time in RFC 3339 UTC with at most microseconds: ${time}`);
  }
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(keyId)) throw new RangeError(`not 1 to 64 characters of [A-Za-z0-9._-]: ${keyId}`);
  const root = merkleRoot(head.frontier);
  return `change-mgmt/seal/2\n${head.size}\n${root}\n${time}\n${keyId}\n`;
}

/** Signs a head. `sign` answers with the 64-byte Ed25519 signature of the text's UTF-8 bytes in lower-case hex; anything else throws a RangeError. */
export function signHead(head: Head, time: string, keyId: string, sign: (statement: string) => string): Seal {
  const signature = sign(sealStatement(head, time, keyId));
  if (!/^[0-9a-f]{128}$/.test(signature)) throw new RangeError("a signature is 128 lower-case hex digits");
  return { count: head.size, root: merkleRoot(head.frontier), time, keyId, signature };
}
