import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";

/** Whether an object is an index, or a constraint that one backs. */
export function isIndexLike({ kind, fields }: SchemaObject): boolean {
  return (
    kind === "index" || (kind === "constraint" && ["primary key", "unique", "exclusion"].includes(String(fields.type)))
  );
}
