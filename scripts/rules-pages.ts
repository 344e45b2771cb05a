// Writes what follows from the rules of judgement: their list, the facts of their examples as parser and embedded database give them, and a page for each.
// `--list` writes the list alone; `--pages` list and pages; names of rules renew the facts of those alone, the others keep theirs.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const rulesFolder = join(root, "packages/domain/src/schema/rules");
const pagesFolder = join(root, "docs/rules");
const factsFile = join(root, "packages/domain/src/testing/rule-examples.jsonl");
const asked = process.argv.slice(2);

writeFileSync(join(rulesFolder, "all.ts"), listOfRules());
if (!asked.includes("--list")) {
  await writePages();
  if (!asked.includes("--pages")) await writeFacts();
}

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
    ...[
      { path: "rule.ts", line: 'import type { Rule } from "./rule.ts";' },
      ...found.map(({ path, name }) => ({ path, line: `import { ${name} } from "./${path}";` })),
    ]
      .sort((one, other) => (one.path < other.path ? -1 : 1))
      .map(({ line }) => line),
    "",
    "/** Every rule, by subject and id. */",
    "// biome-ignore format: a line a rule.",
    "export const RULES: readonly Rule[] = [",
    ...found.map(({ name }) => `  ${name},`),
    "];",
    "",
  ].join("\n");
}

async function writePages(): Promise<void> {
  const { RULES } = await import("@change-mgmt/domain/schema/rules/all.ts");
  const { rulePage, rulesIndex } = await import("@change-mgmt/domain/schema/rules/page.ts");
  mkdirSync(pagesFolder, { recursive: true });
  for (const name of readdirSync(pagesFolder)) rmSync(join(pagesFolder, name));
  for (const rule of RULES) writeFileSync(join(pagesFolder, `${rule.id}.md`), rulePage(rule));
  writeFileSync(join(pagesFolder, "README.md"), rulesIndex(RULES));
}

async function writeFacts(): Promise<void> {
  const { RULES } = await import("@change-mgmt/domain/schema/rules/all.ts");
  const { ExampleBench, examplesOf, keptLine } = await import("@change-mgmt/analysis/testing/rule-examples.ts");
  const kept =
    asked.length === 0 || !existsSync(factsFile) ? [] : readFileSync(factsFile, "utf8").trimEnd().split("\n");
  const bench = await ExampleBench.open();
  const lines = [JSON.stringify(bench.shared)];
  for (const rule of RULES) {
    for (const { kind, at } of examplesOf(rule)) {
      const before = asked.includes(rule.id)
        ? undefined
        : kept.find((line) => line.startsWith(`{"rule":"${rule.id}","kind":"${kind}","at":${at},`));
      try {
        lines.push(before ?? (await keptLine(bench, rule, kind, at)));
      } catch (error) {
        // The others are kept, so that only this one has to be asked for again.
        process.stderr.write(`${(error as Error).message}\n`);
        process.exitCode = 1;
      }
    }
  }
  await bench.close();
  writeFileSync(factsFile, `${lines.join("\n")}\n`);
}
