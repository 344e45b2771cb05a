import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startPostgres, type TestPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { Servers } from "./lifecycle-servers.ts";
import { type Script, scriptOf } from "./lifecycle-statements.ts";
import { type Tokens, walk } from "./lifecycle-walk.ts";
import { defineBench, type Findings, ratio, spread } from "./measure.ts";
import { pgbench } from "./pgbench.ts";
import { postgresTime, postmasterOf, processorTime } from "./processor-time.ts";

const PROCESSES = [1, 2, 4];
const ROUNDS = 3;
const SECONDS = 10;
const WARM_UP_SECONDS = 4;
/** So many changes are on their way at the same time; pgbench has as many connections as a server's pool. */
const WALKERS = 16;
/** The promised part of what pgbench does. */
const LEAST = 0.4;
const CLIENTS = 10;
const PATIENCE = { lookMs: 100, deploymentLookMs: 30 };

/** Whether the whole way of a change costs little more than the statements it cannot do without. */
export const bench = defineBench({
  question:
    "How many changes a second go the whole way over HTTP, held against pgbench sending the same statements to the same Postgres?",
  async run() {
    const postgres = await startPostgres({});
    try {
      const { script, acts } = await captured(postgres);
      const servers = new Servers(await postgres.newDatabase());
      try {
        await servers.add();
        const tokens = await servers.settle(Math.ceil((ROUNDS * PROCESSES.length * SECONDS * 40) / 30));
        // The floor has a database of its own with the same workspace, so that neither fills the other's tables.
        const floor = await floorDatabase(postgres);
        const figures: Record<string, Findings["figures"][string]> = {};
        const ratios: Record<string, Findings["ratios"][string]> = {};
        const promised: Record<string, Findings["ratios"][string]> = {};
        const postmaster = await postmasterOf(postgres.url);
        for (const processes of PROCESSES) {
          while (servers.addresses.length < processes) await servers.add();
          const used = () =>
            postgresTime(postmaster) +
            processorTime(servers.children.flatMap(({ pid }) => (pid === undefined ? [] : [pid])));
          const ours: Pace[] = [];
          const theirs: Pace[] = [];
          for (let round = 0; round < ROUNDS; round++) {
            const turns = [
              async () => ours.push(await throughput(servers.addresses, tokens, acts, used)),
              async () => theirs.push(await floorPace(floor, script, () => postgresTime(postmaster))),
            ];
            for (let turn = 0; turn < turns.length; turn++) await turns[(turn + round) % turns.length]!();
          }
          const by = processes === 1 ? "1 process" : `${processes} processes`;
          const [perSecond, processorMs] = [({ perSecond }: Pace) => perSecond, ({ processorMs }: Pace) => processorMs];
          figures[`${by}, changes a second`] = spread(ours.map(perSecond));
          figures[`pgbench beside ${by}, changes a second`] = spread(theirs.map(perSecond));
          figures[`${by}, processor time of a change, ms`] = spread(ours.map(processorMs));
          figures[`pgbench beside ${by}, processor time of a change, ms`] = spread(theirs.map(processorMs));
          promised[`${by} by pgbench, changes a second`] = ratio(ours.map(perSecond), theirs.map(perSecond));
          ratios[`pgbench by ${by}, processor time of a change`] = ratio(
            theirs.map(processorMs),
            ours.map(processorMs),
          );
        }
        return {
          subject: {
            "acts of a change": acts,
            "statements of a change": script.statements,
            "transactions of a change": script.transactions,
          },
          figures,
          ratios: { ...promised, ...ratios },
          least: Object.fromEntries(Object.keys(promised).map((label) => [label, LEAST])),
        };
      } finally {
        await servers.stop();
      }
    } finally {
      await postgres.stop();
    }
  },
});

/** How fast it went, and what processor time of server and Postgres a change took; that of whoever asks is not in it. */
interface Pace {
  readonly perSecond: number;
  readonly processorMs: number;
}

async function floorPace(databaseUrl: string, script: Script, used: () => number): Promise<Pace> {
  const before = used();
  const { perSecond, count } = await pgbench(databaseUrl, script, { clients: CLIENTS, seconds: SECONDS });
  return { perSecond, processorMs: (used() - before) / count };
}

/** The statements of one change that goes its way alone. */
async function captured(postgres: TestPostgres): Promise<{ readonly script: Script; readonly acts: number }> {
  const folder = mkdtempSync(join(tmpdir(), "change-mgmt-bench-"));
  const file = join(folder, "statements.jsonl");
  const servers = new Servers(await postgres.newDatabase("captured"));
  try {
    const preload = fileURLToPath(new URL("capture-statements.ts", import.meta.url));
    const address = await servers.add(["--import", preload], { CAPTURE_STATEMENTS: file });
    const tokens = await servers.settle(1);
    // Looks so seldom that no look is in vain, and what is known after the first time is known.
    const patience = { lookMs: 1500, deploymentLookMs: 1500 };
    for (let n = 0; n < 2; n++) await walk(tokens.next(address), patience);
    const from = Date.now();
    const acts = await walk(tokens.next(address), patience);
    const to = Date.now();
    await servers.stop();
    return { script: scriptOf(file, from, to, "CHG-3", "production"), acts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A copy of the workspace that the statements were captured in: they name its people and processes. */
async function floorDatabase(postgres: TestPostgres): Promise<string> {
  const address = new URL(postgres.url);
  await withClient(postgres.url, (client) => client.query("CREATE DATABASE floor TEMPLATE captured"));
  address.pathname = "/floor";
  return address.toString();
}

/**
 * Changes a second, while so many are on their way: acts in that time by those that a whole way takes, so that one that is nearly at its end
 * counts as nearly one.
 */
async function throughput(
  addresses: readonly string[],
  tokens: Tokens,
  actsOfAll: number,
  used: () => number,
): Promise<Pace> {
  let over = false;
  let acts = 0;
  const walkers = Array.from({ length: WALKERS }, async (_, n) => {
    while (!over) await walk(tokens.next(addresses[n % addresses.length]!), PATIENCE, () => (acts += 1));
  });
  const failed = Promise.all(walkers);
  const counted = (async () => {
    await pause(WARM_UP_SECONDS * 1000);
    const [before, start, usedBefore] = [acts, performance.now(), used()];
    await pause(SECONDS * 1000);
    const count = (acts - before) / actsOfAll;
    return { perSecond: (count * 1000) / (performance.now() - start), processorMs: (used() - usedBefore) / count };
  })();
  const rate = await Promise.race([counted, failed.then(() => counted)]);
  over = true;
  await failed;
  return rate;
}
