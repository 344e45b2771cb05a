import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ROOT } from "./folder.ts";

const OWN_SCOPE = "@change-mgmt";

/** A later version of the product, in a folder of its own: the same program, with one more migration of the store. */
export interface LaterVersion {
  /** Main file of its command line. */
  readonly main: string;
  /** Name of the migration. */
  readonly migration: string;
  remove(): void;
}

/** Copies the program, its dependencies left where they are, and adds a migration. */
export function laterVersion(sql: string): LaterVersion {
  const folder = mkdtempSync(join(tmpdir(), "change-mgmt-later-"));
  const migration = "9000_later.sql";
  const leftOut = new Set(["node_modules", "dist"]);
  cpSync(join(ROOT, "packages"), join(folder, "packages"), {
    recursive: true,
    filter: (source) => !leftOut.has(basename(source)),
  });
  for (const name of ["processes", "examples", "package.json"]) symlinkSync(join(ROOT, name), join(folder, name));
  for (const name of readdirSync(join(folder, "packages"))) linkDependencies(folder, name);
  writeFileSync(join(folder, "packages/server/src/storage/migrations", migration), sql);
  return {
    main: join(folder, "packages/cli/src/main.ts"),
    migration,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Links what a package depends on: other packages of the copy, and everything else as it is installed. */
function linkDependencies(folder: string, name: string): void {
  const installed = join(ROOT, "packages", name, "node_modules");
  const linked = join(folder, "packages", name, "node_modules");
  mkdirSync(join(linked, OWN_SCOPE), { recursive: true });
  for (const entry of readdirSync(installed)) {
    if (entry.startsWith(".") || entry === OWN_SCOPE) continue;
    symlinkSync(realpathSync(join(installed, entry)), join(linked, entry));
  }
  for (const own of readdirSync(join(folder, "packages")))
    symlinkSync(join(folder, "packages", own), join(linked, OWN_SCOPE, own));
}
