import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "@change-mgmt/server/main.ts";
import { freePort } from "@change-mgmt/server/testing/postgres.ts";
import { chromium } from "playwright-core";
import { dataFolder, ROOT } from "../test/acceptance/testing/folder.ts";
import { clientOf, newAdminToken } from "../test/acceptance/testing/people.ts";
import { findChromium } from "../test/e2e/testing/chromium.ts";
import { defineBench, ratio, spread } from "./measure.ts";

const ROUNDS = 9;
const WARM_UP = 2;
/** A process that opens the same directory with the embedded Postgres alone, and asks it something. */
const ASKS = 'await db.query("SELECT count(*) FROM change_mgmt.users");';
const alone = (asks: string) => `import { PGlite } from "@electric-sql/pglite";
const db = await PGlite.create(process.argv[1]);
${asks}
await db.close();`;
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

/** How long somebody waits who starts the server on a folder that is there, and who opens the first page. */
export const bench = defineBench({
  question:
    "How long does a start take until the first page is served, on a folder that is there and on a new one, held against the embedded Postgres's own start, and the page itself?",
  async run() {
    const folder = dataFolder();
    const adminToken = newAdminToken();
    // One address for all rounds: to a browser another port is another place, where nobody is signed in.
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const copy = mkdtempSync(join(tmpdir(), "change-mgmt-bench-"));
    let running: ChildProcess | undefined;
    const browser = await chromium.launch({ executablePath: findChromium()!, args: FLAGS });
    try {
      const server = await started(folder.path, adminToken);
      const hash = new URL((await clientOf(server.address, adminToken)("links.create", { body: { user: "lena" } })).url)
        .hash;
      await server.close();
      cpSync(join(folder.path, "store"), copy, { recursive: true });
      const times = {
        alone: [] as number[],
        start: [] as number[],
        page: [] as number[],
        newAlone: [] as number[],
        newStart: [] as number[],
      };
      const context = await browser.newContext();
      for (let round = 0; round < ROUNDS + WARM_UP; round++) {
        times.alone.push(await timed(() => embeddedAlone(copy, ASKS)));
        const start = await timed(async () => {
          running = await served(folder.path, port);
          await firstPage(address);
        });
        const page = await context.newPage();
        await page.goto(round === 0 ? `${address}/${hash}` : address);
        await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
        const shown = await timed(async () => {
          await page.goto(address);
          await page.getByRole("region", { name: "Waits for me" }).waitFor();
        });
        await page.close();
        running!.kill("SIGTERM");
        await once(running!, "exit");
        times.start.push(start);
        times.page.push(shown);
        const made = mkdtempSync(join(tmpdir(), "change-mgmt-bench-"));
        try {
          times.newAlone.push(await timed(() => embeddedAlone(join(made, "alone"), "")));
          times.newStart.push(
            await timed(async () => {
              running = await served(join(made, "data"), port);
              await firstPage(address);
            }),
          );
          running!.kill("SIGTERM");
          await once(running!, "exit");
        } finally {
          rmSync(made, { recursive: true, force: true });
        }
      }
      for (const all of Object.values(times)) all.splice(0, WARM_UP);
      return {
        subject: { rounds: ROUNDS, store: "embedded, the sample's people and databases" },
        figures: {
          "embedded Postgres alone, ms": spread(times.alone),
          "warm start to first page served, ms": spread(times.start),
          "embedded Postgres alone on a new folder, ms": spread(times.newAlone),
          "cold start on a new folder to first page served, ms": spread(times.newStart),
          "overview in the browser, ms": spread(times.page),
        },
        ratios: {
          "warm start by embedded Postgres alone": ratio(times.start, times.alone),
          "cold start by embedded Postgres alone on a new folder": ratio(times.newStart, times.newAlone),
          "overview in the browser by one second": spread(times.page.map((ms) => ms / 1000)),
        },
        limits: { "overview in the browser by one second": 1 },
      };
    } finally {
      running?.kill("SIGKILL");
      await browser.close();
      folder.remove();
      rmSync(copy, { recursive: true, force: true });
    }
  },
});

async function started(dataDir: string, adminToken: string) {
  const server = await startServer({
    dataDir,
    env: {},
    say: () => {},
    host: "127.0.0.1",
    port: 0,
    demo: true,
    adminToken,
  });
  if (!server.ok) throw new Error(server.refusal.message);
  return server.value;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function embeddedAlone(folder: string, asks: string): Promise<void> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", alone(asks), folder], {
    cwd: join(ROOT, "packages/server"),
    stdio: "inherit",
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the embedded Postgres alone ended with ${code}`);
}

async function firstPage(address: string): Promise<void> {
  const answer = await fetch(address);
  if (!(await answer.text()).includes("<title>")) throw new Error("that is not the first page");
}

/** Starts `serve` as a process of its own and waits until it says where it is. */
async function served(dataDir: string, port: number): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      join(ROOT, "packages/cli/src/main.ts"),
      "serve",
      `--port=${port}`,
      "--json",
      "--no-sample-changes",
      `--data-dir=${dataDir}`,
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const said = Promise.withResolvers<void>();
  child.stdout!.on("data", (chunk) => {
    if (String(chunk).includes('"address"')) said.resolve();
  });
  child.once("exit", (code) => said.reject(new Error(`the server ended with ${code}`)));
  await said.promise;
  return child;
}
