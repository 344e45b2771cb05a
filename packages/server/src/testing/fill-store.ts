import { randomUUID } from "node:crypto";
import { backupTables, quoted } from "../storage/backup-tables.ts";
import type { Store } from "../storage/store.ts";

const AWKWARD = 'a "quoted" \\ text,\n\tof two lines: {é 🎉 \u2028 \' null}';

/** Values of a column type, as texts that Postgres reads; chosen because something could lose a part of them. */
const VALUES: Readonly<Record<string, (n: number) => string>> = {
  uuid: () => randomUUID(),
  text: (n) => `${n} ${AWKWARD}`,
  "text[]": (n) => ["{}", `{"a,b","with \\"quotes\\"",NULL,""}`, "{one}"][n % 3]!,
  integer: (n) => String(n + 1),
  bigint: (n) => String(9_007_199_254_740_993n + BigInt(n)),
  "double precision": (n) => ["0.1", "-1e300", "Infinity"][n % 3]!,
  bytea: (n) => ["\\x", "\\x00ff0a5c22", "\\x7b7d"][n % 3]!,
  boolean: (n) => String(n % 2 === 0),
  "timestamp with time zone": (n) =>
    ["2026-03-29 01:59:59.123456+01", "infinity", "0044-03-15 12:00:00.000001+00 BC"][n % 3]!,
  jsonb: (n) =>
    [
      `{"b": 1.10, "a": [123456789012345678901234567890.5, 1e2, null, {"": "\\u2028 \\" \\\\ é"}], "B": true}`,
      "null",
      `"null"`,
      "[]",
    ][n % 4]!,
};

/** Tables that hold one row and no more. */
const SINGLE_ROWS: ReadonlySet<string> = new Set(["audit_head", "sample_workspace"]);

interface ColumnFacts {
  name: string;
  type: string;
  nullable: boolean;
  generated: boolean;
  refersTo: { table: string; column: string } | null;
}

/**
 * Puts rows into every table that a backup holds, whatever the migrations have made of them: awkward values, JSON's null beside the
 * database's null, and foreign keys that lead somewhere. A column type it does not know is an error: give it a value above.
 */
export async function fillStore(store: Store, rowsEach = 4): Promise<void> {
  const client = await store.pool.connect();
  try {
    for (const { name } of await backupTables(client)) {
      const { rows: columns } = await client.query<ColumnFacts>(COLUMNS, [name]);
      for (let n = 0; n < rowsEach; n++) {
        const given = columns.filter((column) => !column.generated);
        const expressions = given.map((column) => expression(column, n, n === rowsEach - 1));
        await client.query(
          `INSERT INTO change_mgmt.${quoted(name)} (${given.map((column) => quoted(column.name)).join(", ")})
           SELECT ${expressions.join(", ")} ${SINGLE_ROWS.has(name) ? `WHERE ${n} = 0` : ""}`,
        );
      }
    }
  } finally {
    client.release();
  }
}

function expression({ name, type, nullable, refersTo }: ColumnFacts, n: number, last: boolean): string {
  if (nullable && last) return "NULL";
  if (refersTo) {
    const column = quoted(refersTo.column);
    return `(SELECT ${column} FROM change_mgmt.${quoted(refersTo.table)} ORDER BY ${column} OFFSET ${n} LIMIT 1)`;
  }
  const value = VALUES[type];
  if (!value) throw new Error(`no value for column ${name} of type ${type}: add one to VALUES`);
  return `'${value(n).replaceAll("'", "''")}'::${type}`;
}

const COLUMNS = `
  SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
    a.attidentity <> '' OR a.attgenerated <> '' AS generated,
    (SELECT json_build_object('table', r.relname, 'column', t.attname)
       FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid
       JOIN pg_attribute t ON t.attrelid = r.oid AND t.attnum = f.confkey[1]
       WHERE f.contype = 'f' AND f.conrelid = a.attrelid AND f.conkey = ARRAY[a.attnum] LIMIT 1) AS "refersTo"
  FROM pg_attribute a
  WHERE a.attrelid = ('change_mgmt.' || quote_ident($1))::regclass AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum`;
