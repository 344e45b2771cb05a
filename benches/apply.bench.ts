import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { startOwn, type TestPostgres } from "@change-mgmt/server/testing/postgres.ts";
import { defineBench, ratio, spread } from "./measure.ts";
import { endedProcessorTime, postgresTime, postmasterOf } from "./processor-time.ts";

const ROOT = resolve(import.meta.dirname, "..");
const MIGRATIONS = 1000;
const ROUNDS = 4;
const AGAIN = 9;

/** Milliseconds of each round: by the clock, and of processor time of the program and of the server. */
interface Taken {
  readonly wall: number[];
  readonly cpu: number[];
}

/** How long 1,000 migrations of one table each take to apply, and how long it takes to see that they are applied, process by process. */
export const bench = defineBench({
  question:
    "What does `apply` of 1,000 migrations of one table each cost beside psql with the same files, and `apply` with nothing pending beside dbmate?",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "change-mgmt-apply-bench-"));
    const postgres = await startOwn();
    try {
      const files = writeMigrations(folder);
      const programs = programsIn(folder, files);
      const { apply, psql, dbmate, started } = programs;
      const fresh = await measure({ apply, psql, dbmate }, postgres, ROUNDS, () => postgres.newDatabase());
      const full = await postgres.newDatabase();
      apply(full);
      const again = await measure({ apply, dbmate, started }, postgres, AGAIN, async () => full);
      return {
        subject: { migrations: MIGRATIONS, dbmate: "2.36.0", psql: version("psql"), fsync: "off" },
        figures: {
          "apply 1,000, ms": spread(fresh.apply.wall),
          "psql, ms": spread(fresh.psql.wall),
          "dbmate 1,000, ms": spread(fresh.dbmate.wall),
          "apply 1,000, ms of processor with the server's": spread(fresh.apply.cpu),
          "psql, ms of processor with the server's": spread(fresh.psql.cpu),
          "nothing pending, ms": spread(again.apply.wall),
          "nothing pending, dbmate as npm starts it, ms": spread(again.started.wall),
          "nothing pending, dbmate's binary, ms": spread(again.dbmate.wall),
          "nothing pending, ms of processor with the server's": spread(again.apply.cpu),
          "nothing pending, dbmate as npm starts it, ms of processor with the server's": spread(again.started.cpu),
        },
        ratios: {
          "apply / psql, by the clock": ratio(fresh.apply.wall, fresh.psql.wall),
          "apply / psql, processor": ratio(fresh.apply.cpu, fresh.psql.cpu),
          "apply / dbmate, by the clock": ratio(fresh.apply.wall, fresh.dbmate.wall),
          "nothing pending / dbmate as npm starts it, by the clock": ratio(again.apply.wall, again.started.wall),
          "nothing pending / dbmate as npm starts it, processor": ratio(again.apply.cpu, again.started.cpu),
          "nothing pending / dbmate's binary, by the clock": ratio(again.apply.wall, again.dbmate.wall),
        },
        limits: {
          "apply / psql, by the clock": 1.4,
          "apply / psql, processor": 1.4,
          "nothing pending / dbmate as npm starts it, by the clock": 1.5,
          "nothing pending / dbmate as npm starts it, processor": 1.5,
        },
      };
    } finally {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** All programs in every round, in turn first, each on the database that it is given; the first round is not counted. */
async function measure<Name extends string>(
  programs: Readonly<Record<Name, (url: string) => void>>,
  postgres: TestPostgres,
  rounds: number,
  database: () => Promise<string>,
): Promise<Record<Name, Taken>> {
  const names = Object.keys(programs) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, { wall: [], cpu: [] }])) as unknown as Record<
    Name,
    Taken
  >;
  const postmaster = await postmasterOf(postgres.url);
  const used = () => endedProcessorTime() + postgresTime(postmaster);
  for (let round = -1; round < rounds; round++) {
    const first = (round + 1) % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const url = await database();
      const before = used();
      const start = performance.now();
      programs[name](url);
      const wall = performance.now() - start;
      if (round < 0) continue;
      taken[name].wall.push(wall);
      taken[name].cpu.push(used() - before);
    }
  }
  return taken;
}

function programsIn(folder: string, files: readonly string[]) {
  const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, "cache") };
  const start = (program: string, words: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    execFileSync(program, words, { cwd: folder, env: { ...env, ...more }, stdio: ["ignore", "ignore", "pipe"] });
  // What npm links as dbmate is a program of Node that starts the binary of this platform.
  const linked = join(dirname(createRequire(import.meta.url).resolve("dbmate")), "cli.js");
  const binary = binaryOf("dbmate");
  const words = ["--migrations-dir", join(folder, "migrations"), "--no-dump-schema", "up"];
  const address = (url: string) => ({ DATABASE_URL: `${url}?sslmode=disable` });
  return {
    psql: (url: string) =>
      void start("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", url, ...files.flatMap((file) => ["-f", file])]),
    apply: (url: string) =>
      void start(join(ROOT, "bin/change-mgmt"), ["apply", "migrations"], { TARGET_DATABASE_URL: url }),
    dbmate: (url: string) => void start(binary, words, address(url)),
    started: (url: string) => void start(process.execPath, [linked, ...words], address(url)),
  };
}

function binaryOf(name: string): string {
  const own = createRequire(createRequire(import.meta.url).resolve(name));
  return join(dirname(own.resolve(`@${name}/${process.platform}-${process.arch}/package.json`)), "bin", name);
}

function version(program: string): string {
  return /\d+(?:\.\d+)*/.exec(execFileSync(program, ["--version"], { encoding: "utf8" }))![0];
}

/** Files that psql, dbmate and apply all read alike: the marks are comments to psql. */
function writeMigrations(folder: string): string[] {
  mkdirSync(join(folder, "migrations"));
  return Array.from({ length: MIGRATIONS }, (_, at) => {
    const path = join(folder, "migrations", `${String(at + 1).padStart(4, "0")}_t${at}.sql`);
    writeFileSync(
      path,
      `-- migrate:up\ncreate table t${at} (id bigint generated always as identity primary key, name text not null, created_at timestamptz not null default now());\n-- migrate:down\n`,
    );
    return path;
  });
}
