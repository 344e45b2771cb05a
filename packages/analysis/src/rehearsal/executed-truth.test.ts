import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { splitStatements } from "../sql/statements.ts";
import { embeddedSource } from "./embedded-source.ts";
import type { Engine } from "./engine.ts";
import { RelationProbe } from "./probe.ts";
import { BEFORE, GROUND, STATEMENTS } from "./testing/truth-statements.ts";

interface Truth {
  readonly error: string | null;
  readonly locks: readonly string[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
}

let engine: Engine;
let database: string;
/** Runs the statements on a real server, and watches from another session of it. */
let acting: pg.Client;
let watching: pg.Client;

beforeAll(async () => {
  const source = await embeddedSource({
    major: 18,
    base: [],
    texts: [],
    cacheFolder: join(tmpdir(), "change-mgmt-test-cache"),
    onStatement: () => {},
  });
  engine = await source.open([]);
  await engine.run(GROUND);
  await engine.run(BEFORE);
  const server = process.env.DATABASE_URL_FOR_TESTS!;
  database = `truth_${process.pid}`;
  watching = await connected(server);
  await watching.query("drop role if exists reader");
  await watching.query(`create database ${database}`);
  acting = await connected(Object.assign(new URL(server), { pathname: `/${database}` }).href);
  await acting.query(GROUND);
  await acting.query(BEFORE);
});
afterAll(async () => {
  await engine?.close();
  await acting?.end();
  await watching?.query(`drop database if exists ${database} with (force)`);
  await watching?.query("drop role if exists reader");
  await watching?.end();
});

test("locks, rewrites and scans said by a rehearsal are those of a real Postgres, statement by statement", async () => {
  const told: Record<string, Truth> = {};
  const true_: Record<string, Truth> = {};
  for (const statement of STATEMENTS) {
    told[statement] = await rehearsed(statement);
    true_[statement] = await executed(statement);
  }
  expect(told).toEqual(true_);
  expect(STATEMENTS.length).toBeGreaterThan(150);
  // The comparison means something only where something happens, and where the ground is as the statements expect it.
  const all = Object.values(true_);
  expect(all.filter(({ error }) => error !== null).length).toBeLessThan(15);
  expect(all.filter(({ locks }) => locks.length > 0).length).toBeGreaterThan(120);
  expect(all.filter(({ rewrites }) => rewrites.length > 0).length).toBeGreaterThan(20);
  expect(all.filter(({ scans }) => scans.length > 0).length).toBeGreaterThan(40);
});

async function rehearsed(sql: string): Promise<Truth> {
  const probe = await RelationProbe.watch(engine.query);
  await engine.run("begin");
  await probe.newTransaction();
  try {
    await engine.run(sql);
    const truncated = (await kindOf(sql)) === "truncate";
    const { locks, rewrites, scans } = await probe.look(truncated);
    return { error: null, locks: locks.map(({ relation, mode }) => `${relation} ${mode}`), rewrites, scans };
  } catch (error) {
    return failed(error);
  } finally {
    await engine.run("rollback");
  }
}

async function kindOf(sql: string): Promise<string> {
  const statements = await splitStatements(sql);
  return statements.ok ? statements.value[0]!.kind : "";
}

/** What the server itself shows: locks as another session sees them, file nodes and scans as its own catalogs have them. */
async function executed(sql: string): Promise<Truth> {
  const relations = await relationsOf(acting);
  const { rows: me } = await acting.query(
    "select pg_backend_pid() as pid, oid from pg_database where datname = current_database()",
  );
  await acting.query("begin");
  const scansBefore = await scansOf(acting);
  try {
    await acting.query(sql);
    const { rows: held } = await watching.query(
      "select relation::int8::int as oid, mode from pg_locks where pid = $1 and database = $2 and locktype = 'relation'",
      [me[0].pid, me[0].oid],
    );
    const strongest = new Map<number, number>();
    for (const { oid, mode } of held) {
      if (relations.has(oid)) strongest.set(oid, Math.max(strongest.get(oid) ?? -1, MODES.indexOf(mode)));
    }
    const locks = [...strongest].filter(([oid, strength]) => {
      const table = relations.get(oid)!.table;
      return table === null || (strongest.get(table) ?? -1) < strength;
    });
    const truncated = sql.startsWith("truncate");
    const now = await relationsOf(acting);
    const rewritten = [...relations].filter(
      ([oid, { kind, filenode }]) =>
        (kind === "r" || kind === "m") && now.has(oid) && now.get(oid)!.filenode !== filenode && !truncated,
    );
    const scans = await scansOf(acting);
    const scanned = [...relations].filter(
      ([oid, { kind }]) =>
        kind !== "i" && now.has(oid) && (scans.get(oid) ?? 0) > (scansBefore.get(oid) ?? 0) && !truncated,
    );
    return {
      error: null,
      locks: locks.map(([oid, strength]) => `${relations.get(oid)!.name} ${MODES[strength]}`).sort(),
      rewrites: rewritten.map(([, { name }]) => name).sort(),
      scans: scanned.map(([, { name }]) => name).sort(),
    };
  } catch (error) {
    return failed(error);
  } finally {
    await acting.query("rollback");
  }
}

const MODES = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

interface Relation {
  readonly name: string;
  readonly kind: string;
  readonly filenode: number;
  readonly table: number | null;
}

async function relationsOf(client: pg.Client): Promise<Map<number, Relation>> {
  const { rows } = await client.query(
    `select c.oid::int8::int as oid, n.nspname || '.' || c.relname as name, c.relkind as kind, c.relfilenode::int8::int as filenode,
       i.indrelid::int8::int as table
     from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_index i on i.indexrelid = c.oid
     where n.nspname in ('public', 'elsewhere')`,
  );
  return new Map(rows.map(({ oid, ...relation }) => [oid, relation]));
}

async function scansOf(client: pg.Client): Promise<Map<number, number>> {
  const { rows } = await client.query(
    "select relid::int8::int as oid, seq_scan::int as scans from pg_stat_xact_all_tables",
  );
  return new Map(rows.map(({ oid, scans }) => [oid, scans]));
}

function failed(error: unknown): Truth {
  const { code, message } = error as { code?: string; message: string };
  if (code === undefined) throw error;
  return { error: `${code} ${message}`, locks: [], rewrites: [], scans: [] };
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
