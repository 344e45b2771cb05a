import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { CompanionFile, MigrationFile } from "@change-mgmt/analysis/sql/migration-file.ts";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";
import type { Context } from "../context.ts";
import { readNamedFile } from "../files.ts";
import { refused } from "../stop.ts";
import type { Artifact } from "./change-types.ts";

type Migration = Extract<Artifact, { kind: "migration" }>;

/**
 * Reads a migration in the conventions of whatever tool it was written for; its down part comes from the named file, else from
 * where the tool keeps it. Stops with the refusal of the file, placed by line and column.
 */
export async function readMigration(context: Context, file: string, down: string | undefined): Promise<Migration> {
  const read = await readOne(context, file, down === undefined ? await companionsOf(context, file) : []);
  const prisma = PRISMA.exec(resolve(context.cwd, file).replaceAll(sep, "/"))?.groups;
  const named = down === undefined ? undefined : await readOne(context, down, [], true);
  return withTool(
    {
      kind: "migration",
      id: "migration",
      name: prisma?.name ?? read.name,
      up: read.up,
      down: named ? named.up : read.down,
      transactional: read.transactional && (named?.transactional ?? true),
    },
    await keptTool(context, file, { ...read, tool: prisma ? "prisma" : read.tool }),
  );
}

/** A folder a migration, which the file is in; the folder's name is that of the migration. */
const PRISMA = /(?<name>\d+_[^/]+\/migration\.sql)$/;

/** The checksums of Flyway and Prisma are over the file as it stands, which a file with BEGIN and COMMIT taken off is no longer. */
async function keptTool(context: Context, file: string, { tool, up }: { tool: string; up: string }): Promise<string> {
  // Others name their pairs of files as golang-migrate does, and its ledger allows only the newest to be taken back.
  if (tool === "golang-migrate") return "plain";
  const title = { flyway: "Flyway", prisma: "Prisma" }[tool];
  if (title === undefined || up === (await readNamedFile(context, file))) return tool;
  context.say(
    `${file}: its BEGIN and COMMIT are taken off, so ${title}'s checksum would not fit; its ledger is not kept.`,
  );
  return "plain";
}

/** The tool goes along only where the interface knows it: those whose ledger a deployment keeps too. */
async function withTool(migration: Migration, tool: string): Promise<Migration> {
  const { Artifact: schema } = await import("@change-mgmt/api/changes.ts");
  const known = schema.safeParse({ ...migration, tool });
  return known.success ? (known.data as Migration) : migration;
}

async function readOne(context: Context, file: string, companions: readonly CompanionFile[], mayBeEmpty = false) {
  const { readMigrationFile } = await import("@change-mgmt/analysis/sql/migration-file.ts");
  const text = await readNamedFile(context, file);
  // The whole path tells the tool where the file's own name does not.
  const path = resolve(context.cwd, file);
  const read = await readMigrationFile(path, text, companions);
  if (read.ok) return read.value;
  if (mayBeEmpty && read.refusal.code === "SQL_EMPTY")
    return {
      name: basename(file),
      up: text,
      down: null,
      transactional: true,
      tool: "plain",
    } satisfies Partial<MigrationFile>;
  throw refused(placedAt(read.refusal, path, file));
}

async function companionsOf(context: Context, file: string): Promise<CompanionFile[]> {
  const { downNames } = await import("@change-mgmt/analysis/sql/migration-sections.ts");
  const folder = dirname(resolve(context.cwd, file));
  const found = await Promise.all(
    downNames(file).map(async (name) => {
      const text = await readFile(join(folder, name), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" || error.code === "EISDIR") return undefined;
        throw error;
      });
      return text === undefined ? [] : [{ name, text }];
    }),
  );
  return found.flat();
}

/** Names the file as it was typed. */
function placedAt(refusal: Refusal, path: string, file: string): Refusal {
  if (refusal.place === undefined) return { ...refusal, place: { file } };
  return refusal.place.file === path ? { ...refusal, place: { ...refusal.place, file } } : refusal;
}
