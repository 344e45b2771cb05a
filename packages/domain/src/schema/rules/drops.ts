import type { ActionThat } from "./actions.ts";
import { full, shown } from "./migration.ts";
import type { At, Found } from "./rule.ts";

/** One finding for each object of these kinds that is dropped for good: not new in this file, and not made again in it. */
export function dropped(
  objects: readonly string[],
  { object, names }: ActionThat<"drop">,
  { migration, statement }: At,
  words: (name: string) => string,
): Found[] {
  if (!objects.includes(object)) return [];
  const relations = ["table", "view", "materialized view", "sequence", "foreign table"].includes(object);
  return names
    .filter((name) => !(relations ? migration.isNew(name, statement) : migration.isNewObject(name, statement)))
    .filter((name) => object === "table" || !migration.isMadeLater(name, statement))
    .map((name) => ({
      message: words(shown(name)),
      breaking: true,
      objects: object === "schema" || object === "extension" ? [name.name] : [full(name)],
    }));
}
