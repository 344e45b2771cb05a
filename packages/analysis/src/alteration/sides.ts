import { sameValue } from "@change-mgmt/domain/schema/fields.ts";
import { type ObjectKind, objectKey, type SchemaModel, type SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { keyName } from "./identifiers.ts";

/** The objects of a schema by key; what a move changes about some of them lies over the model. */
export class Objects {
  readonly #model: SchemaModel["objects"];
  readonly #changed = new Map<string, SchemaObject | undefined>();

  constructor(model: SchemaModel) {
    this.#model = model.objects;
  }

  get(key: string): SchemaObject | undefined {
    return this.#changed.size > 0 && this.#changed.has(key) ? this.#changed.get(key) : this.#model[key];
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, object: SchemaObject): void {
    this.#changed.set(key, object);
  }

  delete(key: string): void {
    this.#changed.set(key, undefined);
  }

  /** Calls back with each object, in the order of the model. */
  each(use: (key: string, object: SchemaObject) => void): void {
    for (const key in this.#model) {
      const object = this.get(key);
      if (object !== undefined) use(key, object);
    }
  }
}

/** One of the two schemas, ready to be asked. */
export interface Side {
  readonly objects: Objects;
  /** What an object needs, by keys; defaults under `default:<column>`. */
  needs(key: string): ReadonlySet<string>;
  /** What needs an object, each once. */
  neededBy(key: string): readonly string[];
  /** What disappears with an object, directly. */
  childrenOf(key: string): readonly string[];
  /** Keys of all objects of a kind. */
  keysOf(kind: ObjectKind): readonly string[];
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

const NONE: readonly string[] = [];
/** What a table is to its parents. */
const LINKS = ["partitionOf", "inherits", "bound"];

/** Prepares two models; `remade` tells which tables cannot stay what they are. */
export function makeSides(from: SchemaModel, to: SchemaModel, remade: ReadonlySet<string>): Sides {
  const [before, after] = [new Objects(from), new Objects(to)];
  const detached = new Set<string>();
  const attached = new Set<string>();
  const stays = (key: string) => before.has(key) && after.has(key) && !remade.has(key);
  for (const key in to.objects) {
    const table = to.objects[key]!;
    if (table.kind !== "table") continue;
    const isPartition = table.fields.partitionOf !== undefined;
    if (!stays(key)) {
      if (isPartition) attached.add(key);
      continue;
    }
    const old = before.get(key)!;
    const same = LINKS.every((name) => sameValue(old.fields[name], table.fields[name]));
    if (same && parentsOf(table).every(stays)) continue;
    if (parentsOf(old).length > 0) detached.add(key);
    if (parentsOf(table).length > 0) attached.add(key);
  }
  const below = { from: descendants(from), to: descendants(to) };
  for (const key in from.objects) {
    const object = from.objects[key]!;
    // The marks are only of what belongs to a table or another relation.
    if (object.of === undefined || object.of.startsWith("schema:")) continue;
    const leaves = detached.has(object.of);
    if (leaves && !isClone(object, "trigger")) before.set(key, withoutMarks(object));
    // A foreign key of a partition that goes under its parent can still be dropped from the parent alone.
    else if (!stays(object.of) && !isClone(object, "foreign key")) before.set(key, withoutMarks(object));
    // The triggers of a parent go with it, all the way down.
    if (
      isClone(object, "trigger") &&
      [object.of, ...below.from.above(object.of)].some((table) => detached.has(table))
    ) {
      before.delete(key);
    }
  }
  for (const key in to.objects) {
    const object = to.objects[key]!;
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

function makeSide(objects: Objects, model: SchemaModel): Side {
  const children = new Map<string, string[]>();
  const kinds = new Map<ObjectKind, string[]>();
  const neededBy = new Map<string, string[]>();
  const others = model.dependencies ?? {};
  objects.each((key, object) => {
    listed(kinds, object.kind, key);
    if (object.of !== undefined && objects.has(object.of)) listed(children, object.of, key);
    for (const needed of needsOf(key, object, objects, others)) listed(neededBy, needed, key);
  });
  for (const key in others) {
    if (!objects.has(key)) for (const needed of needsOf(key, undefined, objects, others)) listed(neededBy, needed, key);
  }
  const needs = new Map<string, ReadonlySet<string>>();
  return {
    objects,
    needs: (key) => {
      const known = needs.get(key) ?? new Set(needsOf(key, objects.get(key), objects, others));
      needs.set(key, known);
      return known;
    },
    neededBy: (key) => neededBy.get(key) ?? NONE,
    childrenOf: (key) => children.get(key) ?? NONE,
    keysOf: (kind) => kinds.get(kind) ?? NONE,
  };
}

function listed<K>(lists: Map<K, string[]>, under: K, key: string): void {
  const list = lists.get(under);
  if (list) list.push(key);
  else lists.set(under, [key]);
}

/** What an object needs, each once: what it belongs to, and what the catalog says. */
function needsOf(
  key: string,
  object: SchemaObject | undefined,
  objects: Objects,
  dependencies: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const said = dependencies[key] ?? NONE;
  const isSequence = key.startsWith("sequence:");
  const others = isSequence ? said.filter((needed) => !needed.startsWith("column:")) : said;
  if (object?.of === undefined || !objects.has(object.of)) return others;
  // A sequence exists before the column it comes to belong to.
  const owner = isSequence ? schemaKeyOf(object.name) : object.of;
  return others.includes(owner) ? others : [owner, ...others];
}

function schemaKeyOf(name: string): string {
  return objectKey("schema", /^(?:"(?:[^"]|"")*"|[^."]+)/.exec(name)![0]);
}
