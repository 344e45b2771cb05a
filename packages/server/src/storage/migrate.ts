import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type pg from "pg";

const FOLDER = new URL("./migrations/", import.meta.url);
/** Any number that no other application is likely to use for an advisory lock. */
const MIGRATION_LOCK = 724_616_317;

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

/** The numbered migrations of our own schema, in order. */
export function ownMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(new URL(name, FOLDER), "utf8");
      return { number: Number(name.slice(0, 4)), name, text, hash: createHash("sha256").update(text).digest("hex") };
    });
}

/**
 * Applies what is missing, each migration in a transaction of its own under a lock that lasts as long as the transaction,
 * so that several processes may start at once, also behind a transaction-mode pooler. Refuses with STORE_NEWER when the
 * schema is from a later version of this program, and with STORE_ALTERED when an applied migration is not the one known here.
 */
export async function migrate(pool: pg.Pool, say: (line: string) => void): Promise<Outcome<number>> {
  const migrations = ownMigrations();
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  for (;;) {
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      await client.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
      await client.query(
        `CREATE SCHEMA IF NOT EXISTS change_mgmt;
         CREATE TABLE IF NOT EXISTS change_mgmt.schema_migrations (
           number integer PRIMARY KEY, name text NOT NULL, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
      );
      const { rows } = await client.query<{ number: number; name: string; hash: string }>(
        "SELECT number, name, hash FROM change_mgmt.schema_migrations ORDER BY number",
      );
      const problem = disagreement(rows, known);
      const next = migrations[rows.length];
      if (problem || !next) {
        await client.query("COMMIT");
        return problem ?? accept(rows.length);
      }
      say(`bringing the store's schema up to date: ${next.name}`);
      await client.query(next.text);
      await client.query("INSERT INTO change_mgmt.schema_migrations (number, name, hash) VALUES ($1, $2, $3)", [
        next.number,
        next.name,
        next.hash,
      ]);
      await client.query("COMMIT");
    } catch (error) {
      await client
        .query("ROLLBACK")
        .catch(() => say("the connection was lost while migrating; the transaction is undone by the server"));
      throw error;
    } finally {
      client.release();
    }
  }
}

function disagreement(
  applied: readonly { number: number; name: string; hash: string }[],
  known: ReadonlyMap<number, Migration>,
) {
  for (const row of applied) {
    const own = known.get(row.number);
    if (!own) {
      return refuse(
        "STORE_NEWER",
        `The store's schema has migration ${row.name}, which this version does not know.`,
        "A newer version has upgraded the store. Start that version here too; see docs/operations.md, Upgrading.",
      );
    }
    if (own.hash !== row.hash) {
      return refuse(
        "STORE_ALTERED",
        `Migration ${row.name} was applied with another content than this version has.`,
        "An applied migration never changes. Start the version that applied it, or restore a backup.",
      );
    }
  }
  return undefined;
}
