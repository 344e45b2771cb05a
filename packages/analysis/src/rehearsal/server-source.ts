import pg from "pg";
import { applyBaseFile, type BaseListener, BaseNotRehearsable, textOf } from "./base-files.ts";
import type { Engine, EngineSource } from "./engine.ts";
import type { RehearsalBase } from "./report.ts";
import { expectsSupabase, SUPABASE_ROLES, SUPABASE_SEARCH_PATH, supabaseStubs } from "./supabase.ts";

export interface ServerSourceOptions {
  /** Address of a database of the server, as a role that may create databases. */
  readonly url: string;
  /** What the names of this rehearsal's databases begin with; whoever ends it drops them. */
  readonly prefix: string;
  readonly base: RehearsalBase;
  readonly texts: readonly string[];
  readonly onStatement: BaseListener;
}

/**
 * Prepares databases for a rehearsal on a real server: one with the base, copied for each engine that is opened.
 * Throws BaseNotRehearsable when the base cannot be built there.
 */
export async function serverSource({
  url,
  prefix,
  base,
  texts,
  onStatement,
}: ServerSourceOptions): Promise<EngineSource> {
  const supabase = [...base.map(textOf), ...texts].some(expectsSupabase);
  const { extensions, roles } = await whatIsThere(url);
  const template = `${prefix}base`;
  await createDatabase(url, template, "template0");
  const connect = async (database: string) => {
    const client = new pg.Client({ connectionString: addressOf(url, database) });
    await client.connect();
    const engine = new ServerEngine(client, extensions, roles, supabase);
    return engine;
  };
  const engine = await connect(template);
  try {
    if (supabase) await engine.prepare(supabaseStubs((name) => extensions.has(name)));
    for (const file of base) await applyBaseFile(engine, file, onStatement);
  } finally {
    await engine.close();
  }
  let copies = 0;
  return {
    async open(applied) {
      const name = `${prefix}${++copies}`;
      await createDatabase(url, name, template);
      const opened = await connect(name);
      await opened.resetSession();
      for (const migration of applied) await applyBaseFile(opened, migration, () => {});
      return opened;
    },
    // Nothing of a rehearsal stays on a server.
    keep: async () => {},
  };
}

/**
 * Holds a server for one rehearsal, so that two do not meet in its roles; `release` drops all that the rehearsal has left there: its databases,
 * and of the roles that `texts` make those that were not there before. What somebody else made meanwhile stays.
 */
export async function holdServer(
  url: string,
  prefix: string,
  texts: readonly string[],
): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("select pg_advisory_lock(hashtext('change-mgmt rehearsal'))");
  const before = await rolesOf(client);
  return {
    async release() {
      try {
        const { rows } = await client.query<{ datname: string }>(
          "select datname from pg_catalog.pg_database where starts_with(datname, $1)",
          [prefix],
        );
        for (const { datname } of rows)
          await client.query(`drop database ${pg.escapeIdentifier(datname)} with (force)`);
        const made = rolesMade(texts);
        for (const role of await rolesOf(client)) {
          if (made.has(role) && !before.has(role)) await dropRole(client, role);
        }
      } finally {
        await client.end();
      }
    },
  };
}

/** Names of the roles that texts make, in whatever they are written: a DO block's string is read as well. */
function rolesMade(texts: readonly string[]): ReadonlySet<string> {
  const made = new Set(texts.some(expectsSupabase) ? SUPABASE_ROLES : []);
  for (const text of texts) {
    for (const [, name] of text.matchAll(/\bcreate\s+(?:role|user|group)\s+("(?:[^"]|"")+"|[\w$]+)/gi)) {
      made.add(name!.startsWith('"') ? name!.slice(1, -1).replaceAll('""', '"') : name!.toLowerCase());
    }
  }
  return made;
}

/** A role that a migration made; one that something outside the rehearsal has come to need meanwhile stays. */
async function dropRole(client: pg.Client, role: string): Promise<void> {
  try {
    await client.query(`drop role ${pg.escapeIdentifier(role)}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== "2BP01" && code !== "42704") throw error;
  }
}

async function whatIsThere(url: string): Promise<{ extensions: ReadonlySet<string>; roles: ReadonlySet<string> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>("select name from pg_catalog.pg_available_extensions");
    return { extensions: new Set(rows.map(({ name }) => name)), roles: await rolesOf(client) };
  } finally {
    await client.end();
  }
}

async function rolesOf(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ rolname: string }>("select rolname from pg_catalog.pg_roles");
  return new Set(rows.map(({ rolname }) => rolname));
}

async function createDatabase(url: string, name: string, template: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)}`);
  } finally {
    await client.end();
  }
}

function addressOf(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${encodeURIComponent(database)}` }).href;
}

class ServerEngine implements Engine {
  readonly name = "the server";
  readonly lastingRoles: ReadonlySet<string>;
  readonly #client: pg.Client;
  readonly #extensions: ReadonlySet<string>;
  readonly #supabase: boolean;

  constructor(client: pg.Client, extensions: ReadonlySet<string>, roles: ReadonlySet<string>, supabase: boolean) {
    this.#client = client;
    this.#extensions = extensions;
    this.lastingRoles = roles;
    this.#supabase = supabase;
  }

  readonly query = async (text: string, values?: unknown[]) => await this.#client.query(text, values);

  async run(sql: string): Promise<void> {
    await this.#client.query(sql);
  }

  async prepare(stubs: string): Promise<void> {
    try {
      await this.run(stubs);
    } catch (error) {
      throw new BaseNotRehearsable(`what Supabase prepares cannot be made on the server: ${(error as Error).message}`);
    }
    await this.resetSession();
  }

  async resetSession(): Promise<void> {
    await this.run("discard all");
    if (this.#supabase) await this.run(SUPABASE_SEARCH_PATH);
  }

  hasExtension(name: string): boolean {
    return this.#extensions.has(name);
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
