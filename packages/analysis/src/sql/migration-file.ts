import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { readMigrationParts } from "./migration-parts.ts";
import { type CompanionFile, companionOf, type Section } from "./migration-sections.ts";
import type { MigrationTool } from "./migration-tool.ts";

export type { CompanionFile } from "./migration-sections.ts";
export type { MigrationTool } from "./migration-tool.ts";

/** A migration as it is applied: what its file says without the tool's own marks and without an explicit BEGIN … COMMIT around it. */
export interface MigrationFile {
  readonly name: string;
  readonly tool: MigrationTool;
  readonly up: string;
  /** 1-based line of the file at which `up` begins. */
  readonly upLine: number;
  readonly down: string | null;
  /** 1-based line at which `down` begins, in the same file or in `downName`. */
  readonly downLine: number | null;
  /** The companion file that `down` comes from; null when it is in the same file or absent. */
  readonly downName: string | null;
  /** False when the tool's mark says so or a statement in it may not run in a transaction. */
  readonly transactional: boolean;
}

/**
 * Reads a migration in the conventions of plain SQL, Supabase, goose, dbmate, `.up.sql`/`.down.sql` pairs or Flyway V/U pairs.
 * `fileName` may carry its folder, by which Supabase is known; companions are the other files of that folder that may hold the down part.
 * Refuses what splitStatements refuses, TRANSACTION_CONTROL (BEGIN, COMMIT and the like anywhere but around the whole),
 * and MIGRATION_FORMAT (marks of a tool in an order that it would not accept). A file without any statement is refused as SQL_EMPTY;
 * a down part without one counts as written and doing nothing.
 */
export async function readMigrationFile(
  fileName: string,
  text: string,
  companions: readonly CompanionFile[] = [],
): Promise<Outcome<MigrationFile>> {
  const source = { path: fileName, text, down: companionOf(fileName, companions) ?? null };
  const parts = await readMigrationParts(source, { ownTransactions: false });
  if (!parts.ok) return parts;
  const { tool, up, down, transactional: marked } = parts.value;
  if (!up.read.ok) return up.read;
  if (down && !down.read.ok && down.read.refusal.code !== "SQL_EMPTY") return down.read;
  const read = [up.read.value, ...(down?.read.ok ? [down.read.value] : [])];
  const alone = !marked || read.some((part) => !part.wrapped && part.statements.some((s) => !s.transactional));
  if (alone && read.some((part) => part.wrapped)) return mixedTransactions(up.section);
  return accept({
    name: baseName(fileName),
    tool,
    up: up.read.value.text,
    upLine: up.section.line,
    down: down === null ? null : down.read.ok ? down.read.value.text : down.section.text,
    downLine: down?.section.line ?? null,
    downName: down === null || down.section.file === fileName ? null : down.section.file,
    transactional: !alone,
  });
}

/** TRANSACTION_CONTROL for a file that begins a transaction around the whole and may not run in one. */
export function mixedTransactions({ file, line }: Section): Refused {
  return refuse(
    "TRANSACTION_CONTROL",
    "The file opens a transaction of its own and also has to run without one.",
    "Put what may not run in a transaction (such as CREATE INDEX CONCURRENTLY) into a file of its own, without BEGIN and COMMIT.",
    { place: { file, line } },
  );
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}
