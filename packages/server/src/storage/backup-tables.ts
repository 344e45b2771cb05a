import type pg from "pg";

export interface BackupColumn {
  readonly name: string;
  /** Column types whose JSON null is not the same as no value. */
  readonly isJson: boolean;
  /** The sequence of an identity or serial column, as text for `regclass`; null for other columns. */
  readonly sequence: string | null;
}

export interface BackupTable {
  readonly name: string;
  readonly columns: readonly BackupColumn[];
  readonly primaryKey: readonly string[];
}

/**
 * Tables of the schema whose rows belong to the installation and not to its state: who applied which migration here, which process
 * of this moment holds what, what is made of other rows to be searched, and whether deployments are held here.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "schema_migrations",
  "leases",
  "change_search",
  "search_state",
  "deployment_hold",
]);

/** The tables that a backup holds, as the catalog has them, each after those its foreign keys refer to and otherwise by name. */
export async function backupTables(client: pg.ClientBase): Promise<BackupTable[]> {
  const { rows } = await client.query<BackupTable & { references: string[] }>(`
    SELECT c.relname::text AS name,
      (SELECT json_agg(json_build_object('name', a.attname, 'isJson', a.atttypid IN ('json'::regtype, 'jsonb'::regtype),
           'sequence', pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname)) ORDER BY a.attnum)
         FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      coalesce((SELECT json_agg(a.attname ORDER BY k.position)
         FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY k (number, position)
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
         WHERE i.indrelid = c.oid AND i.indisprimary), '[]') AS "primaryKey",
      coalesce((SELECT json_agg(DISTINCT r.relname)
         FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid
         WHERE f.conrelid = c.oid AND f.contype = 'f'), '[]') AS "references"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'change_mgmt' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    ORDER BY c.relname COLLATE "C"`);
  const tables = rows.filter((row) => !LEFT_OUT.has(row.name));
  const byName = new Map(tables.map((table) => [table.name, table]));
  return referencedFirst(tables).map((name) => {
    const { columns, primaryKey } = byName.get(name)!;
    return { name, columns, primaryKey };
  });
}

/** Names of tables in an order in which each comes after those it refers to; throws when they refer to each other in a circle. */
export function referencedFirst(tables: readonly { name: string; references: readonly string[] }[]): string[] {
  const ordered = new Set<string>();
  let open = [...tables];
  while (open.length > 0) {
    const next = open.find((table) =>
      table.references.every((name) => ordered.has(name) || !open.some((other) => other.name === name)),
    );
    if (!next) {
      throw new Error(
        `foreign keys form a circle among ${open.map((table) => table.name).join(", ")}: no order of tables satisfies them`,
      );
    }
    ordered.add(next.name);
    open = open.filter((table) => table !== next);
  }
  return [...ordered];
}

/** Which migration the schema of a store has reached. */
export async function schemaNumber(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ number: number }>(
    "SELECT coalesce(max(number), 0) AS number FROM change_mgmt.schema_migrations",
  );
  return rows[0]!.number;
}

/** A name as it stands in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
