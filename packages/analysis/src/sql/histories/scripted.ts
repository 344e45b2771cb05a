import type { MigrationTool } from "../migration-tool.ts";
import type { HistoryEntry, Layout, Recognized } from "./history.ts";
import { anyText } from "./marks.ts";
import { dependenciesOf } from "./package-dependencies.ts";
import { below, type SourceTree } from "./source-tree.ts";
import { byNumber, leadingDigits } from "./versions.ts";

const SCRIPT = /^[^.].*(?<!\.d)\.(?:ts|mts|cts|js|mjs|cjs)$/;
const EXPORTS_UP = /\bexport\s+(?:async\s+)?(?:function\s+up\b|const\s+up\b)|\bexports\.up\s*=|\bup\s*[:(]/;

/** Words in a migration that only one of the tools has. */
const TOKENS: readonly (readonly ["kysely" | "knex" | "node-pg-migrate", RegExp])[] = [
  ["node-pg-migrate", /\bnode-pg-migrate\b|\bpgm\s*\.|\bMigrationBuilder\b/],
  ["kysely", /\bkysely\b/i],
  ["knex", /\bknex\b/i],
];

/** A layout of migrations written in TypeScript or JavaScript, with SQL files among them where the tool allows it. */
function scripted(tool: "kysely" | "knex" | "node-pg-migrate"): Layout {
  return {
    tool,
    async recognize(folder, tree) {
      const scripts = tree.files(folder).filter((file) => SCRIPT.test(file) && leadingDigits(file) !== null);
      const sql = tool === "node-pg-migrate" ? tree.files(folder).filter((file) => /^\d.*\.sql$/.test(file)) : [];
      const spoken = await toolOfScripts(tree, folder, scripts);
      if (spoken === null && sql.length === 0) return null;
      if (spoken !== null && spoken !== tool) return null;
      if (spoken === null && !(await isSqlOf(tool, tree, folder, sql))) return null;
      return recognized(folder, [...scripts, ...sql].sort(byNumber));
    },
  };
}

export const nodePgMigrate: Layout = scripted("node-pg-migrate");
export const knex: Layout = scripted("knex");
export const kysely: Layout = scripted("kysely");

function recognized(folder: string, files: readonly string[]): Recognized {
  return {
    entries: files.map(
      (file): HistoryEntry => ({
        path: below(folder, file),
        name: file,
        version: leadingDigits(file),
        down: null,
        code: !file.endsWith(".sql"),
        transactional: null,
      }),
    ),
  };
}

/** The tool that scripts are written for, by the first of them that says so; null where none of the known ones is meant. */
async function toolOfScripts(
  tree: SourceTree,
  folder: string,
  scripts: readonly string[],
): Promise<MigrationTool | null> {
  for (const file of scripts) {
    const source = await tree.text(below(folder, file));
    if (!source.ok || !EXPORTS_UP.test(source.text)) continue;
    const token = TOKENS.find(([, words]) => words.test(source.text));
    if (token) return token[0];
    const dependencies = await dependenciesOf(tree, folder);
    const depended = TOKENS.find(([name]) => dependencies.has(name));
    if (depended) return depended[0];
  }
  return null;
}

async function isSqlOf(tool: string, tree: SourceTree, folder: string, sql: readonly string[]): Promise<boolean> {
  if (await anyText(tree, folder, sql, /^[ \t]*--[ \t]*(?:up|down) migration\b/im)) return true;
  return /migrations?$/i.test(tree.absolute(folder)) && (await dependenciesOf(tree, folder)).has(tool);
}
