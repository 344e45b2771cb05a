// Written by scripts/rules-pages.ts from the files of the rules.
import { volatileDefault } from "./columns/volatile-default.ts";
import { dropColumn } from "./destruction/drop-column.ts";
import { createIndexNotConcurrently } from "./indexes/create-index-not-concurrently.ts";
import type { Rule } from "./rule.ts";

/** Every rule, by subject and id. */
// biome-ignore format: a line a rule.
export const RULES: readonly Rule[] = [
  volatileDefault,
  dropColumn,
  createIndexNotConcurrently,
];
