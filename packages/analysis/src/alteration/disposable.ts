import { type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { BaseNotRehearsable, type Engine, engineSource } from "../rehearsal/engine.ts";

/** Runs something on a disposable database that the texts were applied to; refuses with SCHEMA_NOT_BUILT where they cannot be. */
export async function onDisposable<T>(
  texts: readonly { readonly name: string; readonly sql: string }[],
  cacheFolder: string,
  use: (engine: Engine) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  let engine: Engine;
  try {
    engine = await (await engineSource(texts, [], cacheFolder, () => undefined)).open();
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
