// node benches/run.ts [name …]: runs the benches of this folder (all, or the named ones), prints what they found and keeps it in
// results/. Exits 1 when a promised ratio is above its limit, 2 for an unknown name.
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { type Bench, type Findings, type Spread, writeResults } from "./measure.ts";

const here = import.meta.dirname;
const SUFFIX = ".bench.ts";
const known = readdirSync(here)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length));
const asked = process.argv.slice(2);
const strangers = asked.filter((name) => !known.includes(name));
if (strangers.length > 0) {
  process.stderr.write(`No bench ${strangers.join(", ")}; there are: ${known.join(", ")}\n`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : known) {
  const { bench } = (await import(`./${name}${SUFFIX}`)) as { bench: Bench };
  process.stdout.write(`${name}: ${bench.question}\n`);
  const findings = await bench.run();
  const path = writeResults(join(here, "results"), name, bench.question, findings, new Date());
  process.stdout.write(`${inWords(findings)}  kept in ${relative(process.cwd(), path)}\n`);
}

function inWords({ subject, figures, ratios, limits = {} }: Findings): string {
  const width = Math.max(...[figures, ratios].flatMap((group) => Object.keys(group).map((label) => label.length)));
  const row = (label: string, { median, lower, upper }: Spread, more: string) =>
    `  ${label.padEnd(width)}  ${String(median).padStart(9)}  (${lower} to ${upper})${more}\n`;
  const about = Object.entries(subject).map(([what, value]) => `${what} ${value}`);
  let text = `  ${about.join(", ")}\n`;
  for (const [label, figure] of Object.entries(figures)) text += row(label, figure, "");
  for (const [label, figure] of Object.entries(ratios)) {
    const limit = limits[label];
    const broken = limit !== undefined && figure.median > limit;
    if (broken) process.exitCode = 1;
    text += row(label, figure, limit === undefined ? "" : `  ${broken ? "ABOVE" : "within"} ${limit}`);
  }
  return text;
}
