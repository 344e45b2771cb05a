import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { openCacheFolder } from "../../check/cache-folder.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Context } from "../../context.ts";
import { onePiece, writeWhole } from "../../files.ts";
import { type PlanDocument, planDocument } from "../../schema/plan-document.ts";
import { planLines } from "../../schema/plan-lines.ts";
import { cannotRun, Stop } from "../../stop.ts";

interface Input {
  readonly file: string;
  readonly out: string | null;
  readonly postgres: number | null;
  readonly cache: boolean;
}

export const command = defineCommand<Input>({
  about: `Plans a migration that breaks what old code relies on as several, between which code is deployed: one adds beside what is there and keeps old and new in step by triggers, one fills in what exists, in batches that can be stopped and run again, one takes away what only old code needed. Each is rehearsed with its way back, and the last leads to the schema that the migration itself gives.
FILE is one migration of any tool that check knows; those before it make the schema to begin with. What cannot be planned is named. Nothing is written without --out.
Exit code 0 with a plan that held in rehearsal or where nothing breaks, 1 otherwise, 3 when it could not be tried.`,
  arguments: [{ name: "file", about: "the migration" }],
  options: [
    {
      flags: "--out <folder>",
      about: "write each migration and its way back into this folder, as .up.sql and .down.sql",
    },
    { flags: "--postgres <major>", about: "the major version of Postgres that the migration is for, such as 15" },
    { flags: "--no-cache", about: "keep nothing in the user's cache folder and use nothing of it" },
  ],
  examples: [
    "change-mgmt schema plan db/migrations/0042_rename_nick.up.sql",
    "change-mgmt schema plan db/migrations/0042_rename_nick.up.sql --out=plan",
    "change-mgmt schema plan db/migrations/0043_split_name.sql --postgres=15 --json",
  ],
  offline: true,
  parse: (given) => ({
    file: given.word("file"),
    out: given.text("out") ?? null,
    postgres: given.whole("postgres", 9, 99) ?? null,
    cache: given.flag("cache"),
  }),
  async run(context, input) {
    const cache = await openCacheFolder(context, input.cache);
    try {
      const document = await plan(context, input, join(cache.path, "rehearsal"));
      if (input.out !== null) await write(context, input.out, document);
      return answer(document, planLines, document.ok ? 0 : 1);
    } finally {
      await cache.end();
    }
  },
});

async function plan(context: Context, { file, postgres }: Input, cacheFolder: string): Promise<PlanDocument> {
  const { planFile } = await import("@change-mgmt/analysis/expand-contract/plan-file.ts");
  const limits = { statementMs: 30_000, totalMs: 300_000 };
  const planned = await planFile({ cwd: context.cwd, path: file, cacheFolder, major: postgres, ...limits });
  if (planned.ok) return planDocument(file, stemOf(file), planned.value);
  const { code, message, hint, place } = planned.refusal;
  if (code === "PATH_NOT_FOUND") throw new Stop(2, { code, detail: message, hint });
  throw cannotRun(code, message, hint, place ? { place } : {});
}

/** What the files of a plan are called after: the migration, or its folder where that has the name. */
function stemOf(file: string): string {
  const name = basename(file).replace(/(?:\.(?:up|down))?\.sql$/, "");
  return ["migration", "up"].includes(name) ? basename(join(file, "..")) : name;
}

async function write(context: Context, folder: string, { migrations }: PlanDocument): Promise<void> {
  if (migrations.length === 0) return;
  await mkdir(resolve(context.cwd, folder), { recursive: true });
  for (const { name, up, down, transactional, codeBefore } of migrations) {
    const head = [...codeBefore, ...(transactional ? [] : ["Runs outside a transaction."])].map(
      (line) => `-- ${line}\n`,
    );
    await writeWhole(context, join(folder, `${name}.up.sql`), onePiece(`${head.join("")}${up}`), 0o644);
    await writeWhole(context, join(folder, `${name}.down.sql`), onePiece(down), 0o644);
  }
  context.say(`${folder} now holds ${migrations.length} migrations, each with its way back.`);
}
