import type { BatchesRead } from "@change-mgmt/analysis/expand-contract/batches.ts";
import type { Statement } from "@change-mgmt/analysis/sql/statements.ts";
import type { TargetSession } from "../../assets/databases/target.ts";
import type { StepContext } from "../artifact.ts";
import type { MigrationWork } from "./migration-work.ts";
import { literal } from "./tool-ledgers/literal.ts";

/** Where a statement that goes through a table in batches stands on the target; each batch moves it in its own transaction. */
export interface BatchPosition {
  /** Key of the first row that was not gone through, each column as text; null before the first batch. */
  readonly next: readonly string[] | null;
  readonly done: number;
  readonly written: number;
}

/** Goes with the mark of the statement, so that whatever clears that lets the next deployment begin at the first row. */
const TABLE = `create table if not exists change_mgmt_ledger.batches (
   change_id text not null,
   artifact_id text not null,
   content_hash text not null,
   direction text not null,
   n integer not null,
   next_key text[],
   rows_done bigint not null,
   rows_written bigint not null,
   primary key (change_id, artifact_id, content_hash, direction, n),
   foreign key (change_id, artifact_id, content_hash, direction, n)
     references change_mgmt_ledger.statements on delete cascade
 )`;
const ONE = "change_id = $1 and artifact_id = $2 and content_hash = $3 and direction = $4 and n = $5";

function keyOf(work: MigrationWork, context: StepContext, statement: Statement): unknown[] {
  return [context.change.id, work.artifact.id, work.sqlHash, work.direction, statement.index + 1];
}

/** Makes what positions are kept in, on first use; whoever may make the ledger may make this. */
export async function makeRoom(session: TargetSession): Promise<void> {
  const { rows } = await session.query(
    "select pg_catalog.to_regclass('change_mgmt_ledger.batches') is null as missing",
  );
  if (rows[0]!.missing === true) await session.query(TABLE);
}

/** Where the statement stands, at its beginning where nothing is written down. */
export async function readPosition(
  session: TargetSession,
  work: MigrationWork,
  context: StepContext,
  statement: Statement,
): Promise<BatchPosition> {
  const { rows } = await session.query(
    `select next_key, rows_done, rows_written from change_mgmt_ledger.batches where ${ONE}`,
    keyOf(work, context, statement),
  );
  const row = rows[0];
  if (row === undefined) return { next: null, done: 0, written: 0 };
  return { next: row.next_key as string[], done: Number(row.rows_done), written: Number(row.rows_written) };
}

export async function writePosition(
  session: TargetSession,
  work: MigrationWork,
  context: StepContext,
  statement: Statement,
  { next, done, written }: BatchPosition,
): Promise<void> {
  await session.query(
    `insert into change_mgmt_ledger.batches (change_id, artifact_id, content_hash, direction, n, next_key, rows_done, rows_written)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (change_id, artifact_id, content_hash, direction, n)
     do update set next_key = excluded.next_key, rows_done = excluded.rows_done, rows_written = excluded.rows_written`,
    [...keyOf(work, context, statement), next, done, written],
  );
}

/** What one batch is: the condition that chooses its rows, how many there are, and the key after it; null after the last. */
export interface Batch {
  readonly range: string;
  readonly rows: number;
  readonly next: readonly string[] | null;
}

/** The batch that begins at a key, or at the first row; null where there is no row. */
export async function nextBatch(
  session: TargetSession,
  { inSql: { table, key }, size }: BatchesRead,
  from: readonly string[] | null,
): Promise<Batch | null> {
  const columns = key.join(", ");
  const row = (values: readonly string[]) => (values.length === 1 ? values[0]! : `(${values.join(", ")})`);
  const types = await keyTypes(session, table, key);
  // A date in JSON reads the same whatever style a session has.
  const asText = key.map((column) => `pg_catalog.to_json(${column}) #>> '{}'`).join(", ");
  const bound = (values: readonly string[]) => row(values.map((value, at) => `${literal(value)}::${types[at]}`));
  const choose = async (where: string, offset: number) => {
    const { rows } = await session.query(
      `select array[${asText}]::text[] as key from ${table}${where} order by ${columns} offset ${offset} limit 1`,
    );
    return (rows[0]?.key as string[] | undefined) ?? null;
  };
  const first = from ?? (await choose("", 0));
  if (first === null) return null;
  const after = `${row(key)} >= ${bound(first)}`;
  const next = await choose(` where ${after}`, size);
  const range = next === null ? after : `${after} and ${row(key)} < ${bound(next)}`;
  const rows = next === null ? await count(session, table, after) : size;
  return { range, rows, next };
}

/** Rows of the last batch, which are fewer than a batch has. */
async function count(session: TargetSession, table: string, where: string): Promise<number> {
  const { rows } = await session.query(`select pg_catalog.count(*) as rows from ${table} where ${where}`);
  return Number(rows[0]!.rows);
}

async function keyTypes(session: TargetSession, table: string, key: readonly string[]): Promise<readonly string[]> {
  const { rows } = await session.query(
    `select pg_catalog.quote_ident(a.attname) as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type
       from pg_catalog.pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped`,
    [table],
  );
  const types = new Map(rows.map(({ name, type }) => [name as string, type as string]));
  return key.map((column) => types.get(column) ?? types.get(column.replace(/^"(.*)"$/, "$1"))!);
}

/** About how many rows a table has, by the statistics; null where they were never counted. */
export async function aboutRows(session: TargetSession, table: string): Promise<number | null> {
  const { rows } = await session.query(
    "select c.reltuples::float8 as rows, c.relpages = 0 and c.reltuples = 0 as uncounted from pg_catalog.pg_class c where c.oid = $1::regclass",
    [table],
  );
  const row = rows[0];
  return row === undefined || row.uncounted === true || Number(row.rows) < 0 ? null : Number(row.rows);
}
