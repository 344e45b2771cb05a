import { join } from "node:path";
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
    return await keepDump(path, await database.dumpDataDir("none"));
  } finally {
    await database.close();
  }
}
