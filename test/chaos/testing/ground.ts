import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTargets } from "@change-mgmt/server/assets/databases/targets.ts";
import { startServer } from "@change-mgmt/server/main.ts";
import { startPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { dataFolder, ROOT } from "../../acceptance/testing/folder.ts";
import { clientOf, newAdminToken } from "../../acceptance/testing/people.ts";
import { handwork, migration, Road } from "../../acceptance/testing/road.ts";
import { askEmbedded } from "../../acceptance/testing/targets.ts";
import { configurationOnServers, ENVIRONMENTS, HISTORY, settle, variable } from "../../acceptance/testing/workspace.ts";

type Row = Record<string, unknown>;

/** A copy of the ground that one trial has to itself. */
export interface Plot {
  readonly dataDir: string;
  /** Address of its store on a Postgres server; undefined where the store is embedded. */
  readonly store: string | undefined;
  /** Variables that a server on it is started with, beside those of the ground. */
  readonly env: Readonly<Record<string, string>>;
  /** Asks the target, as somebody who looks at the database itself. */
  look(sql: string): Promise<Row[]>;
  /** Lets the store believe that a minute has passed for whoever had something in hand. Call it only while no server runs on the plot. */
  letTimePass(): Promise<void>;
  remove(): Promise<void>;
}

/** An installation with one approved change, made once and copied for every trial. */
export interface Ground {
  readonly kind: "embedded" | "postgres";
  readonly change: string;
  /** Tokens by handle. */
  readonly tokens: Readonly<Record<string, string>>;
  /** What the outside system of the trials did in the name of a deployment. */
  outside(deployment: string): { readonly keys: readonly string[]; readonly work: readonly string[] };
  copy(): Promise<Plot>;
  close(): Promise<void>;
}

/** Whoever operates, and whoever looks. */
const NEEDED = ["admin", "olga", "audrey"] as const;
const TARGET = "development";

/** One file in one transaction, handwork, something an outside system does, and one file whose index is built statement by statement. */
const ARTIFACTS = [
  migration("column", "ALTER TABLE users ADD COLUMN motto text;", "ALTER TABLE users DROP COLUMN motto;"),
  handwork("between"),
  { kind: "external" as const, id: "outside", name: "outside", command: "outside" },
  migration(
    "index",
    "CREATE INDEX CONCURRENTLY users_name_trial ON users (name);",
    "DROP INDEX CONCURRENTLY users_name_trial;",
    { transactional: false },
  ),
];

/** The commands of the configuration, with the outside system among them. */
function withOutside(configuration: string, folder: string): string {
  const script = join(ROOT, "test/chaos/testing/outside.sh");
  const verbs = ["run", "verify", "rollback"].map(
    (verb) => `    ${verb}: ${JSON.stringify(["sh", script, folder, verb])}`,
  );
  return configuration.replace(/^commands:\n/m, `commands:\n  outside:\n${verbs.join("\n")}\n`);
}

async function prepared(options: {
  readonly kind: Ground["kind"];
  readonly configuration: string;
  readonly databaseUrl?: string;
  readonly env: Readonly<Record<string, string>>;
}) {
  const folder = dataFolder();
  const work = mkdtempSync(join(tmpdir(), "change-mgmt-outside-"));
  const adminToken = newAdminToken();
  const { databaseUrl, env } = options;
  const server = await running({
    dataDir: folder.path,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    adminToken,
    env,
    demo: false,
  });
  const admin = clientOf(server.address, adminToken);
  const people = await settle(server.address, admin, adminToken, withOutside(options.configuration, work));
  const road = await Road.begin(people, { title: "A motto", artifacts: ARTIFACTS });
  await road.untilApproved();
  await server.close();
  const lines = (deployment: string, name: string) => {
    const file = join(work, deployment, name);
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  };
  const ground = {
    kind: options.kind,
    change: road.number,
    tokens: Object.fromEntries(NEEDED.map((handle) => [handle, people[handle].token])),
    outside: (deployment: string) => ({
      keys: [...new Set(lines(deployment, "calls"))],
      work: lines(deployment, "work"),
    }),
  };
  const copyFolder = () => {
    const dataDir = mkdtempSync(join(tmpdir(), "change-mgmt-chaos-"));
    cpSync(folder.path, dataDir, { recursive: true, verbatimSymlinks: true });
    return dataDir;
  };
  const remove = () => {
    folder.remove();
    rmSync(work, { recursive: true, force: true });
  };
  return { ground, folder: folder.path, copyFolder, remove };
}

/** The ground on the embedded store and an embedded target. */
export async function embeddedGround(): Promise<Ground> {
  const configuration = readFileSync(join(ROOT, "examples/shop/change-mgmt.yaml"), "utf8");
  const { ground, folder, copyFolder, remove } = await prepared({ kind: "embedded", configuration, env: {} });
  await buildEmbedded(folder);
  return {
    ...ground,
    async copy() {
      const dataDir = copyFolder();
      return {
        dataDir,
        store: undefined,
        env: { CHANGE_MGMT_DATA: dataDir },
        look: (sql) => askEmbedded(dataDir, TARGET, sql),
        // Whoever opens an embedded store knows that nobody else has anything in hand.
        letTimePass: async () => {},
        remove: async () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }),
      };
    },
    close: async () => remove(),
  };
}

/** Builds the target that the change is deployed to, as it was before any change. */
async function buildEmbedded(dataFolder: string): Promise<void> {
  const limits = { lockTimeoutMs: 1000, statementTimeoutMs: 0, retries: 0 };
  const opened = await createTargets({ dataFolder, env: {} }).open({
    name: TARGET,
    database: `embedded:${TARGET}`,
    ...limits,
  });
  if (!opened.ok) throw new Error(opened.refusal.message);
  for (const { sql } of HISTORY) await opened.value.query(sql);
  await opened.value.close();
}

/** The ground on a real Postgres: the store in one database, the target in another. */
export async function postgresGround(): Promise<Ground> {
  const postgres = await startPostgres();
  const store = await postgres.newDatabase();
  const target = await postgres.newDatabase();
  await withClient(target, async (client) => {
    for (const { sql } of HISTORY) await client.query(sql);
  });
  // Only the first of them is ever opened.
  const addresses = (url: string) => Object.fromEntries(ENVIRONMENTS.map((name) => [variable(name), url]));
  const configuration = configurationOnServers("");
  const { ground, copyFolder, remove } = await prepared({
    kind: "postgres",
    configuration,
    databaseUrl: store,
    env: addresses(target),
  });
  let copies = 0;
  const copyOf = async (template: string) => {
    const name = `trial_${process.pid}_${++copies}`;
    await withClient(postgres.url, (client) =>
      client.query(`CREATE DATABASE ${name} TEMPLATE ${new URL(template).pathname.slice(1)}`),
    );
    return Object.assign(new URL(template), { pathname: `/${name}` }).href;
  };
  return {
    ...ground,
    async copy() {
      const dataDir = copyFolder();
      const ownStore = await copyOf(store);
      const ownTarget = await copyOf(target);
      return {
        dataDir,
        store: ownStore,
        env: { ...addresses(ownTarget), CHANGE_MGMT_DATA: dataDir, DATABASE_URL: ownStore },
        look: (sql) => withClient(ownTarget, async (client) => (await client.query(sql)).rows as Row[]),
        async letTimePass() {
          await withClient(ownStore, (client) =>
            client.query(`UPDATE change_mgmt.leases SET expires_at = expires_at - interval '1 minute';
              UPDATE change_mgmt_jobs.job SET heartbeat_on = heartbeat_on - interval '1 minute' WHERE state = 'active'`),
          );
        },
        async remove() {
          rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
          for (const url of [ownStore, ownTarget])
            await withClient(postgres.url, (client) =>
              client.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`),
            );
        },
      };
    },
    async close() {
      await postgres.stop();
      remove();
    },
  };
}

async function running(options: Omit<Parameters<typeof startServer>[0], "host" | "port" | "say">) {
  const started = await startServer({ ...options, say: () => {}, host: "127.0.0.1", port: 0 });
  if (!started.ok) throw new Error(started.refusal.message);
  return started.value;
}
