import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import type { ArtifactKind } from "../artifact.ts";
import { readMigration } from "./migration-work.ts";
import { applyByStatement } from "./statement-steps.ts";
import { applyInTransaction } from "./transactional-steps.ts";
import { verifyLedger } from "./verify-ledger.ts";

/**
 * SQL on a target, each file at most once: its ledger entry commits in the same transaction, so a step that is run again
 * finds it and is done. A file without a transaction is carried out statement by statement, each a durable step.
 */
export const migrationKind: ArtifactKind<MigrationArtifact> = {
  kind: "migration",
  async prepare(artifact) {
    const up = await readMigration(artifact, "deploy");
    if (!up.ok) return up;
    const down = !artifact.down?.trim() ? null : await readMigration(artifact, "rollback");
    return down === null || down.ok ? accept(true) : down;
  },
  async plan(artifact, direction) {
    const read = await readMigration(artifact, direction);
    if (!read.ok) return read;
    const work = read.value;
    const apply = artifact.transactional ? [applyInTransaction(work)] : applyByStatement(work);
    return accept([...apply, verifyLedger(work)]);
  },
};
