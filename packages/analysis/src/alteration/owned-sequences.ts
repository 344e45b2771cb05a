import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Side } from "./sides.ts";

/** The sequence that belongs to a column. */
export function ownedSequence(side: Side, column: SchemaObject): SchemaObject | undefined {
  const owned = side.childrenOf(`column:${column.name}`).map((key) => side.objects.get(key)!);
  return owned.find((object) => object.kind === "sequence");
}

/** Whether a sequence is the one behind an identity column. */
export function hasIdentity(sequence: SchemaObject, side: Side): boolean {
  return sequence.of !== undefined && side.objects.get(sequence.of)?.fields.identity !== undefined;
}
