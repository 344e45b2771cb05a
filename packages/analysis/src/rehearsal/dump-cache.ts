import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** How many base states are kept, about 40 MB each. */
const KEPT_BASES = 8;

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

/** Keeps the dump of a base state under its key, and of all base states only the newest. */
export async function keepBase(cacheFolder: string, key: string, dump: Blob): Promise<Blob> {
  const kept = await keepDump(pathOf(cacheFolder, key), dump);
  await forgetOldBases(cacheFolder);
  return kept;
}

/** Whether the base state of a key is kept. */
export async function hasBase(cacheFolder: string, key: string): Promise<boolean> {
  const there: readonly string[] = await readdir(cacheFolder).catch(nothing);
  return there.includes(nameOf(key));
}

/** The last of the given keys of which there is a base state, with its dump; null when there is none. */
export async function latestBase(
  cacheFolder: string,
  keys: readonly string[],
): Promise<{ readonly index: number; readonly dump: Blob } | null> {
  const there = new Set(await readdir(cacheFolder).catch(nothing));
  for (let index = keys.length - 1; index >= 0; index--) {
    const path = pathOf(cacheFolder, keys[index]!);
    if (!there.has(nameOf(keys[index]!))) continue;
    const dump = await openDump(path);
    if (!dump) continue;
    // What was used last counts as new, so that the oldest to be forgotten is the one longest unused.
    await utimes(path, new Date(), new Date()).catch(nothing);
    return { index, dump };
  }
  return null;
}

function nameOf(key: string): string {
  return `base-${key}.tar`;
}

function pathOf(cacheFolder: string, key: string): string {
  return join(cacheFolder, nameOf(key));
}

/** Another process may be removing the same ones. */
async function forgetOldBases(cacheFolder: string): Promise<void> {
  const names = (await readdir(cacheFolder)).filter((name) => /^base-.*\.tar$/.test(name));
  const dated = await Promise.all(
    names.map(async (name) => {
      const path = join(cacheFolder, name);
      const found = await stat(path).catch(nothing);
      return { path, at: found && "mtimeMs" in found ? found.mtimeMs : 0 };
    }),
  );
  const old = dated.sort((a, b) => b.at - a.at).slice(KEPT_BASES);
  for (const { path } of old) await rm(path, { force: true });
}

/** What is not there, or was removed by another process in the meantime, is none. */
function nothing(error: NodeJS.ErrnoException): never[] {
  if (error.code !== "ENOENT") throw error;
  return [];
}
