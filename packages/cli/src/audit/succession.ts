import type { CallOutput } from "@change-mgmt/api/client.ts";
import { successionStatement } from "@change-mgmt/domain/audit/succession.ts";
import { keyIdOf, verifyWithKey } from "./public-keys.ts";

type Key = CallOutput<"audit.keys">["items"][number];

/** The trusted keys by their ids, and all that descend from them: each named by a trusted one before it, with its signature. */
export function endorsedKeys(
  trusted: Readonly<Record<string, string>>,
  keys: readonly Key[],
): Readonly<Record<string, string>> {
  const known = { ...trusted };
  for (let found = true; found; ) {
    found = false;
    for (const key of keys) {
      if (key.keyId in known || !isEndorsed(key, known)) continue;
      known[key.keyId] = key.publicKey;
      found = true;
    }
  }
  return known;
}

function isEndorsed({ keyId, publicKey, endorsedBy, endorsement }: Key, known: Readonly<Record<string, string>>) {
  const by = endorsedBy === null ? undefined : known[endorsedBy];
  if (by === undefined || endorsedBy === null || endorsement === null) return false;
  // What comes from a server may be anything.
  if (!/^[0-9a-f]{64}$/.test(publicKey) || keyIdOf(publicKey) !== keyId) return false;
  return verifyWithKey(by, successionStatement(endorsedBy, publicKey), endorsement);
}
