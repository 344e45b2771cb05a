import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defineBench, ratio, spread } from "./measure.ts";
import { endedProcessorTime } from "./processor-time.ts";

const ROOT = resolve(import.meta.dirname, "..");
const FILES = 800;
const ROUNDS = 7;
const WARM_UP = 1;
/** A process that opens the state before the newest with the embedded Postgres alone, and asks it something. */
const ALONE = `import { readFileSync } from "node:fs";
import { PGlite } from ${JSON.stringify(join(ROOT, "packages/analysis/node_modules/@electric-sql/pglite/dist/index.js"))};
const database = await PGlite.create({ loadDataDir: new Blob([readFileSync(process.argv[1])]) });
await database.query("SELECT count(*) FROM t1");
await database.close();`;

/** Four migrations of a table and their ways back, the i-th of all. */
const KINDS: readonly ((i: number) => readonly [string, string])[] = [
  (i) => [
    `CREATE TABLE t${i} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());`,
    `DROP TABLE t${i};`,
  ],
  (i) => [`ALTER TABLE t${i - 1} ADD COLUMN note_${i} text;`, `ALTER TABLE t${i - 1} DROP COLUMN note_${i};`],
  (i) => [`CREATE INDEX i${i} ON t${i - 2} (name, created_at);`, `DROP INDEX i${i};`],
  (i) => [
    `ALTER TABLE t${i - 3} ADD CONSTRAINT c${i} CHECK (length(name) > 0);`,
    `ALTER TABLE t${i - 3} DROP CONSTRAINT c${i};`,
  ],
];

/** How long the newest of 800 migrations takes to be read, run and taken back, process by process, with the state before it in the cache. */
export const bench = defineBench({
  question: "What does `check` of the newest of 800 migrations cost, beside opening the state before it alone?",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "change-mgmt-newest-"));
    try {
      const newest = writeMigrations(folder);
      const cache = join(folder, "cache");
      const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: cache };
      const check = () => execFileSync(join(ROOT, "bin/change-mgmt"), ["check", newest], { cwd: folder, env });
      check();
      const states = join(cache, "change-mgmt", "rehearsal");
      const state = join(states, readdirSync(states).find((name) => name.startsWith("base-"))!);
      const alone = () => execFileSync(process.execPath, ["--input-type=module", "--eval", ALONE, state], { env });
      const times = { check: { wall: [], cpu: [] }, alone: { wall: [], cpu: [] } } as Record<
        "check" | "alone",
        { wall: number[]; cpu: number[] }
      >;
      for (let round = 0; round < ROUNDS + WARM_UP; round++) {
        for (const [name, run] of Object.entries({ check, alone })) {
          const [start, used] = [performance.now(), endedProcessorTime()];
          run();
          if (round < WARM_UP) continue;
          times[name as "check" | "alone"].wall.push(performance.now() - start);
          times[name as "check" | "alone"].cpu.push(endedProcessorTime() - used);
        }
      }
      return {
        subject: { migrations: FILES },
        figures: {
          "check of the newest, ms": spread(times.check.wall),
          "check of the newest, ms of processor time": spread(times.check.cpu),
          "opening alone, ms": spread(times.alone.wall),
          "opening alone, ms of processor time": spread(times.alone.cpu),
        },
        ratios: {
          "check of the newest / opening alone": ratio(times.check.wall, times.alone.wall),
          "the same, processor time": ratio(times.check.cpu, times.alone.cpu),
        },
        limits: { "check of the newest / opening alone": 3 },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** Writes the history and answers with the path of its newest migration. */
function writeMigrations(folder: string): string {
  mkdirSync(join(folder, "migrations"));
  const path = (i: number) => join("migrations", `${String(i).padStart(4, "0")}_m`);
  for (let i = 1; i <= FILES; i++) {
    const [up, down] = KINDS[(i - 1) % KINDS.length]!(i);
    writeFileSync(join(folder, `${path(i)}.up.sql`), `${up}\n`);
    writeFileSync(join(folder, `${path(i)}.down.sql`), `${down}\n`);
  }
  return `${path(FILES)}.up.sql`;
}
