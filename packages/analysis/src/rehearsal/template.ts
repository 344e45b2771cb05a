import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { keepDump, openDump } from "./dump-cache.ts";
import { DEFAULT_MAJOR, type EmbeddedMajor, engineVersion, openEmbedded } from "./embedded-majors.ts";

/** Version of the embedded engine that stores and embedded targets run on. */
export const ENGINE_VERSION: string = engineVersion(DEFAULT_MAJOR);

/**
 * An empty database as a data folder dump for `PGlite.create({ loadDataDir })`, which is about ten times faster than initdb.
 * Made once per engine version and kept in `cacheFolder`; processes may call it at the same time.
 */
export async function templateDump(cacheFolder: string, major: EmbeddedMajor = DEFAULT_MAJOR): Promise<Blob> {
  const path = join(cacheFolder, `template-pglite-${engineVersion(major)}.tar`);
  const known = await openDump(path);
  if (known) return known;
  const database = await openEmbedded(major);
  try {
    await database.exec("checkpoint");
    return await keepDump(path, await database.dumpDataDir("none"));
  } finally {
    await database.close();
  }
}

/**
 * The same as a folder to be copied, for a database on disk: a copy takes a tenth of the time that the engine takes to unpack a dump.
 * Made once per engine version and kept in `cacheFolder`; processes may call it at the same time. Nobody opens the folder itself.
 */
export async function templateFolder(cacheFolder: string): Promise<string> {
  const path = join(cacheFolder, `template-pglite-${ENGINE_VERSION}`);
  if (existsSync(path)) return path;
  await mkdir(cacheFolder, { recursive: true });
  const draft = await mkdtemp(`${path}.`);
  try {
    const dataDir = join(draft, "database");
    const database = await PGlite.create({ dataDir, loadDataDir: await templateDump(cacheFolder) });
    await database.close();
    await rename(dataDir, path);
  } catch (error) {
    // Somebody else was first; theirs is as good.
    if (!existsSync(path)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return path;
}
