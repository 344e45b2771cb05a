import { sql } from "kysely";
import type { Tx } from "../../storage/store.ts";

/**
 * Removes rows by a key, after those of every table that refers to them, and so on; which tables these are is read from the catalog, so
 * that a table that comes later is not forgotten.
 */
export async function removeRows(tx: Tx, table: string, key: string, values: readonly string[]): Promise<void> {
  if (values.length === 0) return;
  const { rows: references } = await sql<{ table: string; column: string; key: string; on_itself: boolean }>`
    SELECT r.relname::text AS table, a.attname::text AS column, k.attname::text AS key, f.conrelid = f.confrelid AS on_itself
    FROM pg_constraint f
    JOIN pg_class t ON t.oid = f.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_class r ON r.oid = f.conrelid
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
    JOIN pg_attribute k ON k.attrelid = f.confrelid AND k.attnum = f.confkey[1]
    WHERE f.contype = 'f' AND cardinality(f.conkey) = 1 AND n.nspname = 'change_mgmt' AND t.relname = ${table}
    ORDER BY r.relname`.execute(tx);
  const own = sql.table(`change_mgmt.${table}`);
  for (const reference of references.filter(({ on_itself }) => !on_itself)) {
    const { rows } = await sql<{ value: string }>`
      SELECT DISTINCT ${sql.ref(reference.key)}::text AS value FROM ${own} WHERE ${sql.ref(key)}::text = ANY(${values}::text[])
      `.execute(tx);
    await removeRows(
      tx,
      reference.table,
      reference.column,
      rows.map(({ value }) => value),
    );
  }
  await sql`DELETE FROM ${own} WHERE ${sql.ref(key)}::text = ANY(${values}::text[])`.execute(tx);
}
