import { qualifiedName } from "@change-mgmt/domain/schema/model.ts";
import type { QueryFunction } from "../introspection/query-function.ts";

const ROWS = 2;
const MOST_TABLES = 500;
/** Up to so many tables all of them get rows; of more, those that matter. */
const FEW_TABLES = 100;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly typtype: string;
  readonly length: number | null;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly references: { readonly table: string; readonly column: string } | null;
  readonly label: string | null;
}

interface Table {
  readonly name: string;
  readonly columns: Column[];
}

/** Values by type for row 1, 2 …: distinct per row, so that unique columns are content. */
const VALUES: Readonly<Record<string, (row: number) => string>> = {
  int2: String,
  int4: String,
  int8: String,
  numeric: String,
  float4: String,
  float8: String,
  money: String,
  oid: String,
  bool: (row) => (row % 2 === 1 ? "true" : "false"),
  date: (row) => `2024-01-0${row}`,
  timestamp: (row) => `2024-01-0${row} 12:00:00`,
  timestamptz: (row) => `2024-01-0${row} 12:00:00+00`,
  time: (row) => `0${row}:00:00`,
  timetz: (row) => `0${row}:00:00+00`,
  interval: (row) => `${row} days`,
  uuid: (row) => `00000000-0000-4000-8000-00000000000${row}`,
  json: (row) => `{"sample": ${row}}`,
  jsonb: (row) => `{"sample": ${row}}`,
  bytea: (row) => `\\x0${row}`,
  inet: (row) => `192.0.2.${row}`,
  cidr: (row) => `192.0.2.${row}/32`,
  text: (row) => `sample ${row}`,
  citext: (row) => `sample ${row}`,
  varchar: (row) => `sample ${row}`,
  bpchar: (row) => `s${row}`,
  name: (row) => `sample_${row}`,
  tsvector: (row) => `sample${row}`,
};

/**
 * Puts two generated rows into every empty table where that is simple, parents first, without firing triggers; in a large schema into those
 * of the `named` relations (names without schema), those that refer to them and those that all of them refer to.
 * Answers with the tables that stay empty; their data cannot be compared.
 */
export async function seedEmptyTables(query: QueryFunction, named: ReadonlySet<string>): Promise<string[]> {
  const tables = await describeTables(query);
  const chosen = tables.length <= FEW_TABLES ? tables : connected(tables, named);
  const seeded = parentsFirst(chosen.slice(0, MOST_TABLES));
  const unseeded = tables.filter((table) => !seeded.includes(table)).map((table) => table.name);
  if (seeded.length === 0) return unseeded.sort();
  await query("begin");
  // Generated rows must not set off what the user's triggers do, and the keys below are right by construction.
  await query("set local session_replication_role = replica");
  // One block for all: asking for each table by itself takes longer than the rows.
  await query(
    `do $sample_rows$\n#variable_conflict use_column\nbegin\n${seeded.map(seedBlock).join("")}end $sample_rows$`,
  );
  const emptiness = seeded.map(({ name }) => `select ${literal(name)} as name where not exists (select from ${name})`);
  const { rows } = await query(emptiness.join(" union all "));
  await query("commit");
  return [...unseeded, ...rows.map((row) => String(row.name))].sort();
}

/** The named tables with those that refer to them, and everything that these refer to. */
function connected(tables: readonly Table[], named: ReadonlySet<string>): Table[] {
  const endings = [...named].map((name) => `.${qualifiedName(name)}`);
  const ours = new Set(
    tables.filter(({ name }) => endings.some((ending) => name.endsWith(ending))).map(({ name }) => name),
  );
  const refersTo = ({ columns }: Table) => columns.flatMap(({ references }) => (references ? [references.table] : []));
  for (const table of tables.filter((each) => refersTo(each).some((parent) => ours.has(parent)))) ours.add(table.name);
  const byName = new Map(tables.map((table) => [table.name, table]));
  // A set goes on to what is added while it is gone through.
  for (const name of ours) for (const parent of refersTo(byName.get(name) ?? { name, columns: [] })) ours.add(parent);
  return tables.filter(({ name }) => ours.has(name));
}

/** Tries one way of filling a table after the other, each undone where it fails. */
function seedBlock(table: Table): string {
  const tried = insertsFor(table).reduceRight(
    (otherwise, insert) => `begin ${insert}; exception when others then ${otherwise} end;`,
    "null;",
  );
  return tried === "null;" ? "" : `if not exists (select from ${table.name}) then ${tried} end if;\n`;
}

/** First with a value in every column, so that losses show; then with the required ones alone. */
function insertsFor(table: Table): string[] {
  const required = table.columns.filter((column) => column.notNull && !column.hasDefault);
  if (required.some((column) => sampleValue(column, 1) === null)) return [];
  return [table.columns, required].map((columns) => {
    const given = columns.filter((column) => sampleValue(column, 1) !== null);
    if (given.length === 0) return `insert into ${table.name} default values`;
    const names = given.map((column) => column.name).join(", ");
    const rows = Array.from(
      { length: ROWS },
      (_, i) => `(${given.map((column) => sampleValue(column, i + 1)).join(", ")})`,
    );
    return `insert into ${table.name} (${names}) overriding system value values ${rows.join(", ")}`;
  });
}

function sampleValue(column: Column, row: number): string | null {
  if (column.references) {
    const { table, column: key } = column.references;
    return `(select ${key} from ${table} order by ctid offset ${row - 1} limit 1)`;
  }
  if (column.typtype === "e") return column.label === null ? null : literal(column.label);
  const value = VALUES[column.type]?.(row);
  if (value === undefined) return column.type.startsWith("_") ? "'{}'" : null;
  // The number stands last, so the end of the text is what keeps rows distinct.
  return literal(column.length === null ? value : value.slice(-column.length));
}

function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

async function describeTables(query: QueryFunction): Promise<Table[]> {
  const { rows } = await query(
    `select n.nspname::text as schema, c.relname::text as table, a.attname::text as column, a.attnotnull as not_null,
       (a.atthasdef or a.attidentity <> '') as has_default, t.typname::text as type, t.typtype::text as typtype,
       case when t.typname in ('varchar', 'bpchar') and a.atttypmod > 4 then a.atttypmod - 4 end as length,
       rn.nspname::text as ref_schema, rc.relname::text as ref_table, ra.attname::text as ref_column,
       (select e.enumlabel::text from pg_catalog.pg_enum e where e.enumtypid = t.oid order by e.enumsortorder limit 1) as label
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     join pg_catalog.pg_type ty on ty.oid = a.atttypid join pg_catalog.pg_type t on t.oid = coalesce(nullif(ty.typbasetype, 0), ty.oid)
     left join lateral (
       select k.confrelid, k.confkey[array_position(k.conkey, a.attnum)] as attnum from pg_catalog.pg_constraint k
       where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey) order by k.conname limit 1
     ) fk on true
     left join pg_catalog.pg_class rc on rc.oid = fk.confrelid left join pg_catalog.pg_namespace rn on rn.oid = rc.relnamespace
     left join pg_catalog.pg_attribute ra on ra.attrelid = fk.confrelid and ra.attnum = fk.attnum
     where c.relkind = 'r' and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     order by 1, 2, a.attnum`,
  );
  const tables = new Map<string, Table>();
  for (const row of rows) {
    const name = qualifiedName(row.schema as string, row.table as string);
    const table = tables.get(name) ?? { name, columns: [] };
    tables.set(name, table);
    const referenced = row.ref_table === null ? null : qualifiedName(row.ref_schema as string, row.ref_table as string);
    table.columns.push({
      name: quoted(row.column as string),
      type: row.type as string,
      typtype: row.typtype as string,
      length: row.length as number | null,
      notNull: row.not_null as boolean,
      hasDefault: row.has_default as boolean,
      references: referenced === null ? null : { table: referenced, column: quoted(row.ref_column as string) },
      label: row.label as string | null,
    });
  }
  return [...tables.values()];
}

/** Always quoted: a column may be called as a reserved word. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Tables after those that they refer to; in a cycle the order is by name. */
function parentsFirst(tables: readonly Table[]): Table[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const ordered = new Set<Table>();
  const visiting = new Set<Table>();
  const visit = (table: Table) => {
    if (ordered.has(table) || visiting.has(table)) return;
    visiting.add(table);
    for (const { references } of table.columns) {
      const parent = references && byName.get(references.table);
      if (parent) visit(parent);
    }
    ordered.add(table);
  };
  for (const table of tables) visit(table);
  return [...ordered];
}
