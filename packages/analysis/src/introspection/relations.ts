import { type ObjectKind, objectKey, qualifiedName, type SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import {
  type CatalogScope,
  comment,
  located,
  notOfExtension,
  OWN_SCHEMA,
  place,
  readCatalog,
  schemaObject,
  text,
} from "./catalog-scope.ts";

const NAMES = "n.nspname::text as schema, c.relname::text as name";
const PERSISTENCE: Readonly<Record<string, string>> = { p: "permanent", u: "unlogged" };
const IDENTITY: Readonly<Record<string, string>> = { a: "always", d: "by default" };
const GENERATED: Readonly<Record<string, string>> = { s: "stored", v: "virtual" };
const REPLICA_IDENTITY: Readonly<Record<string, string>> = { n: "nothing", f: "full", i: "index" };
const CONSTRAINTS: Readonly<Record<string, string>> = {
  p: "primary key",
  u: "unique",
  f: "foreign key",
  c: "check",
  x: "exclusion",
  n: "not null",
  t: "trigger",
};

/** Tables of every sort: plain, partitioned, partitions, foreign. */
export async function readTables(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select c.oid, ${NAMES}, c.relkind::text as relkind, c.reltype, c.relpersistence::text as persistence,
       case when c.reloftype <> 0 then c.reloftype::regtype::text end as of_type, c.relrowsecurity as rls, c.relforcerowsecurity as force,
       c.relreplident::text as replident, c.reloptions::text[] as options, c.relispartition as is_partition,
       case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_key,
       pg_get_expr(c.relpartbound, c.oid) as bound, parents.names as parents, d.description
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     left join lateral (
       select array_agg(i.inhparent::regclass::text order by i.inhseqno) as names from pg_catalog.pg_inherits i where i.inhrelid = c.oid
     ) parents on true ${comment("pg_class", "c.oid")}`,
    `c.relkind in ('r', 'p', 'f') and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}`,
  );
  return rows.map((row) => {
    const parents = row.parents as string[] | null;
    located(scope, "pg_class", row.oid, tableKey(row));
    located(scope, "pg_type", row.reltype, tableKey(row));
    return schemaObject("table", nameOf(row), schemaKey(row), {
      foreign: row.relkind === "f" ? true : null,
      ofType: row.of_type,
      persistence: PERSISTENCE[text(row, "persistence")] ?? text(row, "persistence"),
      rowSecurity: row.rls,
      forceRowSecurity: row.force,
      partitionKey: row.partition_key,
      partitionOf: row.is_partition ? parents?.[0] : null,
      inherits: row.is_partition ? null : parents,
      bound: row.bound,
      options: row.options,
      replicaIdentity: REPLICA_IDENTITY[text(row, "replident")] ?? null,
      comment: row.description,
    });
  });
}

/** Columns of tables, with dense positions that leave no hole where a column was dropped. */
export async function readColumns(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select c.oid, a.attnum, ad.oid as default_oid, ${NAMES}, a.attname::text as column, (row_number() over (partition by a.attrelid order by a.attnum))::int as position,
       format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null, pg_get_expr(ad.adbin, ad.adrelid) as default,
       a.attidentity::text as identity, a.attgenerated::text as generated,
       case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end as collation,
       case when a.attstorage <> t.typstorage then a.attstorage::text end as storage, nullif(a.attcompression, '')::text as compression,
       case when a.attstattarget >= 0 then a.attstattarget::int end as statistics, a.attoptions::text[] as options,
       case when not a.attislocal then true end as inherited, d.description
     from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     join pg_catalog.pg_type t on t.oid = a.atttypid
     left join pg_catalog.pg_attrdef ad on ad.adrelid = a.attrelid and ad.adnum = a.attnum ${comment("pg_class", "c.oid", "a.attnum")}`,
    `a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f') and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}`,
  );
  return rows.map((row) => {
    const generated = GENERATED[text(row, "generated")];
    const { table, key } = tableOf(scope, row, row.oid);
    const name = `${table}.${qualifiedName(text(row, "column"))}`;
    located(scope, "pg_class", row.oid, objectKey("column", name), row.attnum);
    if (row.default_oid !== null)
      located(scope, "pg_attrdef", row.default_oid, generated ? objectKey("column", name) : `default:${name}`);
    return schemaObject("column", name, key, {
      table,
      position: row.position,
      type: row.type,
      notNull: row.not_null,
      default: generated ? null : row.default,
      identity: IDENTITY[text(row, "identity")] ?? null,
      generated: generated ? `${generated}: ${row.default}` : null,
      collation: row.collation,
      storage: row.storage,
      compression: row.compression,
      statistics: row.statistics,
      options: row.options,
      inherited: row.inherited,
      comment: row.description,
    });
  });
}

/**
 * Constraints of tables. Postgres 18 also catalogues every NOT NULL as a named constraint; a plain one is said by its column
 * alone, as on older majors, and only one that is NOT VALID or NO INHERIT is listed.
 */
export async function readConstraints(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select k.oid, c.oid as table_oid, ${NAMES}, k.conname::text as constraint, k.contype::text as type, pg_get_constraintdef(k.oid) as definition, k.convalidated as validated,
       case when k.confrelid <> 0 then k.confrelid::regclass::text end as references,
       (select array_agg(a.attname::text order by u.n) from unnest(k.conkey) with ordinality u(attnum, n)
        join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum) as columns,
       case when parent.oid is not null or (k.coninhcount > 0 and not k.conislocal) then true end as inherited,
       case when k.contype in ('p', 'u', 'x') then quote_ident(pn.nspname) || '.' || quote_ident(pc.relname) || '.' || quote_ident(parent.conname) end as partition_of,
       i.indisreplident as replident, i.indisclustered as clustered, obj_description(i.indexrelid, 'pg_class') as index_comment, d.description
     from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     left join pg_catalog.pg_constraint parent on parent.oid = k.conparentid
     left join pg_catalog.pg_class pc on pc.oid = parent.conrelid left join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
     left join pg_catalog.pg_index i on i.indexrelid = k.conindid and k.contype in ('p', 'u', 'x') ${comment("pg_constraint", "k.oid")}`,
    `(k.contype <> 'n' or not k.convalidated or k.connoinherit) and not (k.contype = 'f' and k.conparentid <> 0 and (k.conrelid = parent.conrelid or k.confrelid <> parent.confrelid))
     and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}`,
  );
  return rows.map((row) => {
    const { table, key } = tableOf(scope, row, row.table_oid);
    const name = `${table}.${qualifiedName(text(row, "constraint"))}`;
    located(scope, "pg_constraint", row.oid, objectKey("constraint", name));
    return schemaObject("constraint", name, key, {
      table,
      type: CONSTRAINTS[text(row, "type")] ?? row.type,
      columns: (row.columns as string[] | null)?.map((column) => qualifiedName(column)),
      references: row.references,
      definition: row.definition,
      validated: row.validated,
      inherited: row.inherited,
      partitionOf: row.partition_of,
      replicaIdentity: row.replident ? true : null,
      clustered: row.clustered ? true : null,
      indexComment: row.index_comment,
      comment: row.description,
    });
  });
}

/** Indexes that stand for themselves; one that backs a constraint is said by the constraint. */
export async function readIndexes(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select x.oid, ${NAMES}, x.relname::text as index, parents.name as partition_of, c.relkind::text as relkind, pg_get_indexdef(i.indexrelid) as definition, i.indisunique as unique,
       i.indisvalid as valid, i.indisreplident as replident, i.indisclustered as clustered, d.description,
       (select array_agg(a.attnum || ' ' || a.attstattarget order by a.attnum) from pg_catalog.pg_attribute a
        where a.attrelid = x.oid and a.attstattarget >= 0) as statistics
     from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid join pg_catalog.pg_class c on c.oid = i.indrelid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     left join lateral (select h.inhparent::regclass::text as name from pg_catalog.pg_inherits h where h.inhrelid = x.oid) parents on true
     ${comment("pg_class", "x.oid")}`,
    `not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
     and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}`,
  );
  return rows.map((row) => {
    const name = qualifiedName(text(row, "schema"), text(row, "index"));
    located(scope, "pg_class", row.oid, objectKey("index", name));
    return schemaObject("index", name, relationKey(row), {
      table: nameOf(row),
      unique: row.unique,
      valid: row.valid,
      definition: row.definition,
      partitionOf: row.partition_of,
      replicaIdentity: row.replident ? true : null,
      clustered: row.clustered ? true : null,
      columnStatistics: row.statistics,
      comment: row.description,
    });
  });
}

/** Views and materialized views, with the names and types of their columns. */
export async function readViews(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select c.oid, c.reltype, ${NAMES}, c.relkind::text as relkind, case when not c.relispopulated then true end as unpopulated, pg_get_viewdef(c.oid) as definition, c.reloptions::text[] as options,
       (select array_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) order by a.attnum)
        from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       (select array_agg(quote_ident(a.attname) || ' ' || e.description order by a.attnum) from pg_catalog.pg_attribute a
        join pg_catalog.pg_description e on e.classoid = 'pg_class'::regclass and e.objoid = c.oid and e.objsubid = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as column_comments, d.description,
       (select array_agg(quote_ident(a.attname) || ' ' || pg_get_expr(v.adbin, v.adrelid) order by a.attnum) from pg_catalog.pg_attribute a
        join pg_catalog.pg_attrdef v on v.adrelid = a.attrelid and v.adnum = a.attnum where a.attrelid = c.oid and not a.attisdropped) as defaults,
       (select array_agg(quote_ident(a.attname) || ' ' || s.setting order by a.attnum, s.setting) from pg_catalog.pg_attribute a
        join pg_catalog.pg_type t on t.oid = a.atttypid
        cross join lateral (values (case when a.attstattarget >= 0 then 'STATISTICS ' || a.attstattarget end),
          (case when c.relkind = 'm' and a.attstorage <> t.typstorage then 'STORAGE '
             || case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end end),
          (case a.attcompression when 'p' then 'COMPRESSION pglz' when 'l' then 'COMPRESSION lz4' end)) s(setting)
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and s.setting is not null) as settings
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace ${comment("pg_class", "c.oid")}`,
    `c.relkind in ('v', 'm') and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}`,
  );
  return rows.map((row) => {
    const { columns, definition, options, unpopulated, description } = row;
    located(scope, "pg_class", row.oid, relationKey(row));
    located(scope, "pg_type", row.reltype, relationKey(row));
    return schemaObject(relationKind(row), nameOf(row), schemaKey(row), {
      columns,
      definition,
      options,
      unpopulated,
      columnComments: row.column_comments,
      columnDefaults: row.defaults,
      columnSettings: row.settings,
      comment: description,
    });
  });
}

/** Sequences, those behind serial and identity columns included. */
export async function readSequences(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select c.oid, ${NAMES}, case c.relpersistence when 'u' then true end as unlogged, format_type(s.seqtypid, null) as type, s.seqstart::text as start, s.seqmin::text as min, s.seqmax::text as max,
       s.seqincrement::text as increment, s.seqcycle as cycle, s.seqcache::text as cache,
       tn.nspname::text as owner_schema, tc.relname::text as owner_table, a.attname::text as owner_column, d.description
     from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     left join pg_catalog.pg_depend o on o.classid = 'pg_class'::regclass and o.objid = c.oid and o.refclassid = 'pg_class'::regclass
       and o.refobjsubid > 0 and o.deptype in ('a', 'i')
     left join pg_catalog.pg_class tc on tc.oid = o.refobjid left join pg_catalog.pg_namespace tn on tn.oid = tc.relnamespace
     left join pg_catalog.pg_attribute a on a.attrelid = o.refobjid and a.attnum = o.refobjsubid ${comment("pg_class", "c.oid")}`,
    `${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}`,
  );
  return rows.map((row) => {
    const { type, start, min, max, increment, cycle, cache, unlogged, description } = row;
    located(scope, "pg_class", row.oid, objectKey("sequence", nameOf(row)));
    const owner =
      row.owner_column === null
        ? null
        : qualifiedName(text(row, "owner_schema"), text(row, "owner_table"), text(row, "owner_column"));
    const fields = { type, start, min, max, increment, cycle, cache, unlogged, ownedBy: owner, comment: description };
    return schemaObject("sequence", nameOf(row), owner === null ? schemaKey(row) : objectKey("column", owner), fields);
  });
}

type Row = Readonly<Record<string, unknown>>;

function nameOf(row: Row, ...more: string[]): string {
  return qualifiedName(text(row, "schema"), text(row, "name"), ...more);
}

function schemaKey(row: Row): string {
  return objectKey("schema", qualifiedName(text(row, "schema")));
}

/** The name and key that readTables gave the table of a row: one text for all of its columns. */
function tableOf(scope: CatalogScope, row: Row, oid: unknown): { table: string; key: string } {
  const key = scope.keys.get("pg_class")?.get(place(Number(oid), 0)) ?? tableKey(row);
  return { key, table: key.slice("table:".length) };
}

function tableKey(row: Row): string {
  return objectKey("table", nameOf(row));
}

function relationKind(row: Row): ObjectKind {
  return row.relkind === "m" ? "materialized_view" : row.relkind === "v" ? "view" : "table";
}

function relationKey(row: Row): string {
  return objectKey(relationKind(row), nameOf(row));
}
