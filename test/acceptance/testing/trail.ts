import { createHash } from "node:crypto";
import { join } from "node:path";
import type { AuditEntry } from "@change-mgmt/domain/audit/entry.ts";
import { readCheckpoint } from "@change-mgmt/domain/verify/checkpoint.ts";
import type { Verdict } from "@change-mgmt/domain/verify/verdict.ts";
import { verifyBytes } from "@change-mgmt/domain/verify/verify-export.ts";
import { signingKey, verifySignature } from "@change-mgmt/server/audit/signing-key.ts";
import { expect } from "vitest";
import type { Person } from "./people.ts";

export interface Exported {
  readonly bytes: Buffer;
  readonly entries: readonly AuditEntry[];
}

/** The public key that a data folder's seals are signed with, by its id: what an auditor keeps. */
export function publicKeysOf(dataDir: string): Record<string, string> {
  const key = signingKey(undefined, join(dataDir, "audit-key"));
  if (!key.ok) throw new Error(key.refusal.message);
  return { [key.value.id]: key.value.publicKey };
}

/** The whole trail as an auditor gets it. */
export async function exportTrail(auditor: Person): Promise<Exported> {
  const answer = await auditor.ask("audit.export");
  const bytes = Buffer.from(await answer.arrayBuffer());
  const lines = bytes.toString("utf8").split("\n").slice(1, -2);
  return { bytes, entries: lines.map((line) => (JSON.parse(line) as { entry: AuditEntry }).entry) };
}

/** Verifies an export with the trusted keys and, where given, a checkpoint saved earlier. */
export async function verdictOn(
  bytes: Buffer,
  publicKeys: Readonly<Record<string, string>>,
  checkpoint?: unknown,
): Promise<Verdict> {
  const held = checkpoint === undefined ? undefined : readCheckpoint(JSON.stringify(checkpoint));
  if (held && !held.ok) throw new Error(held.refusal.message);
  return await verifyBytes([bytes], {
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
    publicKeys,
    verifySignature,
    ...(held ? { checkpoint: held.value } : {}),
  });
}

/** Exports the trail and sees that it is whole, signed with a trusted key, and goes on from the checkpoint. */
export async function wholeTrail(
  auditor: Person,
  publicKeys: Readonly<Record<string, string>>,
  checkpoint?: unknown,
): Promise<Exported> {
  const exported = await exportTrail(auditor);
  expect(await verdictOn(exported.bytes, publicKeys, checkpoint)).toMatchObject({
    ok: true,
    count: exported.entries.length,
    signature: "valid",
    checkpoint: checkpoint === undefined ? "none" : "held",
  });
  return exported;
}
