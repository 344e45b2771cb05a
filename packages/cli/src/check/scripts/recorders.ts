import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { withValues } from "./literal.ts";

/** A migration's module, and what it exports. */
export interface Script {
  readonly file: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Runs one direction of a migration against nothing and hands on each statement that it would send. */
type Recorder = (script: Script, direction: "up" | "down", say: (sql: string) => void) => Promise<void>;

// biome-ignore lint/suspicious/noExplicitAny: the libraries are those of the repository, in whatever version it has.
type Any = any;

/** The libraries that migrations are written for, each with its queries caught before a connection would be made. */
export const RECORDERS: Readonly<Record<string, Recorder>> = {
  knex: async (script, direction, say) => {
    const knex = (await installed("knex", script.file))({ client: "pg" });
    const prototype = Object.getPrototypeOf(knex.client);
    prototype.acquireConnection = async () => ({ __knexUid: "recorder" });
    prototype.releaseConnection = async () => undefined;
    prototype._query = async (_: Any, query: Any) => {
      say(withValues(query.sql, query.bindings ?? []));
      query.response = { rows: [], rowCount: 0, fields: [], command: "" };
      return query;
    };
    await action(script, direction)(knex, Promise);
  },
  kysely: async (script, direction, say) => {
    const kysely = await installed("kysely", script.file);
    const connection = {
      executeQuery: async (query: Any) => {
        say(withValues(query.sql, query.parameters));
        return { rows: [] };
      },
      streamQuery: () => {
        throw new Error("it reads a stream of rows, and there are none while it is recorded");
      },
    };
    const driver = {
      init: async () => undefined,
      acquireConnection: async () => connection,
      beginTransaction: async () => undefined,
      commitTransaction: async () => undefined,
      rollbackTransaction: async () => undefined,
      releaseConnection: async () => undefined,
      destroy: async () => undefined,
    };
    const dialect = {
      createAdapter: () => new kysely.PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (database: Any) => new kysely.PostgresIntrospector(database),
      createQueryCompiler: () => new kysely.PostgresQueryCompiler(),
    };
    await action(script, direction)(new kysely.Kysely({ dialect }));
  },
  "node-pg-migrate": async (script, direction, say) => {
    const { Migration } = await installed("node-pg-migrate", script.file);
    if (Migration === undefined)
      throw new Error("this version of node-pg-migrate does not offer its migrations one by one");
    const query = async (given: Any, values: Any) => {
      const text = typeof given === "string" ? given : given.text;
      // What the tool writes into its own ledger is not part of the migration.
      if (!/"pgmigrations"/.test(text))
        say(withValues(text, (typeof given === "string" ? values : given.values) ?? []));
      return { rows: [], rowCount: 0 };
    };
    const database = {
      query,
      select: async (...all: Any[]) => (await query(all[0], all[1])).rows,
      column: async () => [],
      connected: true,
    };
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    const options = { migrationsTable: "pgmigrations", migrationsSchema: "public", schema: "public", dir: "." };
    const { up, down, shorthands } = script.exports;
    const migration = new Migration(database, script.file, { up, down }, options, shorthands ?? {}, quiet);
    await migration.apply(direction);
  },
};

function action({ exports }: Script, direction: "up" | "down"): (...given: Any[]) => Promise<unknown> {
  return async (...given) => (exports[direction] as (...all: Any[]) => unknown)(...given);
}

/** A library as the migration's own folder finds it. */
async function installed(name: string, file: string): Promise<Any> {
  const path = createRequire(file).resolve(name);
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  return name === "knex" ? (module.knex ?? module.default) : module;
}
