import { domainRules, floorRules, packageRules } from "./imports.ts";
import { nameRules, rootRules, styleRules, textRules } from "./tidiness.ts";
import { packageFiles, type Tree, type Violation } from "./tree.ts";
import { processWordRules, vendorRules } from "./words.ts";

const FILE_RULES = [packageRules, domainRules, floorRules, processWordRules, vendorRules];
const TREE_RULES = [nameRules, rootRules, textRules, styleRules];

/** Every violation of the house in a tree, in the order of its files. */
export function checkArchitecture(tree: Tree): readonly Violation[] {
  const files = packageFiles(tree);
  const found = [
    ...FILE_RULES.flatMap((rule) => files.flatMap((file) => rule(file))),
    ...TREE_RULES.flatMap((rule) => rule(tree)),
  ];
  return found.sort((a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0));
}

/** One line for each violation: place, what is wrong, what to do instead. */
export function inWords(violations: readonly Violation[]): string {
  return violations.map(({ file, line, message }) => `${file}${line ? `:${line}` : ""}: ${message}`).join("\n");
}
