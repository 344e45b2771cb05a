import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { type PostgresBinaries, postgresBinaries } from "./postgres-binaries.ts";

/** A real Postgres for the tests of one file or of a whole run. */
export interface TestPostgres {
  /** Address of the maintenance database, as a superuser. */
  readonly url: string;
  /** Creates an empty database and returns its address; without a name it gets one that nobody else has. */
  newDatabase(name?: string): Promise<string>;
  /** Ends the server, or on a server that was there before drops what `newDatabase` created. */
  stop(): Promise<void>;
}

/** A real Postgres of one's own, which can be stopped under whoever uses it and started again on the same port with the same data. */
export interface OwnPostgres extends TestPostgres {
  /** The system user that it runs as; empty where that is this process's own. */
  readonly as: { readonly uid?: number; readonly gid?: number };
  /** Ends the server as an operator would (`fast`) or as a crash would (`immediate`). Everything that committed is kept. */
  halt(how: "fast" | "immediate"): Promise<void>;
  /** Starts it again and waits until it takes connections. */
  resume(): Promise<void>;
}

/**
 * Starts a real Postgres on a free port, in a directory of its own below the system's temporary folder, as root or not.
 * With `DATABASE_URL_FOR_TESTS` set, that server is used instead. The server ends with this process, however that ends.
 */
export async function startPostgres(env: NodeJS.ProcessEnv = process.env): Promise<TestPostgres> {
  const given = env.DATABASE_URL_FOR_TESTS;
  return given === undefined || given === "" ? startOwn() : useServer(given);
}

/**
 * Starts a real Postgres of one's own, whatever `DATABASE_URL_FOR_TESTS` says, the one from npm unless another's programs are named.
 * It ends with this process, however that ends.
 */
export async function startOwn(binaries?: PostgresBinaries): Promise<OwnPostgres> {
  const { initdb, postgres, as } = binaries ?? (await postgresBinaries());
  const directory = await mkdtemp(join(tmpdir(), "change-mgmt-postgres-"));
  const cluster = join(directory, "cluster");
  const port = await freePort();
  const password = randomBytes(12).toString("hex");
  const guard = guardAgainstOrphans(cluster, directory);
  let log = "";
  try {
    if (as.uid !== undefined) await chown(directory, as.uid, Number(as.gid));
    const passwordFile = join(directory, "password");
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (as.uid !== undefined) await chown(passwordFile, as.uid, Number(as.gid));
    const made = ["--pgdata", cluster, "--username=postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
    await promisify(execFile)(initdb, [...made, "--encoding=UTF8", "--locale=C", "--no-sync"], {
      ...as,
      cwd: directory,
    });
    const flags = [
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      "max_connections=200",
      "fsync=off",
      "full_page_writes=off",
    ];
    const options = ["-D", cluster, "-p", String(port), ...flags.flatMap((flag) => ["-c", flag])];
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const launch = async () => {
      const server = spawn(postgres, options, { ...as, cwd: directory, stdio: ["ignore", "ignore", "pipe"] });
      server.stderr.on("data", (chunk) => {
        log = `${log}${chunk}`.slice(-4000);
      });
      const ended = once(server, "exit");
      await untilItAnswers(url, () => server.exitCode === null);
      return async (signal: NodeJS.Signals) => {
        server.kill(signal);
        await ended;
      };
    };
    let end = await launch();
    return {
      ...useServer(url),
      as,
      halt: (how) => end(how === "fast" ? "SIGINT" : "SIGQUIT"),
      async resume() {
        end = await launch();
      },
      async stop() {
        await end("SIGINT");
        await guard.release();
      },
    };
  } catch (error) {
    await guard.release();
    throw new Error(`Postgres for tests did not start.\n${log}`, { cause: error });
  }
}

/** Waits until a server that is starting takes connections; rejects with what it met last when the server has ended. */
async function untilItAnswers(url: string, alive: () => boolean): Promise<void> {
  for (;;) {
    try {
      return await withClient(url, async (client) => void (await client.query("select 1")));
    } catch (error) {
      if (!alive()) throw error;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

function useServer(url: string): TestPostgres {
  const created: string[] = [];
  return {
    url,
    async newDatabase(name = `test_${randomBytes(6).toString("hex")}`) {
      await withClient(url, (client) => client.query(`create database ${client.escapeIdentifier(name)}`));
      created.push(name);
      const address = new URL(url);
      address.pathname = `/${encodeURIComponent(name)}`;
      return address.toString();
    },
    async stop() {
      await withClient(url, async (client) => {
        for (const name of created.splice(0)) {
          await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
        }
      });
    },
  };
}

/** Connects, hands over the client, and always ends it. */
export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // A test that kills this client's backend on purpose sees it as the failing query; without a listener it would end Node.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/**
 * A small process that outlives this one: when its standard input closes, which also a SIGKILL of this process does,
 * it ends the Postgres of `cluster` if that still runs and removes `directory`.
 */
function guardAgainstOrphans(cluster: string, directory: string): { release(): Promise<void> } {
  const watch = `
    const { readFileSync, rmSync } = require("node:fs");
    const [cluster, directory] = process.argv.slice(1);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
    process.stdin.resume().on("close", async () => {
      let pid;
      try { pid = Number(readFileSync(cluster + "/postmaster.pid", "utf8").split("\\n")[0]); } catch {}
      const alive = () => { try { process.kill(pid, 0); return true; } catch { return false; } };
      if (pid) {
        try { process.kill(pid, "SIGINT"); } catch {}
        for (let n = 0; n < 100 && alive(); n++) await new Promise((done) => setTimeout(done, 50));
        if (alive()) process.kill(pid, "SIGKILL");
      }
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    });`;
  const child = spawn(process.execPath, ["-e", watch, cluster, directory], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  const pipe = child.stdin as typeof child.stdin & { unref?(): void };
  pipe.unref?.();
  return {
    async release() {
      const gone = new Promise((done) => child.once("exit", done));
      child.ref();
      child.stdin.end();
      await gone;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A TCP port that was free a moment ago on the loopback interface. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve((address as { port: number }).port));
    });
  });
}
