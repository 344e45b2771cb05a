// node benches/page.ts: writes docs/performance.md from the newest results of each bench. A test keeps the page equal to what they say.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Findings, machine, Spread } from "./measure.ts";

/** What a file of results holds. */
export interface Result extends Findings {
  readonly bench: string;
  readonly question: string;
  readonly measuredAt: string;
  readonly machine: ReturnType<typeof machine>;
}

export const PAGE: string = join(import.meta.dirname, "../docs/performance.md");

/** The newest result of each bench, by name. */
export function newestResults(folder: string = join(import.meta.dirname, "results")): Result[] {
  const newest = new Map<string, Result>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const result = JSON.parse(readFileSync(join(folder, file), "utf8")) as Result;
    const known = newest.get(result.bench);
    if (!known || known.measuredAt < result.measuredAt) newest.set(result.bench, result);
  }
  return [...newest.values()].sort((a, b) => (a.bench < b.bench ? -1 : 1));
}

/** The page of some results, in Markdown. */
export function performancePage(results: readonly Result[]): string {
  return [INTRODUCTION, promises(results), ...results.map(section)].join("\n");
}

const INTRODUCTION = `# What it costs

Written from \`benches/results/\` by \`node benches/page.ts\`; the numbers are made by \`node benches/run.ts [name]\`, which anybody can run.
Each thing is measured next to its floor or peer, in turn in one run, so that a ratio holds on a machine that others use as well; single
figures say what this machine did on that day. All are medians, in brackets the middle half of the measurements.
`;

function promises(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    Object.entries(result.ratios).flatMap(([label, ratio]) => {
      const bound = boundOf(result, label);
      if (bound === undefined) return [];
      return [[`${result.bench}: ${label}`, bound.words, String(ratio.median), bound.kept ? "kept" : "**not kept**"]];
    }),
  );
  return `## What is promised\n\n${table(["ratio", "bound", "median", ""], rows)}`;
}

/** The bound of a promised ratio, in words, and whether its median keeps it. */
function boundOf({ ratios, limits, least }: Result, label: string): { words: string; kept: boolean } | undefined {
  const { median } = ratios[label]!;
  const most = limits?.[label];
  if (most !== undefined) return { words: `at most ${most}`, kept: median <= most };
  const fewest = least?.[label];
  return fewest === undefined ? undefined : { words: `at least ${fewest}`, kept: median >= fewest };
}

function section({ bench, question, measuredAt, machine, subject, figures, ratios }: Result): string {
  const row = (label: string, { median, lower, upper, samples }: Spread) => [
    label,
    `${median} (${lower} to ${upper})`,
    String(samples),
  ];
  const { cpu, cores, memory, os, node } = machine;
  const measured = Object.entries(subject).map(([what, value]) => `${what}: ${value}`);
  const rows = [
    ...Object.entries(figures).map(([label, figure]) => row(label, figure)),
    ...Object.entries(ratios).map(([label, figure]) => row(`**${label}**`, figure)),
  ];
  return `## ${bench}

${question}

${measuredAt.slice(0, 10)}, on ${cpu} with ${cores} cores and ${memory}, ${os}, Node.js ${node}. ${measured.join("; ")}.

${table(["", "median", "samples"], rows)}`;
}

/** A table whose columns are as wide as their widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |\n`;
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("");
}

if (import.meta.main) writeFileSync(PAGE, performancePage(newestResults()));
