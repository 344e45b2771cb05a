import { join } from "node:path";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { crossing, crossingsAreWatched } from "../../storage/crossing.ts";
import { openEmbedded, removeEmbedded } from "./embedded-session.ts";
import { openPostgres } from "./postgres-session.ts";
import { resolveReference } from "./reference.ts";
import type { TargetEnvironment, TargetSession, Targets } from "./target.ts";
import { watchedSession } from "./watched-session.ts";

/** `env` holds the variables that environments refer to; `lockWaitMs` is how long to wait for an embedded database in use. */
export interface TargetsOptions {
  readonly dataFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly lockWaitMs?: number;
}

/**
 * Opens targets on Postgres servers (`${NAME}`, resolved at each open) and embedded ones (`embedded:NAME`, a directory
 * below `<dataFolder>/targets` that one session at a time has).
 */
export function createTargets({ dataFolder, env, lockWaitMs = 10_000 }: TargetsOptions): Targets {
  const home = {
    folder: join(dataFolder, "targets"),
    lockWaitMs,
    cacheFolder: join(dataFolder, "cache"),
  };
  return {
    async open(environment: TargetEnvironment): Promise<Outcome<TargetSession>> {
      const location = resolveReference(environment.database, environment.name, env);
      if (!location.ok) return location;
      const { value } = location;
      const opened = await crossing("target.open", () =>
        value.kind === "embedded"
          ? openEmbedded(value.name, environment, home)
          : openPostgres(value.address, environment.name),
      );
      return opened.ok && crossingsAreWatched() ? accept(watchedSession(opened.value)) : opened;
    },
    async remove(environment: TargetEnvironment): Promise<Outcome<true>> {
      const location = resolveReference(environment.database, environment.name, env);
      if (!location.ok || location.value.kind !== "embedded") return location.ok ? accept(true) : location;
      return await removeEmbedded(location.value.name, environment, home);
    },
  };
}
