// Writes what follows from the rules of judgement: their list, the facts of their examples, and a page for each. `--list` writes the list alone.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const rulesFolder = join(root, "packages/domain/src/schema/rules");

writeFileSync(join(rulesFolder, "all.ts"), listOfRules());
if (!process.argv.includes("--list")) await writeFactsAndPages();

/** The module that names every rule, from the files that are there. */
function listOfRules(): string {
  const found = readdirSync(rulesFolder, { recursive: true, encoding: "utf8" })
    .filter((path) => /^[a-z-]+\/[a-z0-9-]+\.ts$/.test(path) && !path.endsWith(".test.ts"))
    .sort()
    .flatMap((path) => {
      const name = /^export const (\w+) = defineRule\(/m.exec(readFileSync(join(rulesFolder, path), "utf8"))?.[1];
      return name === undefined ? [] : [{ path, name }];
    });
  return [
    "// Written by scripts/rules-pages.ts from the files of the rules.",
    ...found.map(({ path, name }) => `import { ${name} } from "./${path}";`),
    'import type { Rule } from "./rule.ts";',
    "",
    "/** Every rule, by subject and id. */",
    "// biome-ignore format: a line a rule.",
    "export const RULES: readonly Rule[] = [",
    ...found.map(({ name }) => `  ${name},`),
    "];",
    "",
  ].join("\n");
}

async function writeFactsAndPages(): Promise<void> {
  const { RULES } = await import("@change-mgmt/domain/schema/rules/all.ts");
  const { ExampleBench, examplesOf, keptLine } = await import("@change-mgmt/analysis/testing/rule-examples.ts");
  const bench = await ExampleBench.open();
  const lines = [JSON.stringify(bench.shared)];
  for (const rule of RULES)
    for (const { kind, at } of examplesOf(rule)) lines.push(await keptLine(bench, rule, kind, at));
  await bench.close();
  writeFileSync(join(root, "packages/domain/src/testing/rule-examples.jsonl"), `${lines.join("\n")}\n`);
}
