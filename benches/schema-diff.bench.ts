import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startOwn, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { postgresBinariesIn } from "@change-mgmt/server/testing/postgres-binaries.ts";
import { defineBench, ratio, spread } from "./measure.ts";
import { endedProcessorTime, postgresTime, postmasterOf } from "./processor-time.ts";

const ROOT = resolve(import.meta.dirname, "..");
const TABLES = 1000;
const ROUNDS = 11;
const WARM_UP = 2;

/** Ways in which a table differs between the two schemas, the i-th of all: what it is before and after. */
const DIFFERENCES: readonly ((i: number) => readonly [string, string])[] = [
  (i) => ["", `ALTER TABLE t${i} ADD COLUMN added text`],
  (i) => [`ALTER TABLE t${i} ADD COLUMN gone integer`, ""],
  (i) => [`ALTER TABLE t${i} ADD COLUMN moved integer`, `ALTER TABLE t${i} ADD COLUMN moved bigint`],
  (i) => ["", `ALTER TABLE t${i} ALTER COLUMN note SET NOT NULL`],
  (i) => ["", `CREATE INDEX t${i}_amount ON t${i} (amount)`],
  (i) => [`CREATE INDEX t${i}_note ON t${i} (note)`, ""],
  (i) => ["", `ALTER TABLE t${i} ADD CONSTRAINT t${i}_positive CHECK (amount > 0)`],
  (i) => [`CREATE VIEW v${i} AS SELECT id FROM t${i}`, `CREATE VIEW v${i} AS SELECT id, name FROM t${i}`],
  (i) => ["", `CREATE TABLE more${i} (id bigint PRIMARY KEY, t bigint REFERENCES t${i})`],
  (i) => ["", `ALTER TABLE t${i} ALTER COLUMN amount SET DEFAULT 1`],
];
const EVERY = 5;

/** How long the way from one live schema to another takes, process by process, beside reading one of them and beside migra. */
export const bench = defineBench({
  question:
    "What does `schema diff` of two live schemas of 1,000 tables with 200 differences cost, beside one `pg_dump -s`, and beside migra?",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "change-mgmt-diff-bench-"));
    // Where the programs lie that Debian's pg_dump chooses among; a server newer than pg_dump could not be dumped.
    const bin = realpathSync(execFileSync("pg_config", ["--bindir"], { encoding: "utf8" }).trim());
    const postgres = await startOwn(await postgresBinariesIn(bin));
    try {
      const [from, to] = [await postgres.newDatabase(), await postgres.newDatabase()];
      for (const [url, side] of [
        [from, 0],
        [to, 1],
      ] as const) {
        await withClient(url, (client) => client.query(schema(side)));
        await withClient(url, (client) => client.query("VACUUM ANALYZE"));
      }
      const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, "cache") };
      const migra = createRequire(import.meta.url).resolve("@pgkit/migra/dist/command.js");
      const start = (program: string, words: readonly string[], ends: number) => () => run(program, words, env, ends);
      const programs = {
        diff: start(join(ROOT, "bin/change-mgmt"), ["schema", "diff", from, to], 1),
        dump: start(join(bin, "pg_dump"), ["--schema-only", from], 0),
        migra: start(process.execPath, [migra, "--unsafe=true", from, to], 0),
      };
      const taken = { diff: none(), dump: none(), migra: none() };
      const postmaster = await postmasterOf(postgres.url);
      const used = () => endedProcessorTime() + postgresTime(postmaster);
      const names = Object.keys(programs) as (keyof typeof programs)[];
      for (let round = -WARM_UP; round < ROUNDS; round++) {
        const first = (round + WARM_UP) % names.length;
        for (const name of [...names.slice(first), ...names.slice(0, first)]) {
          const [begun, before] = [performance.now(), used()];
          programs[name]();
          const wall = performance.now() - begun;
          if (round < 0) continue;
          taken[name].wall.push(wall);
          taken[name].cpu.push(used() - before);
        }
      }
      return {
        subject: {
          tables: TABLES,
          differences: TABLES / EVERY,
          "pg_dump and server": version(join(bin, "pg_dump")),
          migra: "0.6.1",
        },
        figures: {
          "schema diff, ms": spread(taken.diff.wall),
          "pg_dump -s, ms": spread(taken.dump.wall),
          "migra, ms": spread(taken.migra.wall),
          "schema diff, ms of processor with the server's": spread(taken.diff.cpu),
          "pg_dump -s, ms of processor with the server's": spread(taken.dump.cpu),
          "migra, ms of processor with the server's": spread(taken.migra.cpu),
        },
        ratios: {
          "schema diff / pg_dump -s, by the clock": ratio(taken.diff.wall, taken.dump.wall),
          "schema diff / pg_dump -s, processor": ratio(taken.diff.cpu, taken.dump.cpu),
          "migra / schema diff, by the clock": ratio(taken.migra.wall, taken.diff.wall),
          "migra / schema diff, processor": ratio(taken.migra.cpu, taken.diff.cpu),
        },
        limits: { "schema diff / pg_dump -s, by the clock": 3 },
        least: { "migra / schema diff, by the clock": 3 },
      };
    } finally {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

function none(): { wall: number[]; cpu: number[] } {
  return { wall: [], cpu: [] };
}

/** One side: a thousand tables with keys, indexes and foreign keys, every fifth of them different on the other side. */
function schema(side: 0 | 1): string {
  const statements: string[] = [];
  for (let i = 0; i < TABLES; i++) {
    const parent = i === 0 ? "" : ` REFERENCES t${Math.floor(i / 2)}`;
    statements.push(
      `CREATE TABLE t${i} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent bigint${parent}, name text NOT NULL, note text, amount numeric(12, 2), created_at timestamptz NOT NULL DEFAULT now())`,
      `CREATE INDEX t${i}_parent ON t${i} (parent)`,
    );
    const difference = i % EVERY === 0 ? DIFFERENCES[(i / EVERY) % DIFFERENCES.length]!(i)[side] : "";
    if (difference !== "") statements.push(difference);
  }
  return statements.join(";\n");
}

function version(program: string): string {
  return /\d+(?:\.\d+)*/.exec(execFileSync(program, ["--version"], { encoding: "utf8" }))![0];
}

/** Runs a program that has to end with a certain code and to say something: of ours it is 1 where there is a difference, of migra always 0. */
function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv, ends: number): void {
  const { status, stdout, stderr, error } = spawnSync(program, words, { env, encoding: "utf8", maxBuffer: 1 << 28 });
  if (error) throw error;
  if (status !== ends) throw new Error(`${program} ended with ${status} instead of ${ends}: ${stderr.slice(-2000)}`);
  if (stdout.trim() === "") throw new Error(`${program} found no difference`);
}
