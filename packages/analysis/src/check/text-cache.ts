import { hash, randomUUID } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What was read from the texts of one history before, so that a text that has not changed is not read again. */
export interface TextCache<T> {
  get(key: string): T | undefined;
  set(key: string, read: T): void;
  /** Keeps what this run used, and forgets the rest of this history and the histories longest unused. */
  save(): Promise<void>;
}

/** How many histories are kept. */
const MOST_HISTORIES = 64;

/** Opens the cache of what is read of a history, known by its absolute folder; `what` tells one reading from another. What cannot be read counts as nothing. */
export async function openTextCache<T>(cacheFolder: string, history: string, what: string): Promise<TextCache<T>> {
  const path = join(cacheFolder, `${hash("sha256", `${codeState()}\n${what}\n${history}`).slice(0, 32)}.json`);
  const known = await readKnown<T>(path);
  const used = new Map<string, T>();
  let fresh = false;
  return {
    get(key) {
      const read = known.get(key);
      if (read !== undefined) used.set(key, read);
      return read;
    },
    set(key, read) {
      fresh = true;
      used.set(key, read);
    },
    async save() {
      if (!fresh) return;
      await mkdir(cacheFolder, { recursive: true });
      const unfinished = `${path}.${randomUUID()}.part`;
      try {
        await writeFile(unfinished, JSON.stringify([...used]));
        await rename(unfinished, path);
      } finally {
        await rm(unfinished, { force: true });
      }
      await forgetOld(cacheFolder);
    },
  };
}

async function readKnown<T>(path: string): Promise<ReadonlyMap<string, T>> {
  try {
    const known = new Map(JSON.parse(await readFile(path, "utf8")) as [string, T][]);
    // What is used counts as new, so that the oldest to be forgotten is the one longest unused.
    await utimes(path, new Date(), new Date());
    return known;
  } catch (error) {
    // A missing, cut or foreign file is no cache; it is written anew.
    if (error instanceof SyntaxError || error instanceof TypeError) return new Map();
    if (/^(?:ENOENT|EACCES|EPERM|EROFS)$/.test((error as NodeJS.ErrnoException).code ?? "")) return new Map();
    throw error;
  }
}

async function forgetOld(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  if (names.length <= MOST_HISTORIES) return;
  const dated = await Promise.all(
    names.map(async (name) => {
      // Another process may be forgetting the same one.
      const at = await stat(join(folder, name))
        .then(({ mtimeMs }) => mtimeMs)
        .catch(() => 0);
      return { path: join(folder, name), at };
    }),
  );
  for (const { path } of dated.sort((a, b) => b.at - a.at).slice(MOST_HISTORIES)) await rm(path, { force: true });
}

/** What changes whenever the code that reads and judges does: size and time of its files. */
function codeState(): string {
  const folders = ["../sql", "../check", "../../node_modules/@change-mgmt/domain/src/schema"];
  return folders
    .map((folder) => join(import.meta.dirname, folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
        if (!entry.isFile()) return [];
        const { size, mtimeMs } = statSync(join(entry.parentPath, entry.name));
        return [`${entry.name}:${size}:${mtimeMs}`];
      }),
    )
    .join("\n");
}
