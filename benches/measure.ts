import { mkdirSync, writeFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";

/** The middle of several measurements and how far they spread: quartiles, in the unit that the name of the figure says. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
  readonly samples: number;
}

/** What a bench found out. */
export interface Findings {
  /** What was measured on, such as `{ entries: 50000, bytes: 53000000 }`. */
  readonly subject: Readonly<Record<string, number | string>>;
  /** Milliseconds, or what else the name says. */
  readonly figures: Readonly<Record<string, Spread>>;
  /** Each a figure by its floor or peer of the same round. */
  readonly ratios: Readonly<Record<string, Spread>>;
  /** The largest median that each promised ratio may have. */
  readonly limits?: Readonly<Record<string, number>>;
  /** The smallest, where more is better. */
  readonly least?: Readonly<Record<string, number>>;
}

/** What the command line may say of a run. */
export interface BenchOptions {
  /** How long a bench that watches something for long does so. */
  readonly minutes?: number;
}

export interface Bench {
  readonly question: string;
  run(options: BenchOptions): Promise<Findings>;
}

/** Types a bench; a `<name>.bench.ts` exports it as `bench`. */
export function defineBench(bench: Bench): Bench {
  return bench;
}

/** Milliseconds of each round: by the clock on the wall, and of processor time of this process with all its threads. */
export interface Times {
  readonly wall: number[];
  readonly cpu: number[];
}

/**
 * Times of each contestant in each round. All run in every round, one after the other and in turn first, so that whatever
 * else the machine does meets all of them alike; the first `warmUp` rounds are not counted. A busy machine lets short work finish
 * undisturbed and interrupts long work: let a quick contestant do its work several times, and divide.
 */
export async function measureRounds<Name extends string>(
  contestants: Readonly<Record<Name, () => unknown>>,
  { rounds, warmUp = 2 }: { readonly rounds: number; readonly warmUp?: number },
): Promise<Record<Name, Times>> {
  const names = Object.keys(contestants) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, { wall: [], cpu: [] }])) as unknown as Record<
    Name,
    Times
  >;
  for (let round = 0; round < rounds + warmUp; round++) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const start = performance.now();
      const used = process.cpuUsage();
      await contestants[name]();
      const wall = performance.now() - start;
      const { user, system } = process.cpuUsage(used);
      if (round < warmUp) continue;
      times[name].wall.push(wall);
      times[name].cpu.push((user + system) / 1000);
    }
  }
  return times;
}

/** Median and quartiles; a RangeError for no measurements at all. */
export function spread(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new RangeError("nothing was measured");
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (part: number) => {
    const place = part * (sorted.length - 1);
    const below = sorted[Math.floor(place)]!;
    return rounded(below + (sorted[Math.ceil(place)]! - below) * (place % 1));
  };
  return { median: at(0.5), lower: at(0.25), upper: at(0.75), samples: sorted.length };
}

/** The ratio of two contestants round by round, so that a slow moment of the machine counts on both sides; `by` did its work `times` times. */
export function ratio(of: readonly number[], by: readonly number[], times = 1): Spread {
  return spread(of.map((taken, round) => (taken * times) / by[round]!));
}

/** The machine a figure was measured on. */
export function machine() {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    os: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
  };
}

/** Writes `<date>-<machine>-<bench>.json` into a folder and answers its path. */
export function writeResults(folder: string, name: string, question: string, findings: Findings, now: Date): string {
  const on = machine();
  const slug = `${on.cpu}-${on.cores}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${now.toISOString().slice(0, 10)}-${slug}-${name}.json`);
  const measured = { bench: name, question, measuredAt: now.toISOString(), machine: on, ...findings };
  writeFileSync(path, `${JSON.stringify(measured, null, 2)}\n`);
  return path;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
