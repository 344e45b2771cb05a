import { basename, dirname, resolve } from "node:path";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Context } from "../../context.ts";
import { readNamedFile } from "../../files.ts";
import { Stop, type Trouble } from "../../stop.ts";
import { configLines } from "../../workspace/config-lines.ts";

export const command = defineCommand({
  about:
    "The first import sets the workspace up; once a configuration is in force, an approved change has to carry the next.",
  arguments: [{ name: "file", about: "change-mgmt.yaml of the working folder when left out", optional: true }],
  options: [
    { flags: "--change <change>", about: "the approved change that carries this configuration" },
    {
      flags: "--migrations <folder>",
      about: "migrations the databases were built from, on which rehearsals start; found beside the file when left out",
    },
    { flags: "--no-history", about: "hand in no migrations" },
  ],
  examples: [
    "change-mgmt config import",
    "change-mgmt config import change-mgmt.yaml --change=CHG-12",
    "change-mgmt config import --migrations=db/migrations",
  ],
  answers: "config.import",
  parse: (given) => ({
    file: given.optionalWord("file") ?? "change-mgmt.yaml",
    change: given.text("change"),
    migrations: given.text("migrations"),
    history: given.flag("history"),
  }),
  async run(context, { file, change, migrations, history: wanted }) {
    const text = await readNamedFile(context, file);
    const folder = dirname(resolve(context.cwd, file));
    const history = wanted ? await readHistory(context, folder, migrations) : undefined;
    if (history)
      context.say(`With ${history.length} migration${history.length === 1 ? "" : "s"} for rehearsals to start on.`);
    const config = await context.client("config.import", {
      body: { file: basename(file), text, folder, ...(history ? { history } : {}), ...(change ? { change } : {}) },
    });
    return answer(config, configLines);
  },
});

/** The up parts of a repository's migrations in order; undefined where none are found and none were named. */
async function readHistory(context: Context, beside: string, named: string | undefined) {
  const { findMigrations } = await import("@change-mgmt/analysis/sql/find-migrations.ts");
  const { readMigrationFile } = await import("@change-mgmt/analysis/sql/migration-file.ts");
  const found = await findMigrations(named === undefined ? beside : resolve(context.cwd, named));
  if (!found.ok) {
    if (named === undefined && found.refusal.code === "MIGRATIONS_NOT_FOUND") return undefined;
    throw refused(found.refusal);
  }
  const history: { name: string; sql: string }[] = [];
  for (const { path, name, text, companions } of found.value) {
    const file = await readMigrationFile(path, text, companions);
    if (file.ok) history.push({ name, sql: file.value.up });
    else if (file.refusal.code !== "SQL_EMPTY")
      throw refused({ ...file.refusal, place: { file: path, ...file.refusal.place } });
  }
  return history;
}

function refused({ message, ...refusal }: Refusal): Stop {
  return new Stop(1, { ...refusal, detail: message } as Trouble);
}
