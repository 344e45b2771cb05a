import { type Statement, splitStatements } from "@change-mgmt/analysis/sql/statements.ts";
import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Direction } from "../artifact.ts";
import { sha256 } from "./sha256.ts";
import { type KeptTool, TOOL_LEDGERS } from "./tool-ledgers/ledgers.ts";
import type { ToolEntry } from "./tool-ledgers/tool-ledger.ts";

/** A migration read for one direction: what the steps carry out. */
export interface MigrationWork {
  readonly artifact: MigrationArtifact;
  readonly direction: Direction;
  readonly sql: string;
  readonly statements: readonly Statement[];
  /** Hex SHA-256 of the up SQL: what the ledger knows the migration by, in both directions. */
  readonly contentHash: string;
  /** Hex SHA-256 of the SQL of this direction. */
  readonly sqlHash: string;
  /** How the ledger of the repository's own tool records it; null where none is kept. */
  readonly toolEntry: KeptEntry | null;
}

/** A migration for the ledger of its tool. */
export interface KeptEntry extends ToolEntry {
  readonly tool: KeptTool;
}

/**
 * Reads the SQL of one direction. Refuses with NO_ROLLBACK (no down SQL), TRANSACTION_CONTROL (BEGIN, COMMIT and their kin),
 * NOT_TRANSACTIONAL (a statement that cannot run in the transaction the file asks for), NOT_RESUMABLE (a concurrent index
 * without a name), SUPABASE_FILE_NAME or TOOL_FILE_NAME, and with what `splitStatements` refuses; the place names the file.
 */
export async function readMigration(
  artifact: MigrationArtifact,
  direction: Direction,
): Promise<Outcome<MigrationWork>> {
  const sql = direction === "deploy" ? artifact.up : artifact.down;
  if (sql === null || (direction === "rollback" && sql.trim() === "")) {
    return refuse(
      "NO_ROLLBACK",
      `The migration "${artifact.name}" has no SQL that takes it back.`,
      "Write its down SQL and have it rehearsed, or restore by a change of its own.",
    );
  }
  if (artifact.tool !== undefined && !FILE_NAMES[artifact.tool].test(artifact.name)) {
    const { title } = TOOL_LEDGERS[artifact.tool];
    return refuse(
      artifact.tool === "supabase" ? "SUPABASE_FILE_NAME" : "TOOL_FILE_NAME",
      `"${artifact.name}" is not a file name that ${title}'s migrations know.`,
      HOW_TO_NAME[artifact.tool] ?? "Name the file <digits>_<name>.sql, such as 20261121093000_add_nickname.sql.",
    );
  }
  const split = saysNothing(await splitStatements(sql), direction);
  if (!split.ok) return inFile(split, artifact.name);
  const unfit = findUnfit(artifact, split.value);
  if (unfit) return unfit;
  return accept({
    artifact,
    direction,
    sql,
    statements: split.value,
    contentHash: sha256(artifact.up),
    sqlHash: sha256(sql),
    toolEntry: artifact.tool ? entryOf(artifact, artifact.tool, split.value) : null,
  });
}

/** A way back of comments alone says that there is nothing to take back: only the ledgers are put right. */
function saysNothing(split: Outcome<readonly Statement[]>, direction: Direction): Outcome<readonly Statement[]> {
  return !split.ok && direction === "rollback" && split.refusal.code === "SQL_EMPTY" ? accept([]) : split;
}

/** Names that the tools take for migrations, whatever folders are before them: what the ledger calls it, with the version in that. */
const FILE_NAMES: Readonly<Record<NonNullable<MigrationArtifact["tool"]>, RegExp>> = {
  supabase: /(?:^|\/)(?<name>(?<version>\d+)_[^/]*\.sql)$/,
  prisma: /(?:^|\/)(?<name>(?<version>[^/]+))\/migration\.sql$/,
  goose: /(?:^|\/)(?<name>(?<version>\d+)_[^/]*\.sql)$/,
  dbmate: /(?:^|\/)(?<name>(?<version>\d+)[^/]*\.sql)$/,
  flyway: /(?:^|\/)(?<name>(?:V(?<version>\d+(?:[._]\d+)*)|R)__[^/]*\.sql)$/,
  "golang-migrate": /(?:^|\/)(?<name>(?<version>\d+)_[^/]*\.up\.sql)$/,
};
const HOW_TO_NAME: Partial<Record<NonNullable<MigrationArtifact["tool"]>, string>> = {
  flyway: "Name the file V<version>__<name>.sql, such as V42__add_nickname.sql.",
  prisma: "Name the file <folder>/migration.sql, such as 20261121093000_add_nickname/migration.sql.",
  "golang-migrate": "Name the file <digits>_<name>.up.sql, such as 000042_add_nickname.up.sql.",
};

function entryOf(
  { name, up }: MigrationArtifact,
  tool: NonNullable<MigrationArtifact["tool"]>,
  statements: readonly Statement[],
): KeptEntry {
  const known = FILE_NAMES[tool].exec(name)!.groups!;
  return {
    tool,
    name: known.name!,
    version: known.version ?? null,
    text: up,
    statements: statements.map(({ text }) => text),
  };
}

/** What keeps statements from being run as the artifact says, or null: TRANSACTION_CONTROL, NOT_TRANSACTIONAL, NOT_RESUMABLE. */
export function findUnfit(artifact: MigrationArtifact, statements: readonly Statement[]): Refused | null {
  for (const statement of statements) {
    const unfit = findUnfitStatement(artifact, statement);
    if (unfit) return unfit;
  }
  return null;
}

function findUnfitStatement(artifact: MigrationArtifact, statement: Statement): Refused | null {
  const place = { file: artifact.name, line: statement.line, column: statement.column };
  if (statement.controlsTransaction) {
    return refuse(
      "TRANSACTION_CONTROL",
      `Line ${statement.line} of "${artifact.name}" controls the transaction itself (${words(statement.kind)}).`,
      artifact.transactional
        ? "Take it out: the whole file runs in one transaction, together with its ledger entry."
        : "Take it out: each statement of this file is committed by itself.",
      { place },
    );
  }
  if (artifact.transactional && !statement.transactional) {
    return refuse(
      "NOT_TRANSACTIONAL",
      `Line ${statement.line} of "${artifact.name}" (${words(statement.kind)}) cannot run inside a transaction, and the file is marked as one that does.`,
      "Move that statement into a migration of its own that is marked as not transactional.",
      { place },
    );
  }
  const index = statement.node.IndexStmt as { idxname?: string } | undefined;
  if (index && !statement.transactional && index.idxname === undefined) {
    return refuse(
      "NOT_RESUMABLE",
      `Line ${statement.line} of "${artifact.name}" builds an index concurrently and gives it no name, so what an interrupted build leaves could not be found again.`,
      "Give the index a name.",
      { place },
    );
  }
  return null;
}

function inFile(refused: Refused, file: string): Refused {
  const { refusal } = refused;
  return { ok: false, refusal: { ...refusal, place: { ...refusal.place, file } } };
}

function words(kind: string): string {
  return kind.replaceAll("_", " ").toUpperCase();
}
