import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";

/** What two schemas differ in beside what is compared: nothing is done about it. */
export interface OutsideDifference {
  readonly object: string;
  readonly what: "owner" | "tablespace";
  /** Null for the database's own tablespace. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Owners and tablespaces that differ between objects of the same name, where they were read of both; only of objects that `shown` has. */
export function outsideDifferences(
  from: SchemaModel,
  to: SchemaModel,
  shown: SchemaModel["objects"],
): OutsideDifference[] {
  if (from.outside === undefined || to.outside === undefined) return [];
  return Object.keys(shown).flatMap((key): OutsideDifference[] => {
    if (from.objects[key] === undefined || to.objects[key] === undefined) return [];
    const [was, is] = [from.outside?.[key] ?? {}, to.outside?.[key] ?? {}];
    return (["owner", "tablespace"] as const).flatMap((what) =>
      was[what] === is[what] ? [] : [{ object: shown[key]!.name, what, from: was[what] ?? null, to: is[what] ?? null }],
    );
  });
}
