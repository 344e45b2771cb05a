import { createHash } from "node:crypto";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type pg from "pg";
import { BACKUP_FORMAT, type BackupEnd, type BackupHeader, type BackupRow } from "./backup-format.ts";
import { type BackupTable, backupTables, quoted, schemaNumber } from "./backup-tables.ts";
import type { Store } from "./store.ts";

const BATCH_ROWS = 500;
const BATCH_CHARACTERS = 512 * 1024;

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Thrown on the way and answered as the refusal it carries. */
class NotRestorable extends Error {
  readonly refused: Refused;
  constructor(refused: Refused) {
    super(refused.refusal.message);
    this.refused = refused;
  }
}

/**
 * Fills an empty store (no people, no audit entries) with a backup, all of it or nothing, in one transaction; what a first start had put
 * there gives way. Refusals: STORE_NOT_EMPTY; BACKUP_NEWER and BACKUP_OTHER_SCHEMA for a file of another version; BACKUP_DAMAGED, with
 * the line, for a file that is cut off, altered or no backup. An error of `source` itself is thrown.
 */
export async function restoreStore(
  store: Store,
  source: AsyncIterable<Uint8Array>,
): Promise<Outcome<{ rows: number }>> {
  const client = await store.pool.connect();
  try {
    await client.query("BEGIN");
    const rows = await restoreInto(client, source);
    await client.query("COMMIT");
    client.release();
    return accept({ rows });
  } catch (error) {
    try {
      await client.query("ROLLBACK");
      client.release();
    } catch (lost) {
      // The connection is of no use; the server undoes its transaction when it is closed. The first error is the one to tell.
      client.release(lost as Error);
    }
    if (error instanceof NotRestorable) return error.refused;
    throw error;
  }
}

async function restoreInto(client: pg.PoolClient, source: AsyncIterable<Uint8Array>): Promise<number> {
  const tables = new Map((await backupTables(client)).map((table) => [table.name, table]));
  const all = [...tables.values()];
  // Nobody may write meanwhile, nor restore or change the schema.
  const locked = [...tables.keys(), "schema_migrations"].map((name) => `change_mgmt.${quoted(name)}`);
  await client.query(`LOCK TABLE ${locked.join(", ")} IN SHARE ROW EXCLUSIVE MODE`);
  await refuseUnlessEmpty(client);
  // An empty store still has what any start writes: processes in force and the head of an empty trail.
  for (const table of all.toReversed()) await client.query(`DELETE FROM change_mgmt.${quoted(table.name)}`);

  const hash = createHash("sha256");
  const counts = new Map(all.map((table) => [table.name, 0]));
  let batch: Line[] = [];
  let batchTable: BackupTable | undefined;
  let batchLength = 0;
  const flush = async () => {
    if (batchTable && batch.length > 0) await insert(client, batchTable, batch);
    batch = [];
    batchLength = 0;
  };
  let header: BackupHeader | undefined;
  let end: BackupEnd | undefined;
  let last = 0;
  for await (const line of linesOf(source)) {
    last = line.number;
    if (end) throw damaged(line.number, "comes after the end of the backup");
    const value = parsed(line);
    if (!header) {
      header = checkedHeader(value, await schemaNumber(client), tables);
    } else if (value.end === true) {
      await flush();
      end = checkedEnd(value, line.number, counts, hash.digest("hex"));
      continue;
    } else {
      const table = tables.get((value as Partial<BackupRow>).table as string);
      if (!table || typeof value.row !== "object" || value.row === null) {
        throw damaged(line.number, "is not a row of a known table");
      }
      if (batchTable !== table || batch.length >= BATCH_ROWS || batchLength >= BATCH_CHARACTERS) await flush();
      batchTable = table;
      batch.push(line);
      batchLength += line.text.length;
      counts.set(table.name, counts.get(table.name)! + 1);
    }
    hash.update(`${line.text}\n`);
  }
  if (!header) throw damaged(1, "is missing: the file is empty");
  if (!end) throw damaged(last + 1, "is missing: the file is cut off before its end");
  await continueSequences(client, all);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  await holdDeployments(client, { backupCreatedAt: header.createdAt, sha256: end.sha256, rows: total });
  return total;
}

/** What the backup left unfinished may have been carried out since, on the very targets: nothing of it goes on by itself. */
async function holdDeployments(
  client: pg.PoolClient,
  restored: { backupCreatedAt: string; sha256: string; rows: number },
): Promise<void> {
  await client.query(
    `INSERT INTO change_mgmt.deployment_hold (id, reason, held_by, since, untold) VALUES (1, $1, 'restore', now(), $2)
     ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, held_by = excluded.held_by, since = excluded.since, untold = excluded.untold`,
    [
      `The store was restored from a backup of ${restored.backupCreatedAt}; the targets may have gone on since.`,
      JSON.stringify(restored),
    ],
  );
}

async function refuseUnlessEmpty(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ people: boolean; entries: boolean }>(`
    SELECT EXISTS (SELECT 1 FROM change_mgmt.users) AS people, EXISTS (SELECT 1 FROM change_mgmt.audit_trail) AS entries`);
  const { people, entries } = rows[0]!;
  if (!people && !entries) return;
  throw new NotRestorable(
    refuse(
      "STORE_NOT_EMPTY",
      `The store holds ${[...(people ? ["people"] : []), ...(entries ? ["audit entries"] : [])].join(" and ")}; a backup is restored into an empty one only.`,
      "Choose a new --data-dir, or an empty database in DATABASE_URL, and restore before the first start.",
    ),
  );
}

/** Inserts the rows of some lines as one statement. The lines go to the database as they are. */
async function insert(client: pg.PoolClient, table: BackupTable, lines: readonly Line[]): Promise<void> {
  const names = table.columns.map((column) => quoted(column.name));
  const values = table.columns.map((column) => {
    const value = `r.${quoted(column.name)}`;
    if (!column.isJson) return value;
    return `CASE WHEN (l.line::jsonb -> 'jsonNull') ? '${column.name.replaceAll("'", "''")}' THEN 'null' ELSE ${value} END`;
  });
  try {
    await client.query(
      `INSERT INTO change_mgmt.${quoted(table.name)} (${names.join(", ")}) OVERRIDING SYSTEM VALUE
       SELECT ${values.join(", ")} FROM json_array_elements($1::json) l (line)
       CROSS JOIN LATERAL json_populate_record(NULL::change_mgmt.${quoted(table.name)}, l.line -> 'row') r`,
      [`[${lines.map((line) => line.text).join(",")}]`],
    );
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    // Data exceptions and violated constraints are the file's fault.
    if (code === undefined || !/^2[23]/.test(code)) throw error;
    throw damaged(
      lines[0]!.number,
      `cannot be stored in ${table.name}: ${message}`,
      lines.length > 1 ? lines.at(-1)!.number : undefined,
    );
  }
}

/** Sets the sequence of each numbered column behind the greatest number that came back. */
async function continueSequences(client: pg.PoolClient, tables: readonly BackupTable[]): Promise<void> {
  for (const table of tables) {
    for (const { name, sequence } of table.columns) {
      if (sequence === null) continue;
      await client.query(
        `SELECT setval($1::text::regclass, max(${quoted(name)})) FROM change_mgmt.${quoted(table.name)} HAVING count(*) > 0`,
        [sequence],
      );
    }
  }
}

function checkedHeader(
  value: Record<string, unknown>,
  schema: number,
  tables: ReadonlyMap<string, BackupTable>,
): BackupHeader {
  const header = value as Partial<BackupHeader>;
  const [, version] = /^change-mgmt\/backup\/(\d+)$/.exec(String(header.format)) ?? [];
  if (version === undefined || !Number.isInteger(header.schema) || !Array.isArray(header.tables)) {
    throw damaged(1, "is not the header of a backup");
  }
  const theirs = header.schema!;
  if (header.format !== BACKUP_FORMAT || theirs > schema) {
    throw new NotRestorable(
      refuse(
        "BACKUP_NEWER",
        header.format === BACKUP_FORMAT
          ? `The backup has schema ${theirs}, newer than schema ${schema} of this version.`
          : `The backup has the format ${header.format}; this version reads ${BACKUP_FORMAT}.`,
        "Restore it with the version that wrote it, or a later one.",
        { details: { format: header.format, backup: theirs, store: schema } },
      ),
    );
  }
  if (theirs < schema) {
    throw new NotRestorable(
      refuse(
        "BACKUP_OTHER_SCHEMA",
        `The backup has schema ${theirs}, this version has schema ${schema}.`,
        "Restore it with the version that wrote it, then start this version on that store: it brings the schema up to date.",
        { details: { backup: theirs, store: schema } },
      ),
    );
  }
  const missing = [...tables.keys()].filter((name) => !header.tables!.includes(name));
  const unknown = header.tables.filter((name) => !tables.has(name));
  if (missing.length + unknown.length > 0) {
    throw damaged(1, `lists other tables than schema ${schema} has: ${[...missing, ...unknown].join(", ")}`);
  }
  return header as BackupHeader;
}

function checkedEnd(
  value: Record<string, unknown>,
  line: number,
  counts: ReadonlyMap<string, number>,
  sha256: string,
): BackupEnd {
  const end = value as unknown as BackupEnd;
  if (typeof end.rows !== "object" || end.rows === null) throw damaged(line, "does not say how many rows there are");
  for (const [table, count] of counts) {
    if (end.rows[table] !== count) {
      throw damaged(line, `says ${end.rows[table] ?? "no"} rows of ${table}, but there are ${count}`);
    }
  }
  if (end.sha256 !== sha256) throw damaged(line, "has another SHA-256 than the lines before it");
  return end;
}

function parsed(line: Line): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch {
    throw damaged(line.number, "is not JSON");
  }
  if (typeof value !== "object" || value === null) throw damaged(line.number, "is not a JSON object");
  return value as Record<string, unknown>;
}

/** The lines of a gzipped text; refused where the compressed data break off or do not agree with their checksum. */
async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 1;
  let parts: Uint8Array[] = [];
  // An error of either stream comes out of the loop below.
  const text = pipeline(Readable.from(source), createGunzip(), () => {});
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        parts.push(chunk.subarray(from, at));
        yield { number, text: Buffer.concat(parts).toString("utf8") };
        number += 1;
        parts = [];
        from = at + 1;
      }
      if (from < chunk.length) parts.push(chunk.subarray(from));
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("Z_")) throw error;
    throw damaged(number, `cannot be unpacked: ${message}`);
  }
  if (parts.length > 0) throw damaged(number, "is cut off");
}

function damaged(line: number, problem: string, to?: number): NotRestorable {
  return new NotRestorable(
    refuse(
      "BACKUP_DAMAGED",
      `The backup cannot be trusted: ${to === undefined ? `line ${line} ${problem}` : `one of the lines ${line} to ${to} ${problem}`}.`,
      "Nothing was restored. Take another copy of the file, or an earlier backup.",
      { place: { line } },
    ),
  );
}
