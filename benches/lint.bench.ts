import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defineBench, measureRounds, ratio, spread } from "./measure.ts";

const ROOT = resolve(import.meta.dirname, "..");
const STATEMENTS = 3000;
const FILES = 100;

/** Statements of kinds that migrations are made of, the i-th of all. */
const KINDS: readonly ((i: number) => string)[] = [
  (i) =>
    `CREATE TABLE t${i} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());`,
  (i) => `ALTER TABLE t${i - 1} ADD COLUMN note_${i} text;`,
  (i) => `CREATE INDEX CONCURRENTLY IF NOT EXISTS i${i} ON t${i - 2} (name, created_at);`,
  (i) => `ALTER TABLE t${i - 3} ADD CONSTRAINT c${i} CHECK (length(name) > 0) NOT VALID;`,
  (i) => `INSERT INTO t${i - 4} (name) VALUES ('x${i}'), ('y${i}');`,
  (i) => `UPDATE t${i - 5} SET name = 'z' WHERE id = ${i} AND name LIKE 'x%';`,
];

/** How long the text of 3,000 statements in 100 files takes to check, process by process, beside squawk. */
export const bench = defineBench({
  question: "What does `check --text-only` of 3,000 statements cost, beside squawk on the same files?",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "change-mgmt-lint-"));
    try {
      const files = writeMigrations(folder);
      const squawk = [join(ROOT, "node_modules/.bin/squawk"), ...files];
      const check = [join(ROOT, "bin/change-mgmt"), "check", "--text-only"];
      const start = (words: readonly string[]) => () => {
        const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, "cache") };
        run(words, folder, env);
      };
      const times = await measureRounds(
        {
          squawk: start(squawk),
          again: start(check),
          first: start([...check, "--no-cache"]),
        },
        { rounds: 11 },
      );
      const wall = Object.fromEntries(Object.entries(times).map(([name, taken]) => [name, taken.wall])) as Record<
        keyof typeof times,
        number[]
      >;
      return {
        subject: { statements: STATEMENTS, files: FILES, squawk: "2.66.0" },
        figures: {
          "squawk, ms": spread(wall.squawk),
          "check again, unchanged files, ms": spread(wall.again),
          "check for the first time, ms": spread(wall.first),
        },
        ratios: {
          "check again / squawk": ratio(wall.again, wall.squawk),
          "check for the first time / squawk": ratio(wall.first, wall.squawk),
        },
        limits: { "check again / squawk": 1.5 },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

function writeMigrations(folder: string): string[] {
  mkdirSync(join(folder, "migrations"));
  const each = STATEMENTS / FILES;
  return Array.from({ length: FILES }, (_, file) => {
    const path = join(folder, "migrations", `${String(file + 1).padStart(4, "0")}_m.sql`);
    const lines = Array.from({ length: each }, (_, at) => KINDS[(file * each + at) % KINDS.length]!(file * each + at));
    writeFileSync(path, `${lines.join("\n")}\n`);
    return path;
  });
}

/** Both end with exit code 1 where they find something, which is no failure here. */
function run([program, ...words]: readonly string[], cwd: string, env: Record<string, string | undefined>): void {
  try {
    execFileSync(program!, words, {
      cwd,
      env: env as NodeJS.ProcessEnv,
      stdio: ["ignore", "ignore", "pipe"],
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    if ((error as { status?: number }).status !== 1) throw error;
  }
}
