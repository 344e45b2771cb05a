import type { SchemaSource } from "@change-mgmt/analysis/alteration/schema-source.ts";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";
import type { Context } from "../context.ts";
import { cannotRun, Stop } from "../stop.ts";

/**
 * Reads the schemas that a line names; stops with exit code 2 for a path that is not there and 3 for what cannot be read. SQL and migrations
 * are run on the major version that a database or snapshot beside them has.
 */
export async function readSources(
  context: Context,
  names: readonly string[],
  cacheFolder: string,
): Promise<SchemaSource[]> {
  const { isReadAsItIs, readSchemaSource } = await import("@change-mgmt/analysis/alteration/schema-source.ts");
  const { majorOf } = await import("@change-mgmt/analysis/alteration/major.ts");
  const found = new Map<string, Promise<SchemaSource>>();
  const read = (name: string, major: number | null) =>
    readSchemaSource(name, { cwd: context.cwd, cacheFolder, major }).then((one) => {
      if (one.ok) return one.value;
      throw stopped(one.refusal);
    });
  const asTheyAre = names.filter(isReadAsItIs);
  for (const name of asTheyAre) found.set(name, read(name, null));
  const [known] = await Promise.all(found.values());
  const major = known === undefined ? null : majorOf(known.model.serverVersion);
  for (const name of names) if (!found.has(name)) found.set(name, read(name, major));
  return Promise.all(names.map((name) => found.get(name)!));
}

function stopped({ code, message, hint, place }: Refusal): Stop {
  if (code === "PATH_NOT_FOUND") return new Stop(2, { code, detail: message, hint });
  return cannotRun(code, message, hint, place ? { place } : {});
}
