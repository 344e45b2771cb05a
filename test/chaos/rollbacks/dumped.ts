import pg from "pg";
import { dump, firstDifference, withoutColumnOrder } from "../schemas/pg-dump.ts";
import { GROUND, ROLES } from "./ground.ts";
import type { Verdict } from "./verdict.ts";
import type { Pair } from "./written.ts";

/** A real server on which pairs run, each in a database of its own, and are looked at by pg_dump. */
export class DumpedTruth {
  readonly #server: string;
  readonly #admin: pg.Client;
  readonly #ground = `rollbacks_${process.pid}`;
  #before = { schema: "", rows: {} as Rows };

  private constructor(server: string, admin: pg.Client) {
    this.#server = server;
    this.#admin = admin;
  }

  static async open(server: string): Promise<DumpedTruth> {
    const admin = new pg.Client({ connectionString: server });
    await admin.connect();
    const truth = new DumpedTruth(server, admin);
    for (const role of ROLES)
      await admin.query(`do $$ begin create role ${role}; exception when duplicate_object then end $$`);
    await admin.query(`create database ${truth.#ground} template template0`);
    await truth.#inside(truth.#ground, async (client) => {
      await client.query(GROUND);
      truth.#before = { schema: await schemaOf(client, truth.#address(truth.#ground)), rows: await rowsOf(client) };
    });
    return truth;
  }

  async verdict({ up, down }: Pair): Promise<Verdict> {
    const name = `${this.#ground}_pair`;
    await this.#admin.query(`create database ${name} template ${this.#ground}`);
    try {
      return await this.#inside(name, async (client) => {
        const there = await inTransaction(client, up);
        if (there !== null) return { schema: "invalid", rows: "unknown", because: there };
        const back = await inTransaction(client, down);
        if (back !== null) return { schema: "fails", rows: "unknown", because: back };
        return this.#compared(await schemaOf(client, this.#address(name)), await rowsOf(client));
      });
    } finally {
      await this.#admin.query(`drop database ${name} with (force)`);
    }
  }

  async close(): Promise<void> {
    await this.#admin.query(`drop database ${this.#ground} with (force)`);
    await this.#admin.end();
  }

  #compared(schema: string, rows: Rows): Verdict {
    const before = this.#before;
    const changed = Object.keys(before.rows).filter((table) => before.rows[table] !== rows[table]);
    const reordered = withoutColumnOrder(schema) === withoutColumnOrder(before.schema);
    const left = schema === before.schema ? "" : firstDifference(schema, before.schema);
    return {
      schema: schema === before.schema ? "exact" : reordered ? "column-order" : "differs",
      rows: changed.length === 0 ? "equal" : "differs",
      because: [left, ...changed].filter((word) => word !== "").join("; "),
    };
  }

  #address(database: string): string {
    return Object.assign(new URL(this.#server), { pathname: `/${database}` }).href;
  }

  async #inside<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.#address(database) });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
}

/** Tables by name, each with its rows as text, in no order. */
type Rows = Readonly<Record<string, string>>;

/** Runs statements as a deployment does; answers why they failed, or null. */
async function inTransaction(client: pg.Client, sql: string): Promise<string | null> {
  try {
    await client.query("begin");
    await client.query(sql);
    await client.query("commit");
    return null;
  } catch (error) {
    await client.query("rollback");
    return (error as Error).message;
  }
}

/** What pg_dump writes, and whether materialized views hold anything, which it does not tell. */
async function schemaOf(client: pg.Client, address: string): Promise<string> {
  const { rows } = await client.query(
    "select oid::regclass::text || ' ' || relispopulated as view from pg_class where relkind = 'm' and oid >= 16384 order by 1",
  );
  return `${dump(address)}\n\n--\n-- Name: populated\n${rows.map(({ view }) => view).join("\n")}`;
}

async function rowsOf(client: pg.Client): Promise<Rows> {
  const { rows: tables } = await client.query(
    "select oid::regclass::text as name from pg_class where relkind in ('r', 'p') and oid >= 16384 and relnamespace::regnamespace::text !~ '^(pg_|information)' order by 1",
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await client.query(`select to_jsonb(t)::text as row from ${name} t order by 1`);
    found[name] = rows.map(({ row }) => row).join("\n");
  }
  return found;
}
