import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPgbouncer } from "../../testing/pgbouncer.ts";
import { freePort, startPostgres, type TestPostgres, withClient } from "../../testing/postgres.ts";
import { accepted, anEnvironment } from "../../testing/step-context.ts";
import { openedStore } from "../../testing/stores.ts";
import { createTargets } from "./targets.ts";

let postgres: TestPostgres;
let dataFolder: string;

beforeAll(async () => {
  postgres = await startPostgres();
  dataFolder = await mkdtemp(join(tmpdir(), "change-mgmt-targets-"));
});
afterAll(async () => {
  await postgres.stop();
  await rm(dataFolder, { recursive: true });
});

const reference = (name: string) => `$\{${name}}`;

async function open(database: string, env: Record<string, string> = {}) {
  return createTargets({ dataFolder, env, lockWaitMs: 200 }).open(anEnvironment(database));
}

/** The refusal, which must not contain the password in any of its forms. */
async function refusal(database: string, env: Record<string, string> = {}, password = "s3cr3t/word") {
  const outcome = await open(database, env);
  if (outcome.ok) throw new Error("was opened");
  const text = JSON.stringify(outcome.refusal);
  expect(text).not.toContain(password);
  expect(text).not.toContain(encodeURIComponent(password));
  return outcome.refusal;
}

function address(change: (url: URL) => void): string {
  const url = new URL(postgres.url);
  change(url);
  return url.toString();
}

test("a login that the server does not accept is refused without the password", async () => {
  const wrong = address((url) => {
    url.password = "s3cr3t/word";
  });
  expect(await refusal(reference("URL"), { URL: wrong })).toMatchObject({
    code: "TARGET_LOGIN_REFUSED",
    details: { sqlstate: "28P01" },
  });
  const none = address((url) => {
    url.password = "";
  });
  expect(await refusal(reference("URL"), { URL: none })).toMatchObject({ code: "TARGET_LOGIN_REFUSED" });
});

test("a server, a host or a database that is not there is refused without the password", async () => {
  const port = await freePort();
  const closed = `postgres://u:s3cr3t%2Fword@127.0.0.1:${port}/app`;
  const said = await refusal(reference("URL"), { URL: closed });
  expect(said.code).toBe("TARGET_UNREACHABLE");
  expect(said.message).toContain(`127.0.0.1:${port}/app`);
  const nohost = "postgres://u:s3cr3t%2Fword@no-such-host.invalid/app";
  expect((await refusal(reference("URL"), { URL: nohost })).code).toBe("TARGET_UNREACHABLE");
  const nodatabase = address((url) => {
    url.pathname = "/nowhere";
  });
  const missing = await refusal(reference("URL"), { URL: nodatabase }, new URL(postgres.url).password);
  expect(missing).toMatchObject({ code: "TARGET_UNREACHABLE", details: { sqlstate: "3D000" } });
  const encrypted = address((url) => url.searchParams.set("sslmode", "verify-full"));
  expect((await refusal(reference("URL"), { URL: encrypted })).hint).toContain("sslmode");
});

test("a variable that is missing or holds no address is named, never its value", async () => {
  expect(await refusal(reference("STAGING_URL"))).toMatchObject({
    code: "TARGET_REFERENCE_MISSING",
    message: expect.stringContaining("STAGING_URL"),
  });
  expect((await refusal(reference("URL"), { URL: " " })).code).toBe("TARGET_REFERENCE_MISSING");
  for (const value of ["s3cr3t/word", "mysql://u:s3cr3t%2Fword@h/d", "postgres://u:s3cr3t/word%@h:x/d"]) {
    expect((await refusal(reference("URL"), { URL: value })).code).toBe("TARGET_REFERENCE_INVALID");
  }
});

test.each([
  "postgres://u:s3cr3t/word@host/db",
  "embedded:../outside",
  "embedded:a/b",
  "embedded:",
  "embedded:.hidden",
  "embedded:UPPER",
  "$NAME",
])("what is no reference is refused: %s", async (text) => {
  expect((await refusal(text)).code).toBe("TARGET_REFERENCE_INVALID");
});

test("a login whose transactions are read-only is refused", async () => {
  const url = await postgres.newDatabase();
  const name = new URL(url).pathname.slice(1);
  await withClient(url, (client) => client.query(`alter database ${name} set default_transaction_read_only = on`));
  expect((await refusal(reference("URL"), { URL: url })).code).toBe("TARGET_READ_ONLY");
});

test("the session says who it is", async () => {
  const session = accepted(await open(reference("URL"), { URL: postgres.url }));
  expect((await session.query("select current_setting('application_name') as name")).rows).toEqual([
    { name: "change-mgmt" },
  ]);
  await session.close();
});

test("a pooler in transaction mode is refused, one in session mode is not", async ({ skip }) => {
  const url = await postgres.newDatabase();
  const started = await startPgbouncer(url);
  if (!started.ok) {
    console.warn(`The pooler test was left out: ${started.reason}`);
    return skip(started.reason);
  }
  const { bouncer } = started;
  try {
    for (const pool of ["transaction", "one_transaction", "statement"]) {
      const refused = await refusal(reference("URL"), { URL: bouncer.url(pool) }, new URL(url).password);
      expect(refused.code, pool).toBe("TARGET_POOLED");
    }
    for (const pool of ["session", "one_session"]) {
      const session = accepted(await open(reference("URL"), { URL: bouncer.url(pool) }));
      expect((await session.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      await session.close();
    }
  } finally {
    await bouncer.stop();
  }
});

test("an embedded database has one session at a time; the second is told who has it, and gets it afterwards", async () => {
  const first = accepted(await open("embedded:shared"));
  const second = await refusal("embedded:shared");
  expect(second).toMatchObject({ code: "TARGET_IN_USE", details: { pid: process.pid } });
  const waiting = createTargets({ dataFolder, env: {}, lockWaitMs: 60_000 }).open(anEnvironment("embedded:shared"));
  await first.query("create table kept (id int)");
  await first.close();
  const third = accepted(await waiting);
  expect((await third.query("select count(*) from kept")).rows).toEqual([{ count: "0" }]);
  await third.close();
});

test("a place where an embedded database cannot be locked is the place's fault", async () => {
  const file = join(dataFolder, "a-file");
  await writeFile(file, "");
  const outcome = await createTargets({ dataFolder: file, env: {} }).open(anEnvironment("embedded:nowhere"));
  expect(outcome).toMatchObject({
    ok: false,
    refusal: { code: "TARGET_UNREACHABLE", message: expect.stringContaining("ENOTDIR") },
  });
});

test("another process keeps an embedded database from us, and leaves it to us at once when it is killed", async () => {
  const other = spawnOpener("embedded:contested");
  expect(await nextLine(other)).toBe("open");
  expect(await refusal("embedded:contested")).toMatchObject({ code: "TARGET_IN_USE", details: { pid: other.pid } });
  other.kill("SIGKILL");
  await once(other, "exit");
  // With no time to wait at all: a dead holder is no reason to wait.
  const session = accepted(
    await createTargets({ dataFolder, env: {}, lockWaitMs: 0 }).open(anEnvironment("embedded:contested")),
  );
  expect((await session.query("select id from written")).rows).toEqual([{ id: 1 }]);
  await session.close();
});

function spawnOpener(database: string): ChildProcess {
  const here = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
  const script = `
    import { createTargets } from ${here("./targets.ts")};
    import { anEnvironment } from ${here("../../testing/step-context.ts")};
    const { value } = await createTargets({ dataFolder: ${JSON.stringify(dataFolder)}, env: {} }).open(anEnvironment("${database}"));
    await value.query("create table written (id int)");
    await value.query("insert into written values (1)");
    console.log("open");
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function nextLine(child: ChildProcess): Promise<string> {
  let text = "";
  while (!text.includes("\n")) {
    const [chunk] = await once(child.stdout!, "data");
    text += chunk;
  }
  return text.split("\n")[0]!;
}

test("a database in which the product keeps its own state is no target, whoever logs in", async () => {
  const databaseUrl = await postgres.newDatabase();
  const store = await openedStore({ databaseUrl });
  await store.close();
  await withClient(databaseUrl, async (client) => void (await client.query("CREATE ROLE deployer LOGIN PASSWORD 'd'")));
  const deployer = new URL(databaseUrl);
  deployer.username = "deployer";
  deployer.password = "d";
  for (const url of [databaseUrl, deployer.toString()])
    expect(await refusal(reference("URL"), { URL: url })).toMatchObject({ code: "TARGET_IS_STORE" });
  await withClient(databaseUrl, async (client) => void (await client.query("DROP ROLE deployer")));
});
