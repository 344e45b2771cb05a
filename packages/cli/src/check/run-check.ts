import { join } from "node:path";
import type { CheckReport } from "@change-mgmt/analysis/check/report.ts";
import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Context } from "../context.ts";
import { readNamedFile } from "../files.ts";
import { cannotRun } from "../stop.ts";
import { openCacheFolder } from "./cache-folder.ts";
import { readCheckSettings } from "./check-settings.ts";
import { liveAddress } from "./live-address.ts";

/** How many migrations of a history are rehearsed one by one unless more are asked for. */
export const NEWEST = 30;

/** What is wanted of a check; what is null or left out is as the repository has settled it, or usual. */
export interface CheckWishes {
  /** Absolute. */
  readonly folder: string;
  readonly textOnly: boolean;
  /** Whether anything is kept in the user's cache folder. */
  readonly cache: boolean;
  readonly paths?: readonly string[];
  readonly base?: string | null;
  readonly newest?: number | null;
  /** File of known findings; `nothing` for what is to become one. */
  readonly baseline?: string | { readonly nothing: true } | null;
  readonly postgres?: number | null;
  readonly propose?: boolean;
  readonly against?: string | null;
}

/** Judges the migrations of a folder, by the settings of its repository; refused as `check` of the analysis is. */
export async function runCheck(context: Context, wishes: CheckWishes): Promise<Outcome<CheckReport>> {
  const { check } = await import("@change-mgmt/analysis/check/check.ts");
  const { folder, paths = [], baseline, against = null } = wishes;
  const settings = await readCheckSettings({ cwd: folder });
  const live = against === null ? null : await liveAddress(context, against);
  const cache = await openCacheFolder(context, wishes.cache);
  try {
    return await check({
      cwd: folder,
      paths: paths.length > 0 ? paths : (settings.paths ?? []),
      textOnly: wishes.textOnly,
      base: wishes.base ?? null,
      newest: wishes.newest ?? settings.newest ?? NEWEST,
      baseline:
        typeof baseline === "object" && baseline !== null
          ? null
          : await knownFindings(folder, baseline ?? settings.baseline ?? null),
      targetMajor: wishes.postgres ?? settings.postgres ?? null,
      rules: settings.rules ?? {},
      server: context.env.SHADOW_DATABASE_URL || null,
      cacheFolder: join(cache.path, "rehearsal"),
      textCache: wishes.cache ? join(cache.path, "texts") : null,
      ...(wishes.propose === undefined ? {} : { propose: wishes.propose }),
      ...(live === null ? {} : { against: live }),
      statementMs: 30_000,
      totalMs: 300_000,
      passing: true,
      recordScripts: async (task) => (await import("./scripts/record-scripts.ts")).recordScripts(task),
      onProgress: (sentence) => {
        if (context.isTerminal) context.say(context.page.colours.dim(sentence));
      },
    });
  } finally {
    await cache.end();
  }
}

async function knownFindings(folder: string, file: string | null) {
  if (file === null) return null;
  const { readBaseline } = await import("@change-mgmt/analysis/check/baseline.ts");
  const read = readBaseline(await readNamedFile({ cwd: folder }, file), file);
  if (read.ok) return read.value;
  const { message, hint, code, place } = read.refusal;
  throw cannotRun(code, message, hint, place ? { place } : {});
}
