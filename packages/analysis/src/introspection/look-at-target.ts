import type {
  OpenTransaction,
  TargetLook,
  TargetRelation,
} from "@change-mgmt/domain/lifecycle/assessment/target-look.ts";
import { qualifiedName } from "@change-mgmt/domain/schema/model.ts";
import type { QueryFunction } from "./query-function.ts";

/** A size is asked for under a lock that even an ALTER TABLE keeps away; the pages of the catalog are there without one. */
const SIZE_LOCK_MS = 1000;
const STATEMENT_MS = 10_000;
const LOCK_NOT_AVAILABLE = "55P03";
const MOST_TRANSACTIONS = 100;
const SETTINGS = [
  "lock_timeout",
  "statement_timeout",
  "idle_in_transaction_session_timeout",
  "max_wal_size",
  "maintenance_work_mem",
  "wal_level",
];

/**
 * Looks at a database through its statistics: how large relations are, named as in a schema model, what goes on in them and who has a
 * transaction open. Cheap whatever their size; reads no row of theirs and changes nothing. What the login may not see is said in `unreadable`.
 */
export async function lookAtTarget(query: QueryFunction, relations: readonly string[]): Promise<TargetLook> {
  const names = [...new Set(relations)].flatMap((name) => parts(name) ?? []);
  const about = await inLook(query, () => readAbout(query));
  const sizes = await inLook(query, () => readRelations(query, names, true)).catch(
    async (error: { code?: unknown }) => {
      if (error.code !== LOCK_NOT_AVAILABLE) throw error;
      return await inLook(query, () => readRelations(query, names, false));
    },
  );
  const { transactions, replicas } = await inLook(query, async () => ({
    transactions: await readTransactions(query, names),
    replicas: await readReplicas(query),
  }));
  return {
    at: about.at,
    postgres: about.postgres,
    relations: about.counts ? sizes.relations : sizes.relations.map((one) => ({ ...one, written: null, read: null })),
    transactions,
    replicas: about.mayReadAll ? replicas : null,
    settings: about.settings,
    countedSince: about.countedSince,
    unreadable: [
      ...(about.mayReadAll
        ? []
        : [
            "This login is no member of pg_read_all_stats: of other logins' transactions it sees neither age nor state, those without a lock on these tables not at all, and nothing of replication.",
          ]),
      ...(about.counts ? [] : ["The server does not count what is read and written (track_counts is off)."]),
      ...(about.tracksActivity ? [] : ["The server does not keep what its sessions do (track_activities is off)."]),
      ...(sizes.exact
        ? []
        : [
            "A table is locked against everybody: sizes are those of the last VACUUM or ANALYZE, without what is kept apart (TOAST).",
          ]),
    ],
  };
}

interface Named {
  readonly schema: string;
  readonly name: string;
}

/** The two identifiers of a qualified name; null for what has another number of them. */
function parts(qualified: string): Named | null {
  const found = [...qualified.matchAll(/"((?:[^"]|"")*)"|[^."]+/g)].map(([all, quoted]) =>
    quoted === undefined ? all : quoted.replaceAll('""', '"'),
  );
  return found.length === 2 ? { schema: found[0]!, name: found[1]! } : null;
}

async function inLook<T>(query: QueryFunction, read: () => Promise<T>): Promise<T> {
  await query("begin read only");
  try {
    await query(
      "select pg_catalog.set_config('lock_timeout', $1, true), pg_catalog.set_config('statement_timeout', $2, true)",
      [String(SIZE_LOCK_MS), String(STATEMENT_MS)],
    );
    const found = await read();
    await query("commit");
    return found;
  } catch (error) {
    // What went wrong is what is to be said, whether or not the connection takes this.
    await query("rollback").catch(() => undefined);
    throw error;
  }
}

async function readAbout(query: QueryFunction) {
  const { rows } = await query(
    `select pg_catalog.clock_timestamp()::text as at, pg_catalog.current_setting('server_version') as version,
       pg_catalog.pg_has_role('pg_read_all_stats', 'usage') as may_read_all,
       pg_catalog.current_setting('track_counts') = 'on' as counts, pg_catalog.current_setting('track_activities') = 'on' as tracks_activity,
       (select stats_reset::text from pg_catalog.pg_stat_database where datname = pg_catalog.current_database()) as since,
       (select pg_catalog.json_object_agg(name, pg_catalog.current_setting(name)) from pg_catalog.pg_settings where name = any($1::text[])) as settings`,
    [SETTINGS],
  );
  const row = rows[0]!;
  return {
    at: new Date(row.at as string).toISOString(),
    postgres: String(row.version).split(" ")[0]!,
    mayReadAll: row.may_read_all === true,
    counts: row.counts === true,
    tracksActivity: row.tracks_activity === true,
    countedSince: row.since === null ? null : new Date(row.since as string).toISOString(),
    settings: row.settings as Readonly<Record<string, string>>,
  };
}

const SIZES = {
  exact: { table: "pg_catalog.pg_table_size(p.oid)", indexes: "pg_catalog.pg_indexes_size(p.oid)" },
  ofCatalog: {
    table: "p.relpages::int8 * pg_catalog.current_setting('block_size')::int8",
    indexes:
      "(select pg_catalog.sum(x.relpages)::int8 * pg_catalog.current_setting('block_size')::int8 from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid where i.indrelid = p.oid)",
  },
} as const;

async function readRelations(
  query: QueryFunction,
  names: readonly Named[],
  exact: boolean,
): Promise<{ relations: TargetRelation[]; exact: boolean }> {
  const size = SIZES[exact ? "exact" : "ofCatalog"];
  const { rows } = await query(
    `with recursive asked as (
       select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         join unnest($1::text[], $2::text[]) as a(schema, name) on a.schema = n.nspname::text and a.name = c.relname::text
        where c.relkind in ('r', 'p', 'm')
     ), above(oid, at, depth) as (
       select oid, oid, 0 from asked
       union all
       select a.oid, i.inhparent, a.depth + 1 from above a join pg_catalog.pg_inherits i on i.inhrelid = a.at
         join pg_catalog.pg_class t on t.oid = i.inhparent and t.relkind = 'p'
     ), tops as (select distinct on (oid) oid, at as root from above order by oid, depth desc
     ), wanted as (select oid, root from tops union select root, root from tops
     ), below(oid, at) as (
       select oid, oid from wanted
       union all
       select b.oid, i.inhrelid from below b join pg_catalog.pg_class t on t.oid = b.at and t.relkind = 'p' join pg_catalog.pg_inherits i on i.inhparent = b.at
     ), sizes as (
       select b.oid, pg_catalog.sum(${size.table}) as table_bytes, pg_catalog.sum(${size.indexes}) as index_bytes,
         pg_catalog.sum(p.reltuples) filter (where p.relkind <> 'p') as rows,
         pg_catalog.bool_or(p.relkind <> 'p' and (p.reltuples < 0 or p.relpages = 0 and p.reltuples = 0)) as uncounted,
         pg_catalog.sum(pg_catalog.pg_stat_get_tuples_inserted(p.oid) + pg_catalog.pg_stat_get_tuples_updated(p.oid) + pg_catalog.pg_stat_get_tuples_deleted(p.oid)) as written,
         pg_catalog.sum(pg_catalog.pg_stat_get_numscans(p.oid)
           + coalesce((select pg_catalog.sum(pg_catalog.pg_stat_get_numscans(i.indexrelid)) from pg_catalog.pg_index i where i.indrelid = p.oid), 0)) as read
       from below b join pg_catalog.pg_class p on p.oid = b.at group by b.oid
     )
     select n.nspname::text as schema, c.relname::text as name, tn.nspname::text as root_schema, t.relname::text as root_name, w.root <> w.oid as part,
       s.table_bytes::float8 as table_bytes, s.index_bytes::float8 as index_bytes, s.rows::float8 as rows, s.uncounted, s.written::float8 as written, s.read::float8 as read
     from wanted w join sizes s on s.oid = w.oid join pg_catalog.pg_class c on c.oid = w.oid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       join pg_catalog.pg_class t on t.oid = w.root join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
     order by 1, 2`,
    [names.map(({ schema }) => schema), names.map(({ name }) => name)],
  );
  const relations = rows.map((row): TargetRelation => {
    const tableBytes = Number(row.table_bytes ?? 0);
    return {
      name: qualifiedName(row.schema as string, row.name as string),
      root: row.part === true ? qualifiedName(row.root_schema as string, row.root_name as string) : null,
      // A table without a page has no rows; one with pages that was never counted has nobody knows how many.
      rows: row.uncounted === true && tableBytes > 0 ? null : Math.max(0, Number(row.rows ?? 0)),
      tableBytes,
      indexBytes: Number(row.index_bytes ?? 0),
      written: Number(row.written ?? 0),
      read: Number(row.read ?? 0),
    };
  });
  return { relations, exact };
}

async function readTransactions(query: QueryFunction, names: readonly Named[]): Promise<OpenTransaction[]> {
  const { rows } = await query(
    `with asked as (
       select c.oid, a.schema, a.name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         join unnest($1::text[], $2::text[]) as a(schema, name) on a.schema = n.nspname::text and a.name = c.relname::text
     ), held as (
       select l.pid, l.virtualtransaction as vx, pg_catalog.json_agg(pg_catalog.json_build_object('schema', a.schema, 'name', a.name, 'mode', l.mode)) as locks
         from pg_catalog.pg_locks l join asked a on a.oid = l.relation
        where l.granted and l.locktype = 'relation' and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
        group by l.pid, l.virtualtransaction
     )
     select * from (
       select a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, a.backend_type, '?') as who, a.state,
         extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)::float8 as seconds, h.locks
       from pg_catalog.pg_stat_activity a left join held h on h.pid = a.pid
       where a.datname = pg_catalog.current_database() and a.pid <> pg_catalog.pg_backend_pid() and (a.xact_start is not null or h.pid is not null)
       union all
       select null, p.gid, 'prepared', extract(epoch from pg_catalog.clock_timestamp() - p.prepared)::float8, h.locks
       from pg_catalog.pg_prepared_xacts p left join held h on h.pid is null and h.vx = '-1/' || p.transaction::text
       where p.database = pg_catalog.current_database()
     ) open order by (locks is null), seconds desc nulls first, pid limit ${MOST_TRANSACTIONS}`,
    [names.map(({ schema }) => schema), names.map(({ name }) => name)],
  );
  return rows.map((row) => ({
    pid: row.pid === null ? null : Number(row.pid),
    who: row.who as string,
    state: row.state as string | null,
    seconds: row.seconds === null ? null : Math.max(0, Number(row.seconds)),
    locks: ((row.locks ?? []) as { schema: string; name: string; mode: string }[]).map(({ schema, name, mode }) => ({
      relation: qualifiedName(schema, name),
      mode,
    })),
  }));
}

async function readReplicas(query: QueryFunction): Promise<{ name: string; lagBytes: number | null }[]> {
  const { rows } = await query(
    `select coalesce(nullif(application_name, ''), usename::text, '?') as name, pg_catalog.pg_wal_lsn_diff(
         case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn() else pg_catalog.pg_current_wal_lsn() end, replay_lsn)::float8 as lag
       from pg_catalog.pg_stat_replication order by 1 limit 20`,
  );
  return rows.map(({ name, lag }) => ({
    name: name as string,
    lagBytes: lag === null ? null : Math.max(0, Number(lag)),
  }));
}
