import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startServer } from "@change-mgmt/server/main.ts";
import { startPgbouncer } from "@change-mgmt/server/testing/pgbouncer.ts";
import { startPostgres } from "@change-mgmt/server/testing/postgres.ts";
import { afterAll, expect, test } from "vitest";
import { dataFolder } from "./testing/folder.ts";

const MAIN = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));
const TOKEN = "demo-administrator-token";
const endings: (() => Promise<unknown>)[] = [];

/** A data folder that is gone after the tests. */
function newFolder(): string {
  const { path, remove } = dataFolder();
  endings.push(async () => remove());
  return path;
}

afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

interface Played {
  readonly code: number;
  readonly document: Record<string, unknown>;
  readonly said: string;
}

/** Runs `change-mgmt demo` in a process of its own. */
async function demo(argv: readonly string[], env: Record<string, string> = {}): Promise<Played> {
  const child = spawn(process.execPath, [MAIN, "demo", "--json", ...argv], {
    env: { PATH: process.env.PATH, HOME: "/nonexistent", ...env },
  });
  let stdout = "";
  let said = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, "close");
  return { code: Number(code), said, document: JSON.parse(stdout || "{}") };
}

function expectTheWholeWay({ code, document, said }: Played): void {
  expect({ code, said: code === 0 ? "" : said }).toEqual({ code: 0, said: "" });
  expect(document).toMatchObject({ ok: true, change: "CHG-1", acts: 30, people: 6, refused: 3 });
  expect(Number(document.entries)).toBeGreaterThan(60);
  expect(document.tampered).toMatch(/^[A-Z_]+ in line \d+$/);
  for (const code of ["OWN_CHANGE", "NO_TRANSITION", "PREVIOUS_ENVIRONMENT"]) expect(said).toContain(`[${code}]`);
}

test("one command takes a change the whole way on the embedded store", async () => {
  expectTheWholeWay(await demo([`--data-dir=${newFolder()}`]));
});

test("the same on a Postgres behind a transaction-mode pooler, played on a running server", async (context) => {
  const postgres = await startPostgres();
  endings.push(() => postgres.stop());
  const pooled = await startPgbouncer(await postgres.newDatabase());
  if (!pooled.ok) return context.skip(pooled.reason);
  endings.push(() => pooled.bouncer.stop());
  const server = await startServer({
    dataDir: newFolder(),
    databaseUrl: pooled.bouncer.url("transaction"),
    port: 0,
    host: "127.0.0.1",
    demo: true,
    adminToken: TOKEN,
    env: {},
    say: () => {},
  });
  if (!server.ok) throw new Error(server.refusal.message);
  endings.push(() => server.value.close());
  expectTheWholeWay(await demo([`--server=${server.value.address}`], { CHANGE_MGMT_TOKEN: TOKEN }));
});
