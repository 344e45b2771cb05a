import { objectKey, qualifiedName, type SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { nameParts } from "./identifiers.ts";
import { parentsOf, type Side, type Sides } from "./sides.ts";

/** What parents do for their children: statements on a parent reach columns, checks, triggers and indexes of those that stay under it. */
export class Inheritance {
  readonly #sides: Sides;

  constructor(sides: Sides) {
    this.#sides = sides;
  }

  /** The object of a parent that an inherited one comes from. */
  counterpart(side: Side, object: SchemaObject): SchemaObject | undefined {
    const table = object.of === undefined ? undefined : side.objects.get(object.of);
    if (table?.kind !== "table") return undefined;
    const name = nameParts(object.name).at(-1)!;
    for (const parent of parentsOf(table)) {
      const key = objectKey(object.kind, qualifiedName(...nameParts(parent.slice("table:".length)), name));
      const found = side.objects.get(key);
      if (found) return found;
    }
    return undefined;
  }

  keyOf(object: SchemaObject): string {
    return objectKey(object.kind, object.name);
  }

  /** True for what came from a parent and whose table stays under that parent all the way. */
  keptInherited(side: Side, object: SchemaObject): boolean {
    const { detached, attached, to } = this.#sides;
    if (object.fields.inherited !== true || object.of === undefined) return false;
    if (detached.has(object.of) || attached.has(object.of)) return false;
    // A new table that inherits is made with what it inherits.
    return (side === to || to.objects.has(object.of)) && this.counterpart(side, object) !== undefined;
  }

  /** The key of what an object of `from` falls with because it is a part of it. */
  keptParent(object: SchemaObject): string | undefined {
    const { from, detached } = this.#sides;
    if (object.of !== undefined && detached.has(object.of)) return undefined;
    if (typeof object.fields.partitionOf === "string") {
      if (object.kind !== "table") return this.indexParentKey(object);
      return undefined;
    }
    if (object.fields.inherited !== true) return undefined;
    const parent = this.counterpart(from, object);
    return parent === undefined ? undefined : this.keyOf(parent);
  }

  /** The key of the index or constraint that an index or constraint of a partition is a part of. */
  indexParentKey(object: SchemaObject): string {
    return objectKey(object.kind, qualifiedName(...nameParts(String(object.fields.partitionOf))));
  }
}
