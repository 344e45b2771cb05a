import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type pg from "pg";
import { BACKUP_FORMAT, type BackupEnd, type BackupHeader } from "./backup-format.ts";
import { type BackupTable, backupTables, quoted, schemaNumber } from "./backup-tables.ts";
import type { Store } from "./store.ts";

export { restoreStore } from "./restore.ts";

const compress = promisify(gzip);
/** Uncompressed characters to gather before they are compressed and handed over. */
const PIECE = 256 * 1024;
const MOST_ROWS = 200;
const FIRST_ROWS = 10;
const PATIENCE_MS = 60_000;

/**
 * Work that was handed to the job queue and is not done counts as not handed over, since the queue's tables are not in a backup: whoever
 * restores it gets the work done. Handlers may be called again for the same event. What failed for good is not tried again.
 */
const OUTBOX_KEPT = `t.sent_at IS NULL OR EXISTS (SELECT 1 FROM change_mgmt_jobs.job j
  WHERE j.data ->> 'key' = t.id::text AND j.state < 'completed' AND j.name <> 'dead-letters')`;
const KEPT: ReadonlyMap<string, string> = new Map([["outbox", OUTBOX_KEPT]]);
const WRITTEN_AS: ReadonlyMap<string, string> = new Map([["outbox.sent_at", "NULL::timestamptz"]]);

/**
 * A consistent copy of every table of schema `change_mgmt` as it is at the first piece, in the format of backup-format.ts. Memory holds a
 * piece of about 256 kB and at most 200 rows. One transaction lasts until the last piece is taken, so an embedded store, which has one
 * connection, answers nothing else meanwhile. A reader that takes no piece for `patienceMs` loses the store: the next piece throws.
 */
export async function* backupStore(
  store: Store,
  { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const client = await store.pool.connect();
  let held = true;
  const letGo = async () => {
    if (!held) return;
    held = false;
    try {
      await client.query("ROLLBACK");
      client.release();
    } catch (error) {
      // The connection is of no use; the server undoes its transaction when it is closed.
      client.release(error as Error);
    }
  };
  try {
    for await (const piece of pieces(backupLines(client))) {
      const compressed = await compress(piece);
      const timer = setTimeout(letGo, patienceMs);
      try {
        // Every piece is a gzip member of its own; one after the other they are a gzip file.
        yield compressed;
      } finally {
        clearTimeout(timer);
      }
      if (!held) throw new Error(`nobody read on for ${patienceMs / 1000} s: the backup has let go of the store`);
    }
  } finally {
    await letGo();
  }
}

async function* pieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = "";
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

async function* backupLines(client: pg.PoolClient): AsyncGenerator<string> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  // What Postgres writes depends on these; a backup must not.
  await client.query("SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'");
  const tables = await backupTables(client);
  const { rows } = await client.query<{ now: Date }>("SELECT now()");
  const header: BackupHeader = {
    format: BACKUP_FORMAT,
    schema: await schemaNumber(client),
    createdAt: rows[0]!.now.toISOString(),
    tables: tables.map((table) => table.name),
  };
  const hash = createHash("sha256");
  const counts: Record<string, number> = {};
  const line = (text: string) => {
    const ended = `${text}\n`;
    hash.update(ended);
    return ended;
  };
  yield line(JSON.stringify(header));
  for (const table of tables) {
    counts[table.name] = 0;
    for await (const text of tableRows(client, table)) {
      counts[table.name]! += 1;
      yield line(text);
    }
  }
  const end: BackupEnd = { end: true, rows: counts, sha256: hash.digest("hex") };
  yield `${JSON.stringify(end)}\n`;
}

async function* tableRows(client: pg.PoolClient, table: BackupTable): AsyncGenerator<string> {
  await client.query(`DECLARE backup NO SCROLL CURSOR FOR ${selectRows(table)}`);
  const start = `{"table":${JSON.stringify(table.name)},"row":`;
  for (let limit = FIRST_ROWS; ; ) {
    const { rows } = await client.query<{ row: string; nulls: string[] }>(`FETCH ${limit} FROM backup`);
    if (rows.length === 0) break;
    let length = 0;
    for (const { row, nulls } of rows) {
      length += row.length;
      if (row.includes("\n")) throw new Error(`a row of ${table.name} has a line feed between its JSON values`);
      yield `${start}${row}${nulls.length > 0 ? `,"jsonNull":${JSON.stringify(nulls)}` : ""}}`;
    }
    limit = Math.min(MOST_ROWS, Math.max(1, Math.floor(PIECE / (length / rows.length))));
  }
  await client.query("CLOSE backup");
}

function selectRows({ name, columns, primaryKey }: BackupTable): string {
  const written = columns.map((column) => {
    const other = WRITTEN_AS.get(`${name}.${column.name}`);
    return other === undefined ? `t.${quoted(column.name)}` : `${other} AS ${quoted(column.name)}`;
  });
  const kept = KEPT.get(name);
  const order = primaryKey.map((column) => `t.${quoted(column)}`);
  const nulls = columns
    .filter((column) => column.isJson)
    .map(
      (column) => `CASE WHEN r.${quoted(column.name)}::jsonb = 'null' THEN '${column.name.replaceAll("'", "''")}' END`,
    );
  return `SELECT row_to_json(r)::text AS row, array_remove(ARRAY[${nulls.join(", ")}]::text[], NULL) AS nulls FROM (
    SELECT ${written.join(", ")} FROM change_mgmt.${quoted(name)} t
    ${kept === undefined ? "" : `WHERE ${kept}`} ${order.length === 0 ? "" : `ORDER BY ${order.join(", ")}`}) r`;
}
