import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "@change-mgmt/server/main.ts";
import { startPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { dataFolder } from "../../acceptance/testing/folder.ts";
import { clientOf, newAdminToken, signIn } from "../../acceptance/testing/people.ts";
import { handwork, migration, Road } from "../../acceptance/testing/road.ts";
import { askEmbedded } from "../../acceptance/testing/targets.ts";
import {
  configurationOnServers,
  ENVIRONMENTS,
  makeTargets,
  settle,
  variable,
} from "../../acceptance/testing/workspace.ts";

type Row = Record<string, unknown>;

/** A copy of the ground that one trial has to itself. */
export interface Plot {
  readonly dataDir: string;
  /** Variables that a server on it is started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Asks the target, as somebody who looks at the database itself. */
  look(sql: string): Promise<Row[]>;
  remove(): Promise<void>;
}

/** An installation with one approved change, made once and copied for every trial. */
export interface Ground {
  readonly kind: "embedded" | "postgres";
  readonly change: string;
  /** Tokens by handle. */
  readonly tokens: Readonly<Record<string, string>>;
  copy(): Promise<Plot>;
  close(): Promise<void>;
}

/** Whoever operates, and whoever looks. */
const NEEDED = ["admin", "olga", "audrey"] as const;

/** One file in one transaction, handwork, and one file whose index is built statement by statement. */
const ARTIFACTS = [
  migration("column", "ALTER TABLE users ADD COLUMN motto text;", "ALTER TABLE users DROP COLUMN motto;"),
  handwork("between"),
  migration(
    "index",
    "CREATE INDEX CONCURRENTLY users_name_trial ON users (name);",
    "DROP INDEX CONCURRENTLY users_name_trial;",
    { transactional: false },
  ),
];

/** The ground on the embedded store and embedded targets. */
export async function embeddedGround(): Promise<Ground> {
  const folder = dataFolder();
  const adminToken = newAdminToken();
  const server = await running({ dataDir: folder.path, adminToken, env: {}, demo: true });
  const people = await signIn(server.address, adminToken);
  const road = await Road.begin(people, { title: "A motto", artifacts: ARTIFACTS });
  await road.untilApproved();
  await server.close();
  return {
    kind: "embedded",
    change: road.number,
    tokens: Object.fromEntries(NEEDED.map((handle) => [handle, people[handle].token])),
    async copy() {
      const dataDir = mkdtempSync(join(tmpdir(), "change-mgmt-chaos-"));
      cpSync(folder.path, dataDir, { recursive: true, verbatimSymlinks: true });
      return {
        dataDir,
        env: { CHANGE_MGMT_DATA: dataDir },
        look: (sql) => askEmbedded(dataDir, "development", sql),
        remove: async () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }),
      };
    },
    close: async () => folder.remove(),
  };
}

/** The ground on a real Postgres: the store in one database, each target in another. */
export async function postgresGround(): Promise<Ground> {
  const postgres = await startPostgres();
  const folder = dataFolder();
  const adminToken = newAdminToken();
  const store = await postgres.newDatabase();
  const targets = await makeTargets(postgres);
  const addresses = (urls: Readonly<Record<string, string>>) =>
    Object.fromEntries(ENVIRONMENTS.map((name) => [variable(name), urls[name]!]));
  const server = await running({
    dataDir: folder.path,
    databaseUrl: store,
    adminToken,
    env: addresses(targets),
    demo: false,
  });
  const people = await settle(
    server.address,
    clientOf(server.address, adminToken),
    adminToken,
    configurationOnServers(""),
  );
  const road = await Road.begin(people, { title: "A motto", artifacts: ARTIFACTS });
  await road.untilApproved();
  await server.close();
  let copies = 0;
  const copyOf = async (template: string) => {
    const name = `trial_${process.pid}_${++copies}`;
    await withClient(postgres.url, (client) =>
      client.query(`CREATE DATABASE ${name} TEMPLATE ${new URL(template).pathname.slice(1)}`),
    );
    return Object.assign(new URL(template), { pathname: `/${name}` }).href;
  };
  return {
    kind: "postgres",
    change: road.number,
    tokens: Object.fromEntries(NEEDED.map((handle) => [handle, people[handle].token])),
    async copy() {
      const dataDir = mkdtempSync(join(tmpdir(), "change-mgmt-chaos-"));
      cpSync(folder.path, dataDir, { recursive: true, verbatimSymlinks: true });
      const ownStore = await copyOf(store);
      const target = await copyOf(targets.development);
      return {
        dataDir,
        env: { ...addresses({ ...targets, development: target }), CHANGE_MGMT_DATA: dataDir, DATABASE_URL: ownStore },
        look: (sql) => withClient(target, async (client) => (await client.query(sql)).rows as Row[]),
        async remove() {
          rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
          for (const url of [ownStore, target])
            await withClient(postgres.url, (client) =>
              client.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`),
            );
        },
      };
    },
    async close() {
      await postgres.stop();
      folder.remove();
    },
  };
}

async function running(options: Omit<Parameters<typeof startServer>[0], "host" | "port" | "say">) {
  const started = await startServer({ ...options, say: () => {}, host: "127.0.0.1", port: 0 });
  if (!started.ok) throw new Error(started.refusal.message);
  return started.value;
}
