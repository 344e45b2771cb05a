import type { MigrationHistory } from "@change-mgmt/analysis/sql/histories/history.ts";
import { mixedTransactions } from "@change-mgmt/analysis/sql/migration-file.ts";
import { type PartStatements, readMigrationParts } from "@change-mgmt/analysis/sql/migration-parts.ts";
import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { findUnfit, type MigrationWork } from "../migration-work.ts";
import { sha256 } from "../sha256.ts";
import { isKept } from "../tool-ledgers/ledgers.ts";
import type { HistoryText } from "./history-files.ts";

const NOTHING: PartStatements = { text: "", statements: [], ownTransactions: 0, wrapped: false };

/**
 * A migration read so that it can be run, under the `id` that the ledger knows it by. Places are those of the file. Refuses with
 * MIGRATION_IN_CODE, with what the parser refuses, and with what cannot be run as the file says.
 */
export async function workOf(
  { entry, text, hash }: HistoryText,
  { tool }: MigrationHistory,
  id: string,
): Promise<Outcome<MigrationWork>> {
  if (entry.code) {
    return refuse(
      "MIGRATION_IN_CODE",
      `${entry.path} is written in a programming language, which is not run here.`,
      `Apply it with ${tool}; or write it in SQL.`,
      { place: { file: entry.path } },
    );
  }
  const source = { path: entry.path, text, tool, transactional: entry.transactional };
  const parts = await readMigrationParts(source, { ownTransactions: false });
  if (!parts.ok) return parts;
  const { up, transactional: marked } = parts.value;
  if (!up.read.ok && up.read.refusal.code !== "SQL_EMPTY") return up.read;
  const part = up.read.ok ? up.read.value : NOTHING;
  const alone = !marked || part.statements.some((statement) => !statement.transactional);
  if (alone && part.wrapped) return mixedTransactions(up.section);
  const before = up.section.line - 1;
  const sql = `${"\n".repeat(before)}${part.text}`;
  const statements = part.statements.map((one) => ({ ...one, start: one.start + before, end: one.end + before }));
  const artifact: MigrationArtifact = {
    kind: "migration",
    id,
    name: entry.path,
    up: sql,
    down: null,
    // A file without a statement has nothing that could not be in a transaction.
    transactional: !alone || statements.length === 0,
  };
  const unfit = findUnfit(artifact, statements);
  if (unfit) return unfit;
  return accept({
    artifact,
    direction: "deploy",
    sql,
    statements,
    contentHash: hash,
    sqlHash: sha256(sql),
    toolEntry: isKept(tool) ? { tool, ...entry, text, statements: statements.map((one) => one.text) } : null,
  });
}
