import type { QueryFunction } from "./query-function.ts";
import { STEADY_SETTINGS, withSettingsRestored } from "./steady-settings.ts";

export interface TableDigest {
  readonly rows: number;
  /** Equal for the same values under the same names, rows and columns in any order. */
  readonly digest: string;
}

const TABLES_A_QUERY = 50;
/** What the query below answers for no rows. */
const NO_ROWS: TableDigest = { rows: 0, digest: "0-0" };

/**
 * Digests the rows of tables, named as in a schema model (`public.users`); computed by the database, so no row travels.
 * A table that does not exist is missing from the answer.
 */
export async function digestTables(
  query: QueryFunction,
  tables: readonly string[],
): Promise<Record<string, TableDigest>> {
  if (tables.length === 0) return {};
  return withSettingsRestored(query, async () => {
    const { rows } = await query(
      `select t.name, (c.relkind in ('r', 'm') and pg_relation_size(c.oid) = 0) as bare, array_agg(quote_ident(a.attname) order by a.attname) filter (where a.attnum is not null) as columns
       from unnest($1::text[]) t(name) join pg_catalog.pg_class c on c.oid = to_regclass(t.name)
       left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relkind in ('r', 'p', 'f', 'm') group by t.name, c.oid, c.relkind`,
      [[...new Set(tables)]],
    );
    const digests: Record<string, TableDigest> = {};
    // A table without a single page has no row to look at; most of a rehearsal's have none.
    for (const { name } of rows.filter((row) => row.bare)) digests[name as string] = NO_ROWS;
    const kept = rows.filter((row) => !row.bare);
    for (let from = 0; from < kept.length; from += TABLES_A_QUERY) {
      const chunk = kept.slice(from, from + TABLES_A_QUERY);
      const selects = chunk.map((row, i) => digestQuery(i, row.name as string, row.columns as string[] | null));
      const found = await query(selects.join(" union all "));
      for (const row of found.rows) {
        digests[chunk[row.table as number]!.name as string] = { rows: Number(row.rows), digest: String(row.digest) };
      }
    }
    return Object.fromEntries(Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Two sums over halves of each row's MD5: independent of order, and a doubled row does not cancel itself out as with XOR. */
function digestQuery(table: number, name: string, columns: readonly string[] | null): string {
  const half = (at: number) => `coalesce(sum(('x' || substr(h, ${at}, 15))::bit(60)::bigint::numeric), 0)`;
  // With its name, or values under the name of another column would pass for those that were there.
  const values = (columns ?? []).flatMap((column) => [`'${column.replaceAll("'", "''")}'`, `t.${column}::text`]);
  const row = values.length === 0 ? "''" : `array[${values.join(", ")}]::text`;
  return `select ${table}::int as table, count(*)::bigint::text as rows, ${half(1)} || '-' || ${half(16)} as digest
    from (select md5(${row}) as h from ${name} t where ${STEADY_SETTINGS}) r${table}`;
}
