import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { introspect } from "../introspection/introspect.ts";

/** A schema that was read, and how to make a disposable database of it again. */
export interface SchemaSource {
  /** Where it came from, without secrets. */
  readonly label: string;
  readonly kind: "database" | "snapshot" | "sql" | "migrations";
  readonly model: SchemaModel;
  /** The SQL texts that make it, in order; null where there are none. */
  readonly texts: readonly { readonly name: string; readonly sql: string }[] | null;
}

/** What reading a schema takes. */
export interface SourceOptions {
  readonly cwd: string;
  readonly cacheFolder: string;
  /** The major version that SQL and migrations are run on, or null for the usual. */
  readonly major: number | null;
}

/** True for a database URL or a snapshot, which nothing has to be run for. */
export function isReadAsItIs(source: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(source) || /\.json$/i.test(source);
}

/**
 * Reads a schema from a database URL (in a transaction that only reads), a snapshot (`.json`), an SQL file, or the migrations of a folder,
 * the last two by running them on a disposable Postgres in this process. Refusals: PATH_NOT_FOUND, DATABASE_UNREADABLE, SNAPSHOT_INVALID,
 * SCHEMA_NOT_BUILT, MIGRATIONS_NOT_FOUND, MIGRATIONS_AMBIGUOUS.
 */
export async function readSchemaSource(source: string, options: SourceOptions): Promise<Outcome<SchemaSource>> {
  if (/^postgres(?:ql)?:\/\//.test(source)) return readDatabase(source);
  const path = resolve(options.cwd, source);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  if (found === null)
    return refuse(
      "PATH_NOT_FOUND",
      `There is no ${source}.`,
      "Name an SQL file, a folder of migrations, a snapshot or a database URL.",
    );
  if (found.isDirectory()) return readMigrations(source, options);
  const text = await readFile(path, "utf8");
  if (/\.json$/i.test(path)) {
    const { readSnapshot } = await import("./snapshot.ts");
    const snapshot = readSnapshot(text, source);
    return snapshot.ok ? accept({ label: source, kind: "snapshot", model: snapshot.value, texts: null }) : snapshot;
  }
  return build(source, "sql", [{ name: basename(path), sql: text }], options);
}

async function readDatabase(url: string): Promise<Outcome<SchemaSource>> {
  const { default: pg } = await import("pg");
  const label = withoutSecrets(url);
  const client = new pg.Client({
    connectionString: url,
    application_name: "change-mgmt",
    connectionTimeoutMillis: 15_000,
  });
  // A connection that breaks also rejects the query under way, which says so.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    const model = await introspect((text, values) => client.query(text, values), {
      dependencies: true,
      outside: true,
    });
    await client.query("commit");
    return accept({ label, kind: "database", model, texts: null });
  } catch (error) {
    const message = (error as Error).message || String(error);
    return refuse(
      "DATABASE_UNREADABLE",
      `${label} could not be read: ${message}.`,
      "Check the address, and that the login may connect and read the catalog.",
    );
  } finally {
    await client.end();
  }
}

function withoutSecrets(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `postgres://${host}${pathname}`;
  } catch {
    // What cannot be taken apart is shown not at all.
    return "the database";
  }
}

async function readMigrations(source: string, options: SourceOptions): Promise<Outcome<SchemaSource>> {
  const { locate } = await import("../check/locate.ts");
  const { readEntry } = await import("../check/read-entry.ts");
  const located = await locate(options.cwd, [source]);
  if (!located.ok) return located;
  const histories = located.value.filter(({ history }) => history.foreign === null && history.entries.length > 0);
  if (histories.length > 1) {
    const folders = histories.map(({ history }) => history.folder || ".").join(", ");
    return refuse(
      "MIGRATIONS_AMBIGUOUS",
      `${source} holds several histories of migrations: ${folders}.`,
      "Name the folder of one of them.",
    );
  }
  const texts: { name: string; sql: string }[] = [];
  for (const { tree, history } of histories) {
    for (const entry of history.entries) {
      const read = await readEntry(tree, history, entry, (path) => path);
      if (read.elsewhere) continue;
      const why = read.blocked ?? read.broken?.reason;
      const up = read.parts?.up.read;
      if (why !== undefined && why !== null) return notBuilt(`${entry.path}: ${why}`);
      texts.push({ name: entry.name, sql: up?.ok ? up.value.text : "" });
    }
  }
  return build(source, "migrations", texts, options);
}

async function build(
  label: string,
  kind: "sql" | "migrations",
  texts: readonly { name: string; sql: string }[],
  { cacheFolder, major }: SourceOptions,
): Promise<Outcome<SchemaSource>> {
  const { onDisposable } = await import("./disposable.ts");
  return onDisposable({ texts, cacheFolder, major }, async (engine) =>
    accept({ label, kind, texts, model: await introspect(engine.query, { dependencies: true }) }),
  );
}

function notBuilt(reason: string): Outcome<never> {
  return refuse(
    "SCHEMA_NOT_BUILT",
    `The schema could not be built: ${reason}.`,
    "Correct what it names, or compare with a database that has the schema.",
  );
}
