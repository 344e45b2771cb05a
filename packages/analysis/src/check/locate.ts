import { stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { findHistories } from "../sql/histories/find-histories.ts";
import type { MigrationHistory } from "../sql/histories/history.ts";
import { SourceTree } from "../sql/histories/source-tree.ts";

/** A history in the tree it was found in, and the files of it that were named; null for all of them. */
export interface LocatedHistory {
  readonly tree: SourceTree;
  readonly history: MigrationHistory;
  readonly files: ReadonlySet<string> | null;
}

/**
 * The histories of what was named, files or folders, or of the working folder. Refuses with PATH_NOT_FOUND, with NOT_A_MIGRATION for a
 * named file that no tool applies, and with MIGRATIONS_NOT_FOUND where there is none at all.
 */
export async function locate(cwd: string, paths: readonly string[]): Promise<Outcome<LocatedHistory[]>> {
  const found = new Map<string, LocatedHistory>();
  for (const path of paths.length > 0 ? paths : [""]) {
    const absolute = resolve(cwd, path);
    const kind = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
      throw error;
    });
    if (!kind) return refuse("PATH_NOT_FOUND", `There is no ${path}.`, "Name files or folders that are there.");
    const located = kind.isDirectory() ? await inFolder(absolute, path !== "") : await ofFile(absolute, path);
    if (!located.ok) return located;
    for (const one of located.value) {
      const key = one.tree.absolute(one.history.folder);
      const earlier = found.get(key);
      const files =
        earlier && earlier.files !== null && one.files !== null ? new Set([...earlier.files, ...one.files]) : null;
      found.set(key, earlier ? { ...earlier, files } : one);
    }
  }
  const histories = [...found.values()];
  if (histories.some(({ history }) => history.entries.length > 0 || history.aside.length > 0)) return accept(histories);
  const where = paths.length > 0 ? paths.join(", ") : relative(dirname(cwd), cwd) || cwd;
  return refuse(
    "MIGRATIONS_NOT_FOUND",
    `There is no migration in ${where}.`,
    "Stand in a repository with migrations, or name their folder or files: change-mgmt check db/migrations.",
  );
}

async function inFolder(root: string, named: boolean): Promise<Outcome<LocatedHistory[]>> {
  // A folder of one migration is a part of the history that its siblings make.
  const tree = await SourceTree.list(root);
  const single = named && (tree.has("migration.sql") || tree.has("up.sql"));
  if (single) return ofFile(join(root, tree.has("up.sql") ? "up.sql" : "migration.sql"), root);
  const histories = await findHistories(tree, named);
  return accept(histories.map((history) => ({ tree, history, files: null })));
}

/** The history that a file belongs to; folders above it are tried where its tool keeps each migration, or each direction, in a folder. */
async function ofFile(file: string, named: string): Promise<Outcome<LocatedHistory[]>> {
  for (const up of [1, 0, 2]) {
    let root = dirname(file);
    for (let step = 0; step < up; step++) root = dirname(root);
    const tree = await SourceTree.list(root, 1 + up);
    for (const history of await findHistories(tree, up === 0)) {
      const own = history.entries.some(({ path, down }) =>
        [path, down].some((each) => each !== null && tree.absolute(each) === file),
      );
      if (own) return accept([{ tree, history, files: new Set([file]) }]);
      const aside = history.aside.find(({ path }) => tree.absolute(path) === file);
      if (aside)
        return refuse(
          "NOT_A_MIGRATION",
          `${named} is no migration of ${history.tool}: ${aside.why}.`,
          "Name it as the tool wants it.",
        );
    }
  }
  return refuse(
    "NOT_A_MIGRATION",
    `${named} is not a migration that any known tool would apply.`,
    "Name a .sql file, or a folder.",
  );
}
