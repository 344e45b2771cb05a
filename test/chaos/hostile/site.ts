import { randomBytes } from "node:crypto";
import { type BreakingProxy, startBreakingProxy } from "@change-mgmt/server/testing/breaking-proxy.ts";
import { type OwnPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import pg from "pg";
import { until } from "../../acceptance/testing/waiting.ts";

type Row = Record<string, unknown>;

/** Our sessions on a target, as an administrator of its server sees them. */
const OURS = "application_name = 'change-mgmt' AND backend_type = 'client backend'";

/** One target with a login of its own that owns it and may do nothing else, on a server under our control. */
export class Site {
  readonly server: OwnPostgres;
  readonly name: string;
  readonly role: string;
  readonly password: string = randomBytes(12).toString("hex");
  /** Everything that an address of this target has ever had for a secret. */
  readonly secrets: string[] = [this.password];
  /** What the environment's variable holds. */
  address: string;
  proxy: BreakingProxy | undefined;
  readonly #held: pg.Client[] = [];

  private constructor(server: OwnPostgres, name: string) {
    this.server = server;
    this.name = name;
    this.role = `owner_of_${name}`;
    this.address = this.as(this.role, this.password);
  }

  /** A table with rows, and one that says how many seconds some migrations take: none. */
  static async make(server: OwnPostgres, name: string, tablespace?: string): Promise<Site> {
    const site = new Site(server, name);
    await site.operator(`CREATE ROLE ${site.role} LOGIN PASSWORD '${site.password}'`);
    await site.operator(
      `CREATE DATABASE ${name} OWNER ${site.role}${tablespace === undefined ? "" : ` TABLESPACE ${tablespace}`}`,
    );
    await site.owner(`CREATE TABLE users (id int PRIMARY KEY, name text);
      INSERT INTO users SELECT n, 'somebody' FROM generate_series(1, 100) n;
      CREATE TABLE trouble (seconds float)`);
    return site;
  }

  /** An address of the database by a login. */
  as(user: string, password: string): string {
    return Object.assign(new URL(this.server.url), { pathname: `/${this.name}`, username: user, password }).href;
  }

  /** On the server, by whoever runs it. */
  operator(sql: string): Promise<Row[]> {
    return withClient(this.server.url, async (client) => (await client.query(sql)).rows as Row[]);
  }

  /** In the database, by whoever runs the server. */
  operatorHere(sql: string): Promise<Row[]> {
    const url = Object.assign(new URL(this.server.url), { pathname: `/${this.name}` }).href;
    return withClient(url, async (client) => (await client.query(sql)).rows as Row[]);
  }

  /** In the database, by the login that deployments use too. */
  owner(sql: string): Promise<Row[]> {
    return withClient(this.as(this.role, this.password), async (client) => (await client.query(sql)).rows as Row[]);
  }

  /** Leaves a session of somebody else open with what was run in it. */
  async hold(sql: string): Promise<void> {
    const url = Object.assign(new URL(this.server.url), { pathname: `/${this.name}` });
    const client = new pg.Client({ connectionString: url.href, application_name: "nightly-report" });
    client.on("error", () => undefined);
    await client.connect();
    this.#held.push(client);
    await client.query(sql);
  }

  /** Runs something further in the session of somebody else. */
  async holding(sql: string): Promise<void> {
    await this.#held.at(-1)!.query(sql);
  }

  async letGo(): Promise<void> {
    for (const client of this.#held.splice(0)) await client.end();
  }

  /** From now on the environment reaches the database by way of a proxy. */
  async byProxy(): Promise<BreakingProxy> {
    this.proxy = await startBreakingProxy(this.address);
    this.address = this.proxy.url;
    return this.proxy;
  }

  /** Waits until a session of ours is at a statement that matches, and answers its process; undefined when the signal comes first. */
  async caught(where: string, signal?: AbortSignal): Promise<number | undefined> {
    const rows = await until(
      `a session of ours in ${this.name} with ${where}`,
      async () =>
        signal?.aborted
          ? []
          : await this.operator(
              `SELECT pid FROM pg_stat_activity WHERE datname = '${this.name}' AND ${OURS} AND state = 'active' AND ${where}`,
            ),
      (found) => found.length > 0 || signal?.aborted === true,
      60_000,
      25,
    );
    return rows[0] === undefined ? undefined : Number(rows[0].pid);
  }

  /** Ends every session of ours that comes to a statement that matches, until the signal. */
  async killEach(where: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const pid = await this.caught(where, signal);
      if (pid === undefined) return;
      await this.kill(pid);
    }
  }

  async kill(pid: number): Promise<void> {
    await this.operator(`SELECT pg_terminate_backend(${pid}, 5000)`);
  }

  /** Sees that no session of ours is left on the database within some seconds. */
  async untilNobodyIsThere(): Promise<void> {
    await until(
      `no session of ours is left in ${this.name}`,
      () =>
        this.operator(
          `SELECT pid, state, query FROM pg_stat_activity WHERE datname = '${this.name}' AND application_name = 'change-mgmt'`,
        ),
      (rows) => rows.length === 0,
      10_000,
      50,
    );
  }

  /** What migrations have left: columns, indexes and tables that were not there, INVALID ones marked so. */
  async made(): Promise<string[]> {
    const rows = await this.operatorHere(`
      SELECT attname::text AS name FROM pg_attribute WHERE attrelid = 'public.users'::regclass AND attnum > 2 AND NOT attisdropped
      UNION ALL SELECT c.relname || CASE WHEN i.indisvalid THEN '' ELSE ' (INVALID)' END FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indrelid = 'public.users'::regclass AND NOT i.indisprimary
      UNION ALL SELECT relname FROM pg_class WHERE relkind = 'r' AND relname = 'big' ORDER BY 1`);
    return rows.map((row) => String(row.name));
  }

  /** Artifacts that the target's own ledger says are on it. */
  async inLedger(): Promise<string[]> {
    const [there] = await this.operatorHere("SELECT to_regclass('change_mgmt_ledger.applied') IS NOT NULL AS there");
    if (there?.there !== true) return [];
    const rows = await this.operatorHere(
      "SELECT artifact_id AS id, count(*)::int AS times FROM change_mgmt_ledger.applied WHERE direction = 'deploy' GROUP BY 1 ORDER BY 1",
    );
    return rows.map(({ id, times }) => (times === 1 ? String(id) : `${id} ${times} times`));
  }

  /** Takes the target and its login away. */
  async remove(): Promise<void> {
    await this.letGo();
    await this.proxy?.stop();
    await this.operator(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
    await this.operator(`DROP OWNED BY ${this.role}`);
    await this.operator(`DROP ROLE ${this.role}`);
  }
}
