import type { ObjectKind, SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Obstacle } from "./alteration.ts";
import { nameParts } from "./identifiers.ts";
import { isIndexLike } from "./index-like.ts";
import { ownFate } from "./own-fate.ts";
import type { Sides } from "./sides.ts";

/** What becomes of an object: `remake` drops it and makes it again, `retype` makes a type anew and moves its columns over. */
export type Fate = "keep" | "make" | "drop" | "alter" | "remake" | "retype";

export interface Fates {
  of(key: string): Fate;
  /** Every object and default with its fate, those that are kept left out. */
  readonly changed: ReadonlyMap<string, Fate>;
  /** Columns whose type changes or is made anew. */
  readonly retyped: ReadonlySet<string>;
  readonly obstacles: readonly Obstacle[];
}

/** Whether an object is not there any more at some moment. */
export function isGone(fate: Fate): boolean {
  return fate === "drop" || fate === "remake";
}

/** Whether an object is made, for the first time or again. */
export function isMade(fate: Fate): boolean {
  return fate === "make" || fate === "remake";
}

/** Kinds that hold nothing but their definition, so that they can be dropped and made again at no loss. */
const REMADE_FREELY: ReadonlySet<string> = new Set<ObjectKind | "default">([
  "view",
  "materialized_view",
  "rule",
  "policy",
  "trigger",
  "function",
  "statistics",
  "event_trigger",
  "publication",
  "constraint",
  "index",
  "default",
]);

/** Decides what becomes of each object, and of what depends on it. */
export function decideFates(sides: Sides, remadeTables: ReadonlySet<string>): Fates {
  const { from, to } = sides;
  const fates = new Map<string, Fate>();
  const obstacles: Obstacle[] = [];
  const retyped = new Set<string>();
  const queue: string[] = [];
  const set = (key: string, fate: Fate) => {
    if (fates.get(key) === fate) return;
    fates.set(key, fate);
    if (fate === "drop" || fate === "remake" || fate === "retype") queue.push(key);
  };
  const refuse = ({ kind, name }: SchemaObject, reason: string) => {
    if (!obstacles.some((one) => one.kind === kind && one.object === name && one.reason === reason)) {
      obstacles.push({ kind, object: name, reason });
    }
  };
  from.objects.each((key, before) => decide(key, before, to.objects.get(key)));
  to.objects.each((key, after) => {
    if (!from.objects.has(key)) decide(key, undefined, after);
  });
  for (const [key, fate] of fates) {
    // Taking something from a table takes it from its columns as well.
    if ((fate === "drop" || fate === "alter") && key.startsWith("grant:table ")) regrantColumns(from.objects.get(key)!);
  }
  for (const column of retyped) {
    queue.push(column);
    freeDefault(column);
  }
  // Each round: what was lost or shaken takes along what depends on it.
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) spread(key);
  return { of: (key) => fates.get(key) ?? "keep", changed: fates, retyped, obstacles };

  function decide(key: string, before: SchemaObject | undefined, after: SchemaObject | undefined): void {
    if (before === undefined) set(key, "make");
    else if (after === undefined) set(key, "drop");
    else if (remadeTables.has(key)) set(key, "remake");
    else {
      const fate = ownFate(before, after, sides, refuse);
      if (fate !== "keep") set(key, fate);
      if (before.kind === "column" && fate === "alter" && movesType(before, after)) retyped.add(key);
    }
    const object = after ?? before!;
    if (object.kind === "column") decideDefault(before, after);
    if (object.kind === "other" && (before === undefined || after === undefined)) {
      refuse(object, `${before ? "dropping" : "making"} a ${object.fields.type} is not supported`);
    }
  }

  function regrantColumns({ of, fields }: SchemaObject): void {
    for (const column of from.childrenOf(of!)) {
      for (const key of from.childrenOf(column)) {
        const grant = from.objects.get(key)!;
        const same = grant.kind === "grant" && grant.fields.grantee === fields.grantee;
        if (same && to.objects.has(key)) set(key, "remake");
      }
    }
  }

  /** A parent's change of type reaches the column, whose own default may not fit the new type: it goes before and comes back. */
  function freeDefault(column: string): void {
    const [before, after] = [from.objects.get(column)!, to.objects.get(column)!];
    if (before.fields.inherited !== true || before.fields.default === undefined) return;
    set(`default:${before.name}`, after.fields.default === undefined ? "drop" : "remake");
  }

  function decideDefault(before: SchemaObject | undefined, after: SchemaObject | undefined): void {
    const [was, is] = [before?.fields.default, after?.fields.default];
    const key = `default:${(after ?? before)!.name}`;
    if (was === is && fates.get(`column:${(after ?? before)!.name}`) !== "remake") return;
    if (was === undefined && is === undefined) return;
    set(key, was === undefined ? "make" : is === undefined ? "drop" : "alter");
  }

  function spread(key: string): void {
    const fate = fates.get(key);
    const gone = fate === "drop" || fate === "remake" || fate === "retype";
    if (fate === "remake" || fate === "retype") for (const child of from.childrenOf(key)) takeAlong(child);
    const object = from.objects.get(key);
    if (gone && object && isIndexLike(object)) spreadToPartitions(object);
    for (const dependent of from.neededBy(key)) {
      if (fates.get(dependent) === "drop" || fates.get(dependent) === "remake") continue;
      const [kind] = dependent.split(":", 1) as [ObjectKind | "default"];
      if (!gone && keepsUnderTypeChange(dependent, kind)) continue;
      if (kind === "column") shakeColumn(dependent, key);
      else if (kind === "default") {
        const name = dependent.slice("default:".length);
        const stays =
          from.objects.has(`column:${name}`) && to.objects.get(`column:${name}`)?.fields.default !== undefined;
        if (key !== `column:${name}` && stays) set(dependent, "remake");
      } else if (REMADE_FREELY.has(kind)) {
        if (from.objects.has(dependent) && to.objects.has(dependent)) set(dependent, "remake");
      } else if (
        (kind === "domain" || kind === "composite_type") &&
        to.objects.has(dependent) &&
        gone &&
        fate !== "drop"
      ) {
        const inner = from.objects.get(dependent);
        if (inner) refuse(inner, `it is built on ${key}, which has to be made anew`);
      }
    }
  }

  /** What disappears with its owner and is wanted afterwards too. */
  function takeAlong(key: string): void {
    if (fates.get(key) === "drop") return;
    if (to.objects.has(key)) set(key, "remake");
    const value = to.objects.get(key)?.fields.default;
    if (key.startsWith("column:") && value !== undefined) set(`default:${key.slice(7)}`, "make");
  }

  /** An index of a partition falls with the one of its parent. */
  function spreadToPartitions(parent: SchemaObject): void {
    const name = nameParts(parent.name).join("\0");
    for (const key of from.keysOf(parent.kind)) {
      const object = from.objects.get(key)!;
      if (typeof object.fields.partitionOf !== "string") continue;
      if (nameParts(object.fields.partitionOf).join("\0") === name && to.objects.has(key)) set(key, "remake");
    }
  }

  /** Whether Postgres itself carries a dependent over when the type of a column changes. */
  function keepsUnderTypeChange(dependent: string, kind: string): boolean {
    if (kind === "index" || kind === "statistics" || kind === "sequence" || kind === "table") return true;
    if (kind !== "constraint") return false;
    return from.objects.get(dependent)?.fields.type !== "foreign key";
  }

  function shakeColumn(column: string, by: string): void {
    const [before, after] = [from.objects.get(column), to.objects.get(column)];
    if (before === undefined || after === undefined) return;
    if (before.fields.generated !== undefined && !isTypeKey(by)) {
      if (by !== before.of) set(column, "remake");
      return;
    }
    if (fates.get(by) !== "retype" || retyped.has(column)) return;
    const key = String(from.objects.get(before.of!)?.fields.partitionKey ?? "");
    if (key.includes(nameParts(before.name).at(-1)!))
      refuse(before, `it is in the partition key and its type ${by} has to be made anew`);
    retyped.add(column);
    queue.push(column);
  }
}

function isTypeKey(key: string): boolean {
  return /^(?:enum|domain|composite_type|extension|other):/.test(key);
}

function movesType(before: SchemaObject, after: SchemaObject): boolean {
  return (
    before.fields.type !== after.fields.type || (before.fields.collation ?? null) !== (after.fields.collation ?? null)
  );
}
