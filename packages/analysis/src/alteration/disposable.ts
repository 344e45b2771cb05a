import { type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { BaseNotRehearsable } from "../rehearsal/base-files.ts";
import { buildBase } from "../rehearsal/build-base.ts";
import { embeddedMajorFor } from "../rehearsal/embedded-majors.ts";
import { embeddedSource } from "../rehearsal/embedded-source.ts";
import type { Engine } from "../rehearsal/engine.ts";
import type { BaseFile, RehearsalLimits } from "../rehearsal/report.ts";

/** What a disposable database is made of. */
export interface DisposableBase {
  readonly texts: readonly BaseFile[];
  readonly cacheFolder: string;
  /** The major version wanted, or null; the nearest embedded one is taken. */
  readonly major: number | null;
  /** What applying the texts may take, as for a rehearsal; its defaults unless said. */
  readonly limits?: RehearsalLimits;
}

/**
 * Runs something on a disposable database that the texts were applied to; refuses with SCHEMA_NOT_BUILT where they cannot be. They are applied
 * in a process of their own, which is ended at its limits.
 */
export async function onDisposable<T>(
  { texts, cacheFolder, major, limits }: DisposableBase,
  use: (engine: Engine) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const base = { major: embeddedMajorFor(major), base: texts, texts: [], cacheFolder };
  const unbuilt = await buildBase(base, limits);
  if (unbuilt !== null) return notBuilt(unbuilt);
  let engine: Engine;
  try {
    const source = await embeddedSource({ ...base, onStatement: () => undefined });
    engine = await source.open([]);
  } catch (error) {
    if (!(error instanceof BaseNotRehearsable)) throw error;
    return notBuilt(error.message);
  }
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

function notBuilt(reason: string): Outcome<never> {
  const hint = "Correct what it names, or compare with a database that has the schema.";
  return refuse("SCHEMA_NOT_BUILT", `The schema could not be built here: ${reason}.`, hint);
}
