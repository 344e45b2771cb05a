import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillStore } from "../testing/fill-store.ts";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { newEmbeddedStore, openedStore } from "../testing/stores.ts";
import { ownMigrations } from "./migrate.ts";
import type { Store } from "./store.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.stop());

describe.each(["embedded", "postgres"])("our own schema on %s", (kind) => {
  let store: Store;

  beforeAll(async () => {
    store =
      kind === "embedded" ? await newEmbeddedStore() : await openedStore({ databaseUrl: await postgres.newDatabase() });
  });

  afterAll(() => store.close());

  async function names(query: string): Promise<string[]> {
    return (await store.pool.query<{ name: string }>(query)).rows.map((row) => row.name);
  }

  const TABLES = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'change_mgmt' AND c.relkind IN ('r', 'p')`;

  test("is there at all, at the last migration", async () => {
    expect((await names(`SELECT c.relname AS name FROM ${TABLES}`)).length).toBeGreaterThan(25);
    const { rows } = await store.pool.query(
      "SELECT number, name, hash FROM change_mgmt.schema_migrations ORDER BY number",
    );
    expect(rows).toEqual(ownMigrations().map(({ number, name, hash }) => ({ number, name, hash })));
    expect(rows.map((row) => row.number)).toEqual(rows.map((_, n) => n + 1));
  });

  test("every foreign key has an index that begins with its columns", async () => {
    const withoutIndex = `
      SELECT f.conname AS name FROM pg_constraint f JOIN ${TABLES} ON c.oid = f.conrelid
      WHERE f.contype = 'f' AND NOT EXISTS (
        SELECT 1 FROM pg_index i WHERE i.indrelid = f.conrelid AND i.indisvalid AND i.indpred IS NULL
          AND (SELECT array_agg(k.number) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, position)
               WHERE k.position <= cardinality(f.conkey)) @> f.conkey)`;
    expect(await names(withoutIndex)).toEqual([]);
    const client = await store.pool.connect();
    try {
      await client.query("BEGIN; DROP INDEX change_mgmt.team_members_handle");
      expect((await client.query(withoutIndex)).rows).toEqual([{ name: "team_members_handle_fkey" }]);
    } finally {
      await client.query("ROLLBACK");
      client.release();
    }
  });

  test("every time has its zone, every text column its characters, every JSON column is jsonb", async () => {
    const strange = await names(`
      SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) AS name
      FROM pg_attribute a JOIN ${TABLES} ON c.oid = a.attrelid
      WHERE a.attnum > 0 AND NOT a.attisdropped AND a.atttypid::regtype::text IN
        ('timestamp without time zone', 'time without time zone', 'time with time zone', 'character varying', 'character', 'json', 'money', 'real')`);
    expect(strange).toEqual([]);
  });

  test("every table has a primary key, and no foreign key is left unchecked", async () => {
    expect(
      await names(`SELECT c.relname AS name FROM ${TABLES}
        WHERE NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)`),
    ).toEqual([]);
    expect(
      await names(
        `SELECT f.conname AS name FROM pg_constraint f JOIN ${TABLES} ON c.oid = f.conrelid WHERE NOT f.convalidated`,
      ),
    ).toEqual([]);
  });

  test("nobody but its owner may look into it", async () => {
    expect(
      await names(`SELECT n.nspname AS name FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a
        WHERE n.nspname LIKE 'change_mgmt%' AND a.grantee = 0`),
    ).toEqual([]);
  });

  describe("the audit trail", () => {
    beforeAll(() => fillStore(store));

    const OPEN = `id = (SELECT id FROM change_mgmt.audit_trail WHERE seq IS NULL LIMIT 1)`;
    const SEALED = `id = (SELECT id FROM change_mgmt.audit_trail WHERE seq IS NOT NULL LIMIT 1)`;

    test.each([
      ["another entry", `UPDATE change_mgmt.audit_trail SET entry = 'other' WHERE ${OPEN}`],
      ["another hash", `UPDATE change_mgmt.audit_trail SET hash = 'other', seq = 99 WHERE ${OPEN}`],
      [
        "another actor while it is sealed",
        `UPDATE change_mgmt.audit_trail SET actor = 'other', seq = 99 WHERE ${OPEN}`,
      ],
      [
        "other details while it is sealed",
        `UPDATE change_mgmt.audit_trail SET details = '{"o": 1}', seq = 99 WHERE ${OPEN}`,
      ],
      [
        "no change while it is sealed",
        `UPDATE change_mgmt.audit_trail SET change_id = NULL, details = '1', seq = 99 WHERE ${OPEN}`,
      ],
      [
        "another time while it is sealed",
        `UPDATE change_mgmt.audit_trail SET created_at = now(), seq = 99 WHERE ${OPEN}`,
      ],
      ["a sealed entry sealed again", `UPDATE change_mgmt.audit_trail SET seq = 99 WHERE ${SEALED}`],
      ["a seal taken off", `UPDATE change_mgmt.audit_trail SET seq = NULL WHERE ${SEALED}`],
      ["nothing new", `UPDATE change_mgmt.audit_trail SET entry = entry WHERE ${OPEN}`],
      ["an entry removed", `DELETE FROM change_mgmt.audit_trail WHERE ${OPEN}`],
      ["a sealed entry removed", `DELETE FROM change_mgmt.audit_trail WHERE ${SEALED}`],
      ["everything removed", "TRUNCATE change_mgmt.audit_trail"],
    ])("refuses %s", async (_, statement) => {
      const count =
        "SELECT count(*) AS count, md5(string_agg(t::text, ' ' ORDER BY id)) AS sum FROM change_mgmt.audit_trail t";
      const before = (await store.pool.query(count)).rows;
      expect(Number(before[0].count)).toBeGreaterThan(1);
      await expect(store.pool.query(statement)).rejects.toThrow("append-only");
      expect((await store.pool.query(count)).rows).toEqual(before);
    });

    test("outlives what it tells of", async () => {
      const count = "SELECT count(*)::int AS count FROM change_mgmt.audit_trail";
      const before = (await store.pool.query(count)).rows;
      const client = await store.pool.connect();
      try {
        await client.query("BEGIN");
        await client.query("TRUNCATE change_mgmt.change_requests CASCADE");
        expect((await client.query(count)).rows).toEqual(before);
      } finally {
        await client.query("ROLLBACK");
        client.release();
      }
    });

    test("takes a seal, once", async () => {
      const seal = "UPDATE change_mgmt.audit_trail SET seq = 77, prev = 'p', chain = 'c' WHERE id = $1";
      const { rows } = await store.pool.query("SELECT id FROM change_mgmt.audit_trail WHERE seq IS NULL LIMIT 1");
      expect((await store.pool.query(seal, [rows[0].id])).rowCount).toBe(1);
      await expect(store.pool.query(seal, [rows[0].id])).rejects.toThrow("append-only");
    });
  });
});
