import { objectKey, type SchemaModel, type SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { keyName } from "./identifiers.ts";

/** One of the two schemas, ready to be asked. */
export interface Side {
  readonly objects: ReadonlyMap<string, SchemaObject>;
  /** What an object needs, by keys; defaults under `default:<column>`. */
  needs(key: string): ReadonlySet<string>;
  /** What needs an object. */
  neededBy(key: string): ReadonlySet<string>;
  /** What disappears with an object, directly. */
  childrenOf(key: string): readonly string[];
}

/** Both schemas as the statements between them see them: partitions that are moved stand for themselves in between. */
export interface Sides {
  readonly from: Side;
  readonly to: Side;
  /** Tables that exist in both and leave their parents first. */
  readonly detached: ReadonlySet<string>;
  /** Tables that are put under their parents after they exist: partitions, and tables that come to inherit. */
  readonly attached: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Prepares two models; `remade` tells which tables cannot stay what they are. */
export function makeSides(from: SchemaModel, to: SchemaModel, remade: ReadonlySet<string>): Sides {
  const [before, after] = [new Map(Object.entries(from.objects)), new Map(Object.entries(to.objects))];
  const detached = new Set<string>();
  const attached = new Set<string>();
  const stays = (key: string) => before.has(key) && after.has(key) && !remade.has(key);
  for (const [key, table] of Object.entries(to.objects)) {
    if (table.kind !== "table") continue;
    const isPartition = table.fields.partitionOf !== undefined;
    if (!stays(key)) {
      if (isPartition) attached.add(key);
      continue;
    }
    const old = before.get(key)!;
    const same = JSON.stringify(linkOf(old)) === JSON.stringify(linkOf(table)) && parentsOf(table).every(stays);
    if (same) continue;
    if (parentsOf(old).length > 0) detached.add(key);
    if (parentsOf(table).length > 0) attached.add(key);
  }
  const below = { from: descendants(from), to: descendants(to) };
  for (const [key, object] of Object.entries(from.objects)) {
    if (object.of === undefined) continue;
    const leaves = detached.has(object.of);
    if (leaves && !isClone(object, "trigger")) before.set(key, withoutMarks(object));
    else if (!stays(object.of)) before.set(key, withoutMarks(object));
    // The triggers of a parent go with it, all the way down.
    if (
      isClone(object, "trigger") &&
      [object.of, ...below.from.above(object.of)].some((table) => detached.has(table))
    ) {
      before.delete(key);
    }
  }
  for (const [key, object] of Object.entries(to.objects)) {
    if (object.of === undefined || object.fields.inherited !== true) continue;
    const owners = [object.of, ...below.to.above(object.of)];
    if (!owners.some((table) => attached.has(table))) continue;
    // Attaching brings them, unless they are there already, as foreign keys of what was detached are.
    const there = object.kind === "constraint" && before.has(key) && stays(object.of);
    if ((isClone(object, "trigger") || isClone(object, "foreign key")) && !there) after.delete(key);
    else if (attached.has(object.of)) after.set(key, withoutMarks(object, true));
  }
  return { from: makeSide(before, from), to: makeSide(after, to), detached, attached };
}

/** Keys of the tables a table is a part of or inherits from. */
export function parentsOf(table: SchemaObject): string[] {
  const { partitionOf, inherits } = table.fields;
  const names = typeof partitionOf === "string" ? [partitionOf] : Array.isArray(inherits) ? inherits : [];
  return names.map((name) => objectKey("table", keyName(name)));
}

function linkOf({ fields }: SchemaObject) {
  return [fields.partitionOf ?? null, fields.inherits ?? null, fields.bound ?? null];
}

/** The tables above each table, parents first. */
function descendants({ objects }: SchemaModel): { above(key: string): string[] } {
  const above = (key: string): string[] => {
    const table = objects[key];
    const parents = table?.kind === "table" ? parentsOf(table) : [];
    return [...parents, ...parents.flatMap(above)];
  };
  return { above };
}

/** Whether Postgres made it on a partition because the parent has it. */
function isClone({ kind, fields }: SchemaObject, what: "trigger" | "foreign key"): boolean {
  return fields.inherited === true && (what === "trigger" ? kind === what : fields.type === what);
}

function withoutMarks(object: SchemaObject, keepPartitionOf = false): SchemaObject {
  const { inherited, partitionOf, ...fields } = object.fields;
  if (object.kind === "table") return object;
  if (keepPartitionOf && partitionOf !== undefined) return { ...object, fields: { ...fields, partitionOf } };
  return { ...object, fields };
}

function makeSide(objects: ReadonlyMap<string, SchemaObject>, model: SchemaModel): Side {
  const needs = new Map<string, Set<string>>();
  const neededBy = new Map<string, Set<string>>();
  const children = new Map<string, string[]>();
  const link = (key: string, needed: string) => {
    if (key === needed) return;
    const all = needs.get(key);
    if (all) all.add(needed);
    else needs.set(key, new Set([needed]));
    const back = neededBy.get(needed);
    if (back) back.add(key);
    else neededBy.set(needed, new Set([key]));
  };
  for (const [key, object] of objects) {
    if (object.of === undefined || !objects.has(object.of)) continue;
    const list = children.get(object.of);
    if (list) list.push(key);
    else children.set(object.of, [key]);
    // A sequence exists before the column it comes to belong to.
    if (object.kind !== "sequence") link(key, object.of);
    else link(key, schemaKeyOf(object.name));
  }
  for (const [key, list] of Object.entries(model.dependencies ?? {})) {
    for (const needed of list) {
      if (key.startsWith("sequence:") && needed.startsWith("column:")) continue;
      link(key, needed);
    }
  }
  return {
    objects,
    needs: (key) => needs.get(key) ?? NONE,
    neededBy: (key) => neededBy.get(key) ?? NONE,
    childrenOf: (key) => children.get(key) ?? [],
  };
}

function schemaKeyOf(name: string): string {
  return objectKey("schema", /^(?:"(?:[^"]|"")*"|[^."]+)/.exec(name)![0]);
}
