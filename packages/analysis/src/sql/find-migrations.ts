import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { CompanionFile } from "./migration-file.ts";
import { downNames, isDownFile } from "./migration-sections.ts";

/** A migration found on disk, ready for `readMigrationFile(path, text, companions)`. */
export interface FoundMigration {
  readonly path: string;
  readonly name: string;
  readonly text: string;
  readonly companions: readonly CompanionFile[];
}

const USUAL_FOLDERS = ["", "supabase/migrations", "migrations", "db/migrations"];

/**
 * The migrations of a folder in the order in which they are applied: the folder itself, or the usual places below it.
 * Names that all begin with a number are ordered by that number and then by name, others by name alone, as their tools do.
 * Refuses with MIGRATIONS_NOT_FOUND when there is no `.sql` file.
 */
export async function findMigrations(folder: string): Promise<Outcome<FoundMigration[]>> {
  for (const below of USUAL_FOLDERS) {
    const path = join(folder, below);
    const names = await sqlFiles(path);
    if (names.length > 0) return accept(await read(path, names));
  }
  return refuse(
    "MIGRATIONS_NOT_FOUND",
    `There is no migration in ${folder}.`,
    `Name a folder with .sql files in it, or one that has them in ${USUAL_FOLDERS.slice(1).join(", ")}.`,
  );
}

async function sqlFiles(path: string): Promise<string[]> {
  const folder = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  if (!folder?.isDirectory()) return [];
  const entries = await readdir(path, { withFileTypes: true });
  // A folder may be called x.sql too.
  return entries.filter((entry) => !entry.isDirectory() && /\.sql$/i.test(entry.name)).map((entry) => entry.name);
}

async function read(folder: string, names: readonly string[]): Promise<FoundMigration[]> {
  const byLowerName = new Map(names.map((name) => [name.toLowerCase(), name]));
  const ups = names.filter((name) => !isDownFile(name)).sort(inOrderOf(names));
  return Promise.all(
    ups.map(async (name) => {
      const beside = downNames(name).flatMap((down) => byLowerName.get(down.toLowerCase()) ?? []);
      const companions = beside.map(async (down) => ({ name: down, text: await readFile(join(folder, down), "utf8") }));
      return {
        path: join(folder, name),
        name,
        text: await readFile(join(folder, name), "utf8"),
        companions: await Promise.all(companions),
      };
    }),
  );
}

function inOrderOf(names: readonly string[]): (a: string, b: string) => number {
  const versions = new Map(names.map((name) => [name, versionOf(name)]));
  const numbered = [...versions.values()].every((version) => version !== null);
  return (a, b) => {
    const difference = numbered ? compareVersions(versions.get(a)!, versions.get(b)!) : 0;
    return difference !== 0 ? difference : a < b ? -1 : a > b ? 1 : 0;
  };
}

/** The number a name begins with, by parts: `0002_x` → [2], Flyway `V1.10__x` → [1, 10]. */
function versionOf(name: string): bigint[] | null {
  const match = /^[VU]?(\d+(?:[._]\d+)*)(?=__)|^(\d+)/.exec(name);
  const digits = match?.[1] ?? match?.[2];
  return digits === undefined ? null : digits.split(/[._]/).map(BigInt);
}

function compareVersions(a: readonly bigint[], b: readonly bigint[]): number {
  for (let part = 0; part < Math.max(a.length, b.length); part++) {
    const [x, y] = [a[part] ?? 0n, b[part] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
