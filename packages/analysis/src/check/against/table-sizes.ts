import type { QueryFunction } from "../../introspection/introspect.ts";

/** How large a table is. */
export interface TableSize {
  /** As the planner estimates; null where the table was never analysed. */
  readonly rows: number | null;
  /** With its indexes and what is stored beside it. */
  readonly bytes: number;
}

/** The sizes of tables by qualified name, partitioned ones as the sum of their partitions; what is too small to matter is left out. */
export async function readSizes(query: QueryFunction): Promise<Record<string, TableSize>> {
  const { rows } = await query(
    `with recursive parts as (
       select c.oid, c.oid as root from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       union all
       select i.inhrelid, p.root from parts p join pg_catalog.pg_inherits i on i.inhparent = p.oid
     )
     select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(r.relname) as name,
       sum(case when c.relkind <> 'p' then nullif(c.reltuples, -1) end)::bigint::text as rows,
       sum(pg_catalog.pg_total_relation_size(c.oid))::bigint::text as bytes
     from parts join pg_catalog.pg_class c on c.oid = parts.oid join pg_catalog.pg_class r on r.oid = parts.root
     join pg_catalog.pg_namespace n on n.oid = r.relnamespace
     group by n.nspname, r.relname having sum(pg_catalog.pg_total_relation_size(c.oid)) >= ${SMALLEST}`,
  );
  return Object.fromEntries(
    rows.map(({ name, rows: count, bytes }) => [
      String(name),
      { rows: count === null ? null : Number(count), bytes: Number(bytes) },
    ]),
  );
}

/** Bytes below which nobody notices that a table is read or written anew. */
const SMALLEST = 1_000_000;
