import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@change-mgmt/server/testing/postgres.ts";
import { Servers } from "./lifecycle-servers.ts";
import { walk } from "./lifecycle-walk.ts";
import { defineBench, spread } from "./measure.ts";

const SAMPLE_SECONDS = 15;
const WALKERS = 4;
const MEBIBYTE = 2 ** 20;

/** Whether a server that is at work for long holds on to what it no longer needs. */
export const bench = defineBench({
  question: "Does the memory of a server grow while changes go their whole way through it, minute after minute?",
  async run({ minutes = 60 }) {
    const folder = mkdtempSync(join(tmpdir(), "change-mgmt-bench-"));
    const file = join(folder, "samples.jsonl");
    const postgres = await startPostgres({});
    try {
      const servers = new Servers(await postgres.newDatabase());
      try {
        const preload = fileURLToPath(new URL("sample-memory.ts", import.meta.url));
        const address = await servers.add(["--expose-gc", "--import", preload], { MEMORY_SAMPLES: file });
        const tokens = await servers.settle(60);
        let over = false;
        let ended = 0;
        const walkers = Array.from({ length: WALKERS }, async () => {
          while (!over) {
            await walk(tokens.next(address), { lookMs: 100, deploymentLookMs: 100 });
            ended += 1;
          }
        });
        const failed = Promise.all(walkers);
        const sampled = (async () => {
          for (let n = 0; n < (minutes * 60) / SAMPLE_SECONDS; n++) {
            await pause(SAMPLE_SECONDS * 1000);
            servers.children[0]!.kill("SIGUSR2");
          }
          await pause(2000);
        })();
        await Promise.race([sampled, failed.then(() => sampled)]);
        over = true;
        await failed;
        const samples = existsSync(file)
          ? readFileSync(file, "utf8")
              .trimEnd()
              .split("\n")
              .map((line) => JSON.parse(line) as NodeJS.MemoryUsage)
          : [];
        const quarter = (n: number, what: "heapUsed" | "rss") =>
          samples
            .slice(Math.floor((samples.length * n) / 4), Math.floor((samples.length * (n + 1)) / 4))
            .map((sample) => sample[what] / MEBIBYTE);
        // The first quarter is left out: caches fill and code is compiled.
        const grown = (what: "heapUsed" | "rss") => {
          const before = spread(quarter(1, what)).median;
          return spread(quarter(3, what).map((now) => now / before));
        };
        return {
          subject: { minutes, "changes that went the whole way": ended, walkers: WALKERS },
          figures: {
            "heap after collection, second quarter, MiB": spread(quarter(1, "heapUsed")),
            "heap after collection, last quarter, MiB": spread(quarter(3, "heapUsed")),
            "resident, second quarter, MiB": spread(quarter(1, "rss")),
            "resident, last quarter, MiB": spread(quarter(3, "rss")),
          },
          ratios: {
            "heap, last quarter by second": grown("heapUsed"),
            "resident, last quarter by second": grown("rss"),
          },
          limits: { "heap, last quarter by second": 1.1, "resident, last quarter by second": 1.2 },
        };
      } finally {
        await servers.stop();
      }
    } finally {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
});
