import { type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { BaseNotRehearsable } from "../rehearsal/base-files.ts";
import { embeddedMajorFor } from "../rehearsal/embedded-majors.ts";
import { embeddedSource } from "../rehearsal/embedded-source.ts";
import type { Engine } from "../rehearsal/engine.ts";
import type { BaseFile } from "../rehearsal/report.ts";

/** What a disposable database is made of. */
export interface DisposableBase {
  readonly texts: readonly BaseFile[];
  readonly cacheFolder: string;
  /** The major version wanted, or null; the nearest embedded one is taken. */
  readonly major: number | null;
}

/** Runs something on a disposable database that the texts were applied to; refuses with SCHEMA_NOT_BUILT where they cannot be. */
export async function onDisposable<T>(
  { texts, cacheFolder, major }: DisposableBase,
  use: (engine: Engine) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  let engine: Engine;
  try {
    const onStatement = () => undefined;
    const source = await embeddedSource({
      major: embeddedMajorFor(major),
      base: texts,
      texts: [],
      cacheFolder,
      onStatement,
    });
    engine = await source.open([]);
  } catch (error) {
    if (!(error instanceof BaseNotRehearsable)) throw error;
    const hint = "Correct what it names, or compare with a database that has the schema.";
    return refuse("SCHEMA_NOT_BUILT", `The schema could not be built here: ${error.message}.`, hint);
  }
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}
