import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../io.ts";

/** Where states of rehearsals and what was read of texts are kept: the user's cache folder, or a passing one that `end` removes. */
export interface CacheFolder {
  readonly path: string;
  end(): Promise<void>;
}

/** The cache folder of the user, or a passing one where none is wanted or the user's cannot be written. */
export async function openCacheFolder({ env }: Pick<Io, "env">, wanted: boolean): Promise<CacheFolder> {
  const path = join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "change-mgmt");
  if (wanted) {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
      return { path, end: async () => undefined };
    } catch (error) {
      if (!/^(?:EACCES|EPERM|EROFS|ENOTDIR|ENOSPC|ENOENT)$/.test((error as NodeJS.ErrnoException).code ?? ""))
        throw error;
    }
  }
  const passing = await mkdtemp(join(tmpdir(), "change-mgmt-check-"));
  return { path: passing, end: () => rm(passing, { recursive: true, force: true }) };
}
