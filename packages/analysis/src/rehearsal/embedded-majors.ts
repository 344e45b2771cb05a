import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Extension } from "@electric-sql/pglite";

/** Majors of Postgres that exist as an embedded engine, ascending. */
export const EMBEDDED_MAJORS = [16, 17, 18] as const;
export type EmbeddedMajor = (typeof EMBEDDED_MAJORS)[number];
/** Rehearsed on where nobody says what the target runs. */
export const DEFAULT_MAJOR: EmbeddedMajor = 18;

/** The npm package of each engine. */
export const ENGINE_PACKAGES: Readonly<Record<EmbeddedMajor, string>> = {
  16: "@electric-sql/pglite-16",
  17: "@electric-sql/pglite-17",
  18: "@electric-sql/pglite",
};

/** What is used of an embedded database; the packages of the majors differ in the rest of their types. */
export interface EmbeddedDatabase {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  exec(sql: string): Promise<unknown>;
  dumpDataDir(compression: "none"): Promise<Blob>;
  close(): Promise<void>;
}

interface EmbeddedOptions {
  readonly loadDataDir?: Blob;
  readonly extensions?: Readonly<Record<string, Extension>>;
}

const EVERYWHERE = [
  ...["amcheck", "bloom", "btree_gin", "btree_gist", "citext", "cube", "earthdistance", "fuzzystrmatch", "hstore"],
  ...["isn", "lo", "ltree", "pg_trgm", "seg", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "uuid-ossp"],
];
const SINCE_17 = ["dict_int", "dict_xsyn", "intarray", "pageinspect", "pg_visibility", "pgcrypto", "unaccent"];

/** Extensions that come with each engine as modules below `contrib/`. */
const CONTRIB: Readonly<Record<EmbeddedMajor, ReadonlySet<string>>> = {
  16: new Set(EVERYWHERE),
  17: new Set([...EVERYWHERE, ...SINCE_17]),
  18: new Set([...EVERYWHERE, ...SINCE_17, "moddatetime", "pg_stat_statements"]),
};
/** Extensions with a module of their own, by SQL name. */
const OWN_MODULE: Readonly<Record<EmbeddedMajor, Readonly<Record<string, string>>>> = {
  16: { vector: `${ENGINE_PACKAGES[16]}/vector` },
  17: {
    vector: `${ENGINE_PACKAGES[17]}/vector`,
    pg_hashids: `${ENGINE_PACKAGES[17]}/pg_hashids`,
    pg_uuidv7: `${ENGINE_PACKAGES[17]}/pg_uuidv7`,
    pgtap: `${ENGINE_PACKAGES[17]}/pgtap`,
  },
  18: { vector: "@electric-sql/pglite-pgvector" },
};
const ALWAYS_THERE = "plpgsql";

/** The embedded major that is the target's own, or the nearest to it; the default where the target's is not known. */
export function embeddedMajorFor(target: number | null): EmbeddedMajor {
  if (target === null) return DEFAULT_MAJOR;
  return EMBEDDED_MAJORS.find((major) => major >= target) ?? EMBEDDED_MAJORS.at(-1)!;
}

/** False for an extension that the engine of this major does not have, so that nothing that needs it can be rehearsed there. */
export function hasExtension(major: EmbeddedMajor, extension: string): boolean {
  return extension === ALWAYS_THERE || CONTRIB[major].has(extension) || extension in OWN_MODULE[major];
}

/** Opens an embedded database in memory, with what the named extensions need; those it does not have are passed over. */
export async function openEmbedded(
  major: EmbeddedMajor,
  { loadDataDir, extensions = [] }: { readonly loadDataDir?: Blob; readonly extensions?: Iterable<string> } = {},
): Promise<EmbeddedDatabase> {
  const { PGlite } = (await import(ENGINE_PACKAGES[major])) as {
    PGlite: { create(options: EmbeddedOptions): Promise<EmbeddedDatabase> };
  };
  return await PGlite.create({
    ...(loadDataDir === undefined ? {} : { loadDataDir }),
    extensions: await loadExtensions(major, extensions),
  });
}

/** Version of the embedded engine's package, such as `0.5.14`; a dump of one version is never loaded by another. */
export function engineVersion(major: EmbeddedMajor): string {
  const entry = createRequire(import.meta.url).resolve(ENGINE_PACKAGES[major]);
  const manifest = join(dirname(entry), "..", "package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

async function loadExtensions(major: EmbeddedMajor, names: Iterable<string>): Promise<Record<string, Extension>> {
  const loaded: Record<string, Extension> = {};
  for (const name of names) {
    const identifier = name.replaceAll("-", "_");
    const module = CONTRIB[major].has(name)
      ? `${ENGINE_PACKAGES[major]}/contrib/${identifier}`
      : OWN_MODULE[major][name];
    if (module === undefined) continue;
    loaded[identifier] = ((await import(module)) as Record<string, Extension>)[identifier]!;
  }
  return loaded;
}
