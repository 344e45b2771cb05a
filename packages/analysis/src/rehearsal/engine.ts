import { createHash } from "node:crypto";
import { readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { QueryFunction } from "../introspection/query-function.ts";
import { readMigrationFile } from "../sql/migration-file.ts";
import { type Statement, splitStatements } from "../sql/statements.ts";
import { createdExtension, isAvailable, loadExtensions } from "./extensions.ts";
import type { RehearsalBase } from "./report.ts";
import { expectsSupabase, SUPABASE_EXTENSIONS, SUPABASE_SEARCH_PATH, SUPABASE_STUBS } from "./supabase.ts";
import { ENGINE_VERSION, keepDump, openDump, templateDump } from "./template.ts";

/** A disposable database, open. */
export interface Engine {
  readonly query: QueryFunction;
  /** Runs one statement without parameters, as a deployment does. */
  run(sql: string): Promise<void>;
  /** Forgets everything that a migration set for its session. */
  resetSession(): Promise<void>;
  close(): Promise<void>;
}

/** Opens engines on one base state, which is built at most once and kept as a dump. */
export interface EngineSource {
  open(): Promise<Engine>;
}

/** The base cannot be had here; the message is the reason to report. */
export class BaseNotRehearsable extends Error {}

const KEPT_BASES = 8;
/** Part of the cache key: raise it when what is prepared below changes. */
const PREPARATION = 1;

/**
 * Prepares a source of engines for a base and for migrations whose texts are given, which decide on extensions and on Supabase's stand-ins.
 * `onStatement` hears of each base statement before it runs, and of the end of a file with line null. Throws BaseNotRehearsable when the base cannot be built here.
 */
export async function engineSource(
  base: RehearsalBase,
  texts: readonly string[],
  cacheFolder: string,
  onStatement: (file: string, line: number | null) => void,
): Promise<EngineSource> {
  const files = "dump" in base ? [] : await Promise.all(base.map(readBaseFile));
  const wholeText = [...files.map((file) => file.text), ...texts].join("\n");
  const supabase = expectsSupabase(wholeText);
  const names = new Set(supabase ? SUPABASE_EXTENSIONS : []);
  const statements = [...files.flatMap((file) => file.statements), ...(await Promise.all(texts.map(readable))).flat()];
  for (const statement of statements) {
    const name = createdExtension(statement);
    if (name !== null) names.add(name);
  }
  const sorted = [...names].sort();
  const open = async (loadDataDir: Blob) => {
    const database = await PGlite.create({ loadDataDir, extensions: await loadExtensions(sorted) });
    return toEngine(database, supabase);
  };
  if ("dump" in base) return { open: () => open(base.dump) };
  const template = await templateDump(cacheFolder);
  if (files.length === 0 && !supabase) return { open: () => open(template) };

  const key = createHash("sha256");
  key.update(JSON.stringify([PREPARATION, ENGINE_VERSION, supabase ? SUPABASE_STUBS : null, sorted, base]));
  const path = join(cacheFolder, `base-${key.digest("hex")}.tar`);
  const cached = await openDump(path);
  // What was used last counts as new, so that the oldest to be forgotten is the one longest unused.
  if (cached) await utimes(path, new Date(), new Date()).catch(ignoreMissing);
  const state = cached ?? (await build());
  return { open: () => open(state) };

  async function build(): Promise<Blob> {
    const database = await PGlite.create({ loadDataDir: template, extensions: await loadExtensions(sorted) });
    try {
      if (supabase) await database.exec(SUPABASE_STUBS);
      const engine = await toEngine(database, supabase);
      for (const file of files) await applyBaseFile(engine, file, onStatement);
      const dump = await keepDump(path, await database.dumpDataDir("none"));
      await forgetOldBases(cacheFolder);
      return dump;
    } finally {
      await database.close();
    }
  }
}

async function toEngine(database: PGlite, supabase: boolean): Promise<Engine> {
  const engine: Engine = {
    query: (text, values) => database.query<Record<string, unknown>>(text, values),
    run: async (sql) => {
      await database.exec(sql);
    },
    resetSession: async () => {
      await database.exec("discard all");
      if (supabase) await database.exec(SUPABASE_SEARCH_PATH);
    },
    close: () => database.close(),
  };
  await engine.resetSession();
  return engine;
}

interface BaseFile {
  readonly name: string;
  readonly text: string;
  readonly line: number;
  readonly statements: readonly Statement[];
  readonly transactional: boolean;
}

async function readBaseFile({ name, sql }: { name: string; sql: string }): Promise<BaseFile> {
  // pg_dump writes these two for psql alone.
  const text = sql.replace(/^\\(?:un)?restrict\b.*$/gm, "");
  const file = await readMigrationFile(name, text);
  if (!file.ok) {
    const { code, message, place } = file.refusal;
    if (code === "SQL_EMPTY") return { name, text: "", line: 1, statements: [], transactional: true };
    throw new BaseNotRehearsable(`the base cannot be built: ${name} line ${place?.line ?? 1}: ${message}`);
  }
  const statements = await splitStatements(file.value.up);
  if (!statements.ok) return { name, text: "", line: 1, statements: [], transactional: true };
  const missing = statements.value.find((statement) => !isAvailable(createdExtension(statement) ?? "plpgsql"));
  if (missing) {
    const extension = createdExtension(missing);
    throw new BaseNotRehearsable(
      `the base needs the extension ${extension}, which the embedded engine does not have (${name})`,
    );
  }
  const { up, upLine, transactional } = file.value;
  return { name, text: up, line: upLine, statements: statements.value, transactional };
}

async function applyBaseFile(
  engine: Engine,
  file: BaseFile,
  onStatement: (file: string, line: number | null) => void,
): Promise<void> {
  if (file.transactional) await engine.run("begin");
  for (const statement of file.statements) {
    const line = statement.line + file.line - 1;
    onStatement(file.name, line);
    try {
      await engine.run(statement.text);
    } catch (error) {
      throw new BaseNotRehearsable(`the base cannot be built: ${file.name} line ${line}: ${(error as Error).message}`);
    }
  }
  try {
    if (file.transactional) await engine.run("commit");
  } catch (error) {
    throw new BaseNotRehearsable(`the base cannot be built: ${file.name}: ${(error as Error).message}`);
  }
  onStatement(file.name, null);
  await engine.resetSession();
}

async function readable(text: string): Promise<readonly Statement[]> {
  const statements = await splitStatements(text);
  return statements.ok ? statements.value : [];
}

/** Keeps the newest base states; another process may be removing the same ones. */
async function forgetOldBases(cacheFolder: string): Promise<void> {
  const names = (await readdir(cacheFolder)).filter((name) => /^base-.*\.tar$/.test(name));
  const dated = await Promise.all(
    names.map(async (name) => {
      const path = join(cacheFolder, name);
      const found = await stat(path).catch(ignoreMissing);
      return { path, at: found?.mtimeMs ?? 0 };
    }),
  );
  const old = dated.sort((a, b) => b.at - a.at).slice(KEPT_BASES);
  for (const { path } of old) await rm(path, { force: true });
}

/** Another process may have removed the file in the meantime. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
