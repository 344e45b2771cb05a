import { existsSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { templateFolder } from "@change-mgmt/analysis/rehearsal/template.ts";
import { PGlite } from "@electric-sql/pglite";
import { createPgConfig } from "@electric-sql/pglite/node-postgres";
import { endWithEngine } from "./engine-end.ts";

/** Opens the embedded Postgres in a directory, from a template instead of initdb where it is new. The caller holds the lock. */
export async function openEmbedded(
  folder: string,
  cacheFolder: string,
  say: (line: string) => void,
): Promise<{ config: object; close(): Promise<void> }> {
  // Copying the template is not one step: a folder that was left half filled is begun again.
  const unfinished = `${folder}.unfinished`;
  if (existsSync(unfinished)) rmSync(folder, { recursive: true, force: true });
  const isNew = !existsSync(join(folder, "PG_VERSION"));
  if (isNew) say("preparing the embedded database (once)");
  if (isNew) {
    writeFileSync(unfinished, "");
    await cp(await templateFolder(cacheFolder), folder, { recursive: true });
  }
  const database = await PGlite.create({ dataDir: folder });
  rmSync(unfinished, { force: true });
  endWithEngine(database, folder);
  return { config: createPgConfig(database), close: () => database.close() };
}
