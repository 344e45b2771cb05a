// node benches/run.ts [name …] [--minutes=N]: runs the benches of this folder (all, or the named ones), prints what they found and keeps
// it in results/. Exits 1 when a promised ratio is beyond its limit, 2 for an unknown name.
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { type Bench, type Findings, type Spread, writeResults } from "./measure.ts";

const here = import.meta.dirname;
const SUFFIX = ".bench.ts";
const known = readdirSync(here)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length));
const { values, positionals: asked } = parseArgs({ allowPositionals: true, options: { minutes: { type: "string" } } });
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
if (minutes !== undefined && !(minutes > 0)) {
  process.stderr.write("--minutes wants a number of minutes\n");
  process.exit(2);
}
const strangers = asked.filter((name) => !known.includes(name));
if (strangers.length > 0) {
  process.stderr.write(`No bench ${strangers.join(", ")}; there are: ${known.join(", ")}\n`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : known) {
  const { bench } = (await import(`./${name}${SUFFIX}`)) as { bench: Bench };
  process.stdout.write(`${name}: ${bench.question}\n`);
  const findings = await bench.run(minutes === undefined ? {} : { minutes });
  const path = writeResults(join(here, "results"), name, bench.question, findings, new Date());
  process.stdout.write(`${inWords(findings)}  kept in ${relative(process.cwd(), path)}\n`);
}

function inWords({ subject, figures, ratios, limits = {}, least = {} }: Findings): string {
  const width = Math.max(...[figures, ratios].flatMap((group) => Object.keys(group).map((label) => label.length)));
  const row = (label: string, { median, lower, upper }: Spread, more: string) =>
    `  ${label.padEnd(width)}  ${String(median).padStart(9)}  (${lower} to ${upper})${more}\n`;
  const about = Object.entries(subject).map(([what, value]) => `${what} ${value}`);
  let text = `  ${about.join(", ")}\n`;
  for (const [label, figure] of Object.entries(figures)) text += row(label, figure, "");
  for (const [label, figure] of Object.entries(ratios)) {
    const [limit, fewest] = [limits[label], least[label]];
    const above = limit !== undefined && figure.median > limit;
    const below = fewest !== undefined && figure.median < fewest;
    if (above || below) process.exitCode = 1;
    const most = limit === undefined ? "" : `  ${above ? "ABOVE" : "within"} ${limit}`;
    text += row(label, figure, fewest === undefined ? most : `  ${below ? "BELOW" : "at least"} ${fewest}`);
  }
  return text;
}
