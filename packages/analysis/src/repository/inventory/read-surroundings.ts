import { existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { locate } from "../../check/locate.ts";
import { folderOf } from "../packages.ts";
import type { RepositoryReader } from "../reader.ts";
import type { Surroundings } from "./draft-workspace.ts";

const OWNERS = ["CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"];
const DEEPEST_BOARD = 4;

/** Reads of a repository on disk what its folders and settings show: boards, owners, migrations, names of databases, the version of Postgres. */
export async function readSurroundings(
  root: string,
  reader: RepositoryReader,
  readText: (file: string) => Promise<string>,
): Promise<Surroundings> {
  const owners = OWNERS.find((file) => existsSync(join(root, file)));
  const located = await locate(root, []);
  const histories = located.ok ? located.value : [];
  return {
    name: basename(root),
    boards: boardsIn(root, reader),
    owners: owners === undefined ? null : { file: owners, text: await readText(owners) },
    migrations: histories.map(({ tree, history: { tool, folder, entries, foreign } }) => ({
      tool,
      folder: relative(root, tree.absolute(folder)).replaceAll("\\", "/") || ".",
      count: entries.length,
      foreign,
    })),
    databases: databasesIn(reader),
    postgres: postgresIn(reader),
  };
}

function boardsIn(root: string, { files }: RepositoryReader): string[] {
  const folders = new Set<string>([""]);
  for (const file of files) for (let at = folderOf(file); at !== ""; at = folderOf(at)) folders.add(at);
  return [...folders]
    .filter((folder) => folder.split("/").length <= DEEPEST_BOARD && existsSync(join(root, folder, ".component-board")))
    .sort();
}

/** Names of variables only: what a sample holds as their value is nobody's business. */
function databasesIn(reader: RepositoryReader): Surroundings["databases"] {
  const samples = reader.files.filter((file) => /(?:^|\/)\.env\.(?:example|sample|template|dist)$/.test(file));
  return samples.flatMap((file) => {
    const read = reader.read(file);
    const text = "text" in read ? read.text : "";
    return [
      ...text.matchAll(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*DATABASE_URL|DATABASE_URL|[A-Z][A-Z0-9_]*_DB_URL)\s*=/gm),
    ].map(([, variable]) => ({ variable: variable!, file }));
  });
}

function postgresIn(reader: RepositoryReader): number | null {
  const found = (pattern: RegExp, mark: RegExp) => {
    for (const file of reader.files.filter((each) => pattern.test(each))) {
      const read = reader.read(file);
      const version = "text" in read ? mark.exec(read.text)?.[1] : undefined;
      if (version !== undefined) return Number(version);
    }
    return null;
  };
  return (
    found(/(?:^|\/)supabase\/config\.toml$/, /^\s*major_version\s*=\s*(\d+)/m) ??
    found(/(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/, /image:\s*["']?(?:[\w./-]*\/)?postgres:(\d+)/)
  );
}
