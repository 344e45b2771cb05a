import { join } from "node:path";
import type { CheckReport } from "@change-mgmt/analysis/check/report.ts";
import { openCacheFolder } from "../check/cache-folder.ts";
import { readCheckSettings } from "../check/check-settings.ts";
import type { Context } from "../context.ts";
import { readNamedFile } from "../files.ts";
import { cannotRun } from "../stop.ts";

/** How many migrations of a history are rehearsed one by one unless the repository says. */
const NEWEST = 30;

/** The migrations of a folder as `check` judges them by what the repository has settled; null where there are none. */
export async function checkMigrations(
  context: Context,
  folder: string,
  { textOnly, cache: wanted }: { readonly textOnly: boolean; readonly cache: boolean },
): Promise<CheckReport | null> {
  const { check } = await import("@change-mgmt/analysis/check/check.ts");
  const settings = await readCheckSettings({ cwd: folder });
  const cache = await openCacheFolder(context, wanted);
  try {
    const checked = await check({
      cwd: folder,
      paths: settings.paths ?? [],
      textOnly,
      base: null,
      newest: settings.newest ?? NEWEST,
      baseline: await knownFindings(folder, settings.baseline),
      targetMajor: settings.postgres ?? null,
      rules: settings.rules ?? {},
      server: context.env.SHADOW_DATABASE_URL || null,
      cacheFolder: join(cache.path, "rehearsal"),
      textCache: wanted ? join(cache.path, "texts") : null,
      statementMs: 30_000,
      totalMs: 300_000,
      passing: true,
      recordScripts: async (task) => (await import("../check/scripts/record-scripts.ts")).recordScripts(task),
      onProgress: (sentence) => {
        if (context.isTerminal) context.say(context.page.colours.dim(sentence));
      },
    });
    if (checked.ok) return checked.value;
    const { code, message, hint, place } = checked.refusal;
    if (code === "MIGRATIONS_NOT_FOUND") return null;
    throw cannotRun(code, message, hint, place ? { place } : {});
  } finally {
    await cache.end();
  }
}

async function knownFindings(folder: string, file: string | undefined) {
  if (file === undefined) return null;
  const { readBaseline } = await import("@change-mgmt/analysis/check/baseline.ts");
  const read = readBaseline(await readNamedFile({ cwd: folder }, file), file);
  if (read.ok) return read.value;
  const { code, message, hint, place } = read.refusal;
  throw cannotRun(code, message, hint, place ? { place } : {});
}
