import type { CheckReport } from "@change-mgmt/analysis/check/report.ts";
import { runCheck } from "../check/run-check.ts";
import type { Context } from "../context.ts";
import { cannotRun } from "../stop.ts";

/** The migrations of a folder as `check` judges them by what the repository has settled; null where there are none. */
export async function checkMigrations(
  context: Context,
  folder: string,
  { textOnly, cache }: { readonly textOnly: boolean; readonly cache: boolean },
): Promise<CheckReport | null> {
  const checked = await runCheck(context, { folder, textOnly, cache });
  if (checked.ok) return checked.value;
  const { code, message, hint, place } = checked.refusal;
  if (code === "MIGRATIONS_NOT_FOUND") return null;
  throw cannotRun(code, message, hint, place ? { place } : {});
}
