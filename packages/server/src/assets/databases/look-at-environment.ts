import { setTimeout as wait } from "node:timers/promises";
import { lookAtTarget } from "@change-mgmt/analysis/introspection/look-at-target.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { TargetLook } from "@change-mgmt/domain/lifecycle/assessment/target-look.ts";
import { sqlStateOf } from "./connection-loss.ts";
import type { TargetEnvironment, TargetSession, Targets } from "./target.ts";

/** One look, or two with a while between them, by which what goes on there is counted. */
export interface Looked {
  readonly look: TargetLook;
  readonly earlier: TargetLook | null;
}

const BETWEEN_MS = 2000;
/** A server that takes a connection and answers nothing any more must not keep whoever waits for the look. */
const LIMIT_MS = 30_000;

/**
 * Looks at the database of an environment, read-only, as `lookAtTarget` does: twice, unless there is an earlier look to go by. Refuses with
 * TARGET_NOT_LOOKED_AT and the refusals of `open`. An embedded database is not opened for it: that would keep a deployment out.
 */
export async function lookAtEnvironment(
  targets: Targets,
  environment: TargetEnvironment,
  relations: readonly string[],
  earlier: TargetLook | null = null,
  between: () => Promise<unknown> = () => wait(BETWEEN_MS),
): Promise<Outcome<Looked>> {
  if (environment.database.startsWith("embedded:")) {
    return refuse(
      "TARGET_NOT_LOOKED_AT",
      `The database of environment "${environment.name}" is embedded: one session at a time has it, so a deployment blocks nobody. How large its tables are is not looked at.`,
      "Look at it yourself where that matters.",
    );
  }
  const opened = await targets.open(environment);
  if (!opened.ok) return opened;
  const session = opened.value;
  const limit = setTimeout(() => void session.close(), LIMIT_MS);
  try {
    const first = earlier ?? (await look(session, relations));
    if (earlier === null) await between();
    return accept({ earlier: first, look: await look(session, relations) });
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === undefined) throw error;
    return refuse(
      "TARGET_NOT_LOOKED_AT",
      `The statistics of environment "${environment.name}" could not be read: ${(error as Error).message} (SQLSTATE ${state}).`,
      "Let its login read the catalog and the statistics (GRANT pg_read_all_stats).",
    );
  } finally {
    clearTimeout(limit);
    await session.close();
  }
}

function look(session: TargetSession, relations: readonly string[]): Promise<TargetLook> {
  return lookAtTarget((text, values) => session.query(text, values), relations);
}
