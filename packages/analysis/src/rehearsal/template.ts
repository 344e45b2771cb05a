import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

/** Version of the embedded engine, such as `0.5.14`; a dump of one version is never loaded by another. */
export const ENGINE_VERSION: string = engineVersion();

/**
 * An empty database as a data folder dump for `PGlite.create({ loadDataDir })`, which is about ten times faster than initdb.
 * Made once per engine version and kept in `cacheFolder`; processes may call it at the same time.
 */
export async function templateDump(cacheFolder: string): Promise<Blob> {
  const path = join(cacheFolder, `template-pglite-${ENGINE_VERSION}.tar`);
  const known = await openDump(path);
  if (known) return known;
  const database = await PGlite.create();
  try {
    return await keepDump(path, await database.dumpDataDir("none"));
  } finally {
    await database.close();
  }
}

/** A dump in the cache, or null when there is none. */
export async function openDump(path: string): Promise<Blob | null> {
  try {
    return new Blob([await readFile(path)]);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null;
    throw error;
  }
}

/** Writes a dump to the cache so that a reader sees all of it or nothing, and gives it back. */
export async function keepDump(path: string, dump: Blob): Promise<Blob> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(unfinished, dump.stream());
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return dump;
}

function engineVersion(): string {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const manifest = join(dirname(entry), "..", "package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
