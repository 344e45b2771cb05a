import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { AlterationStep } from "../alteration.ts";
import { on } from "./on-table.ts";

/** The strongest lock there is, on a table. */
export function exclusive(relation: string): NonNullable<AlterationStep["lock"]> {
  return { relation, mode: "AccessExclusiveLock" };
}

export function share(object: SchemaObject, mode: string): AlterationStep["lock"] {
  return { relation: on(object).name, mode };
}
