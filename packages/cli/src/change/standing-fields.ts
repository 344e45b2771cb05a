import { suggest } from "@change-mgmt/domain/process/suggestion.ts";
import type { Context } from "../context.ts";
import { refused } from "../stop.ts";

/** What the form of a standard change is filled in with, itself among it. Stops with STANDING_UNKNOWN where the catalogue has none of the id. */
export async function standingFields(
  context: Context,
  process: string | undefined,
  id: string,
): Promise<Record<string, unknown>> {
  const name = process ?? (await context.client("config.get")).process;
  const { items } = await context.client("processes.standing", { params: { name } });
  const entry = items.find((one) => one.id === id);
  if (entry !== undefined) return { ...entry.fields, standing: id };
  throw refused({
    code: "STANDING_UNKNOWN",
    message: `The process ${name} has no standard change "${id}".`,
    hint: suggest(
      id,
      items.map((one) => one.id),
    ),
  });
}
