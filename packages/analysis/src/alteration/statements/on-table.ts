import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { sqlName } from "../identifiers.ts";

/** The relation an object sits on, in SQL and as the model names it. */
export function on(object: SchemaObject): { sql: string; name: string } {
  const name = object.of?.slice(object.of.indexOf(":") + 1) ?? "";
  return { sql: sqlName(name), name };
}
