import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "../alteration.ts";
import { quoted } from "../identifiers.ts";
import { named } from "./comments.ts";

/** Gives an object to whom it belongs afterwards; a sequence of a column goes with its table. */
export function changeOwner(before: SchemaObject, after: SchemaObject): Draft[] {
  const { owner } = after.fields;
  if (owner === before.fields.owner || (after.kind === "sequence" && after.of?.startsWith("column:"))) return [];
  const to = owner === undefined ? "current_user" : quoted(String(owner));
  return [{ sql: `ALTER ${named(after)} OWNER TO ${to};`, does: "gives it another owner" }];
}
