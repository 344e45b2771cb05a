import type { SchemaSource } from "@change-mgmt/analysis/alteration/schema-source.ts";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";
import type { Context } from "../context.ts";
import { cannotRun, Stop } from "../stop.ts";

/** Reads the schemas that a line names, at the same time; stops with exit code 2 for a path that is not there and 3 for what cannot be read. */
export async function readSources(
  context: Context,
  names: readonly string[],
  cacheFolder: string,
): Promise<SchemaSource[]> {
  const { readSchemaSource } = await import("@change-mgmt/analysis/alteration/schema-source.ts");
  const options = { cwd: context.cwd, cacheFolder };
  const read = await Promise.all(names.map((name) => readSchemaSource(name, options)));
  return read.map((one) => {
    if (one.ok) return one.value;
    throw stopped(one.refusal);
  });
}

function stopped({ code, message, hint, place }: Refusal): Stop {
  if (code === "PATH_NOT_FOUND") return new Stop(2, { code, detail: message, hint });
  return cannotRun(code, message, hint, place ? { place } : {});
}
