import { applyBaseFile, type BaseListener, stateKeys, textOf } from "./base-files.ts";
import { hasBase, keepBase, latestBase } from "./dump-cache.ts";
import {
  type EmbeddedDatabase,
  type EmbeddedMajor,
  engineVersion,
  hasExtension,
  openEmbedded,
} from "./embedded-majors.ts";
import type { Engine, EngineSource } from "./engine.ts";
import { createdExtensions } from "./extensions.ts";
import type { RehearsalBase } from "./report.ts";
import { expectsSupabase, SUPABASE_EXTENSIONS, SUPABASE_SEARCH_PATH, supabaseStubs } from "./supabase.ts";
import { templateDump } from "./template.ts";

/** Part of the cache key: raise it when what is prepared below changes. */
const PREPARATION = 3;
/** After so many migrations applied anew a dump is cheaper than applying them once more. */
const WORTH_A_DUMP = 10;

/** What an embedded database is to hold. */
export interface EmbeddedBase {
  readonly major: EmbeddedMajor;
  readonly base: RehearsalBase;
  /** Texts of the migrations to come, which decide on extensions and on Supabase's stand-ins. */
  readonly texts: readonly string[];
  readonly cacheFolder: string;
}

export interface EmbeddedSourceOptions extends EmbeddedBase {
  readonly onStatement: BaseListener;
}

/** What a base takes beside its files, and the keys of the states on the way to it. */
async function preparationOf({ major, base, texts }: EmbeddedBase) {
  const allTexts = [...base.map(textOf), ...texts];
  const supabase = allTexts.some(expectsSupabase);
  const extensions = await createdExtensions(allTexts);
  if (supabase) for (const name of SUPABASE_EXTENSIONS) extensions.add(name);
  const stubs = supabase ? supabaseStubs((name) => hasExtension(major, name)) : "";
  const start = [PREPARATION, major, engineVersion(major), stubs];
  return { supabase, extensions, stubs, start, keys: stateKeys(start, base) };
}

/** Whether the state of a base is in the cache, so that opening it runs none of its statements. */
export async function isKept(base: EmbeddedBase): Promise<boolean> {
  const { keys } = await preparationOf(base);
  return base.base.length === 0 || (await hasBase(base.cacheFolder, keys.at(-1)!));
}

/**
 * Prepares embedded engines for a base. The state after its files is kept as a dump in the cache folder, and begun from the latest state that
 * is there already. Throws BaseNotRehearsable when the base cannot be built here.
 */
export async function embeddedSource(options: EmbeddedSourceOptions): Promise<EngineSource> {
  const { major, base, cacheFolder, onStatement } = options;
  const { supabase, extensions, stubs, start, keys } = await preparationOf(options);
  const open = async (loadDataDir: Blob) => {
    const database = await openEmbedded(major, { loadDataDir, extensions });
    const engine = new EmbeddedEngine(database, major, supabase);
    await engine.resetSession();
    return engine;
  };
  const first = await build();
  let latest = { applied: 0, dump: first };
  return {
    async open(applied) {
      const from = latest.applied <= applied.length ? latest : { applied: 0, dump: first };
      const engine = await open(from.dump);
      for (const migration of applied.slice(from.applied)) await applyBaseFile(engine, migration, () => {});
      if (applied.length - from.applied >= WORTH_A_DUMP)
        latest = { applied: applied.length, dump: await engine.dump() };
      return engine;
    },
    async keep(applied) {
      const engine = await open(latest.dump);
      for (const migration of applied.slice(latest.applied)) await applyBaseFile(engine, migration, () => {});
      await keepBase(cacheFolder, stateKeys(start, [...base, ...applied]).at(-1)!, await engine.dump());
      await engine.close();
    },
  };

  async function build(): Promise<Blob> {
    const known = await latestBase(cacheFolder, keys);
    if (known?.index === base.length) return known.dump;
    if (base.length === 0 && !supabase) return await templateDump(cacheFolder, major);
    const engine = await open(known?.dump ?? (await templateDump(cacheFolder, major)));
    try {
      if (!known && supabase) await engine.prepare(stubs);
      for (const file of base.slice(known?.index ?? 0)) await applyBaseFile(engine, file, onStatement);
      return await keepBase(cacheFolder, keys.at(-1)!, await engine.dump());
    } finally {
      await engine.close();
    }
  }
}

class EmbeddedEngine implements Engine {
  readonly name: string;
  readonly lastingRoles = null;
  readonly #database: EmbeddedDatabase;
  readonly #major: EmbeddedMajor;
  readonly #supabase: boolean;

  constructor(database: EmbeddedDatabase, major: EmbeddedMajor, supabase: boolean) {
    this.name = `the embedded Postgres ${major}`;
    this.#database = database;
    this.#major = major;
    this.#supabase = supabase;
  }

  readonly query = (text: string, values?: unknown[]) => this.#database.query(text, values);

  async run(sql: string): Promise<void> {
    await this.#database.exec(sql);
  }

  async prepare(stubs: string): Promise<void> {
    await this.run(stubs);
    await this.resetSession();
  }

  async resetSession(): Promise<void> {
    await this.run("discard all");
    if (this.#supabase) await this.run(SUPABASE_SEARCH_PATH);
  }

  hasExtension(name: string): boolean {
    return hasExtension(this.#major, name);
  }

  async dump(): Promise<Blob> {
    // Otherwise whoever opens the dump first repeats everything that was done since the last one.
    await this.run("checkpoint");
    return await this.#database.dumpDataDir("none");
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}
