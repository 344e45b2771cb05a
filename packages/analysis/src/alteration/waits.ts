import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { isGone, isMade } from "./fates.ts";
import { nameParts } from "./identifiers.ts";
import { isIndexLike } from "./index-like.ts";
import { ownedSequence } from "./owned-sequences.ts";
import { PartitionWaits } from "./partition-waits.ts";
import { parentsOf } from "./sides.ts";
import type { OpenTask, TaskList } from "./task-list.ts";

/** Lets each task wait for what has to be done before: what it needs made, what has to be gone, what still has its name. */
export function connect(list: TaskList): void {
  new Waits(list).connect();
}

class Waits {
  readonly #list: TaskList;

  constructor(list: TaskList) {
    this.#list = list;
  }

  connect(): void {
    const list = this.#list;
    const { fates, inheritance } = list;
    const { from, to } = list.sides;
    const partitions = new PartitionWaits(list);
    partitions.ofPersistence();
    partitions.ofDropped();
    const made = list.all();
    const links = made
      .filter(({ id }) => /^(?:link|attach) /.test(id) || this.#isDroppedPartition(id))
      .map(({ id }) => id);
    const names = this.#droppedNames();
    for (const task of made) {
      for (const key of task.makes) {
        for (const needed of to.needs(key)) list.wait(task, list.doneBy(needed));
        if (from.objects.has(key) && fates.of(key) === "remake") list.wait(task, list.dropId(key));
        if (!isMade(fates.of(key))) continue;
        for (const name of [relationName(to.objects.get(key)), onlyOne(to.objects.get(key))]) {
          for (const other of (name !== undefined && names.get(name)) || []) list.wait(task, other);
        }
      }
      if (task.id.startsWith("make constraint:") && task.object.fields.type === "foreign key") {
        const target = to.objects.get(`table:${task.object.fields.references}`);
        if (target?.fields.partitionKey !== undefined) for (const link of links) list.wait(task, link);
      }
      if (task.id.startsWith("make grant:column ")) {
        const table = `grant:${to.objects.get(task.object.of!)?.of?.replace(":", " ")} to ${task.object.fields.grantee}`;
        for (const verb of ["drop", "alter"]) list.wait(task, `${verb} ${table}`);
      }
      if (task.id.startsWith("make table:")) this.#afterParents(task);
      if (task.id.startsWith("alter extension:")) {
        // Its members may stand in another schema afterwards, where no permission is found under its old name.
        for (const child of from.childrenOf(task.id.slice("alter ".length)))
          if (isGone(fates.of(child))) list.wait(task, list.dropId(child));
      }
      if (task.id.startsWith("own ")) {
        list.wait(task, list.doneBy(task.id.slice(4)));
        list.wait(task, `free ${task.id.slice(4)}`);
        list.wait(task, list.doneBy(`column:${task.object.fields.ownedBy}`));
      }
      if (task.object.kind === "column" && task.id.startsWith("alter ")) this.#beforeColumnChange(task);
      if (task.id.startsWith("link ")) {
        // A partitioned index is valid, and fit to be attached with its table, once its own parts are attached.
        const above = to.objects.get(inheritance.indexParentKey(task.object))?.of;
        list.wait(list.get(`attach ${above}`), task.id);
      }
    }
    for (const [key, fate] of fates.changed) {
      if (isGone(fate) || fate === "retype") this.#beforeDrop(key, list.get(list.dropId(key)));
    }
    for (const column of fates.retyped) {
      const id = list.doneBy(column);
      const task = id === undefined ? undefined : list.get(id);
      for (const dependent of from.neededBy(column))
        if (task && isGone(fates.of(dependent))) list.wait(task, list.dropId(dependent));
    }
    for (const [key, fate] of fates.changed) {
      // A sequence freed from a column outlives it.
      const free = list.get(`free ${key}`);
      const owner = from.objects.get(key)?.of;
      if (fate === "alter" && free && owner) list.wait(list.get(list.dropId(owner)), free.id);
    }
    partitions.ofMoves(made);
  }

  #isDroppedPartition(id: string): boolean {
    return id.startsWith("drop table:") && this.#list.get(id)!.object.fields.partitionOf !== undefined;
  }

  /** A new table takes over what its parents are at that moment. */
  #afterParents(task: OpenTask): void {
    const list = this.#list;
    const { to } = list.sides;
    for (const parent of task.object.fields.inherits === undefined ? [] : parentsOf(task.object)) {
      for (const column of to.childrenOf(parent)) {
        if (!column.startsWith("column:")) continue;
        list.wait(task, list.doneBy(column));
        list.wait(task, `make default:${column.slice("column:".length)}`);
      }
    }
  }

  /** What has to be gone before a column loses NOT NULL or becomes an identity. */
  #beforeColumnChange(task: OpenTask): void {
    const list = this.#list;
    const { fates, inheritance } = list;
    const { from, to } = list.sides;
    const key = `column:${task.object.name}`;
    const before = from.objects.get(key)!;
    const parent = inheritance.keptInherited(to, task.object) && inheritance.counterpart(to, task.object);
    if (parent) {
      list.wait(task, list.doneBy(inheritance.keyOf(parent)));
      list.wait(list.get(list.doneBy(inheritance.keyOf(parent)) ?? ""), `drop default:${task.object.name}`);
    }
    if (before.fields.notNull === true && task.object.fields.notNull !== true) {
      for (const dependent of from.neededBy(key))
        if (isGone(fates.of(dependent))) list.wait(task, list.dropId(dependent));
    }
    if (task.object.fields.identity !== undefined) {
      list.wait(task, `drop default:${task.object.name}`);
      const sequence = ownedSequence(to, task.object);
      if (sequence && from.objects.has(`sequence:${sequence.name}`))
        list.wait(task, list.dropId(`sequence:${sequence.name}`));
    }
  }

  #beforeDrop(key: string, task: OpenTask | undefined): void {
    if (task === undefined) return;
    const list = this.#list;
    const { fates } = list;
    const { from, to, detached } = list.sides;
    for (const dependent of from.neededBy(key)) {
      if (isGone(fates.of(dependent))) list.wait(task, list.dropId(dependent));
      else if (fates.retyped.has(dependent)) {
        // A column that is of another type afterwards has to leave before; one that stays of the type moves with it.
        if (!to.needs(dependent).has(key) && list.coveredBy(dependent) !== task.id)
          list.wait(task, list.coveredBy(dependent));
      } else if (fates.of(dependent) === "alter" && fates.of(key) !== "remake") list.wait(task, list.doneBy(dependent));
      else if (fates.of(dependent) === "alter" && fates.of(key) === "remake" && !to.needs(dependent).has(key))
        list.wait(task, list.doneBy(dependent));
      if (detached.has(dependent)) list.wait(task, `detach ${dependent}`);
    }
  }

  /** Names of relations and types that become free, with the tasks that free them. */
  #droppedNames(): Map<string, string[]> {
    const list = this.#list;
    const { fates } = list;
    const { from } = list.sides;
    const names = new Map<string, string[]>();
    for (const [key, fate] of fates.changed) {
      if (!isGone(fate)) continue;
      for (const name of [relationName(from.objects.get(key)), onlyOne(from.objects.get(key))]) {
        if (name === undefined) continue;
        const known = names.get(name);
        if (known) known.push(list.dropId(key));
        else names.set(name, [list.dropId(key)]);
      }
    }
    return names;
  }
}

const NAMED = new Set(["table", "view", "materialized_view", "sequence", "index", "enum", "domain", "composite_type"]);

/** The name an object takes among relations and types of its schema. */
function relationName(object: SchemaObject | undefined): string | undefined {
  if (object === undefined) return undefined;
  const parts = nameParts(object.name);
  // A call means one of two routines of a name only while there is no other.
  if (object.kind === "function") return `routine ${parts.join("\0")}`;
  if (NAMED.has(object.kind)) return parts.join("\0");
  return object.kind === "constraint" && isIndexLike(object) ? [parts[0], parts.at(-1)].join("\0") : undefined;
}

/** What there is one of at most, beside its name: the primary key of a table. */
function onlyOne(object: SchemaObject | undefined): string | undefined {
  return object?.fields.type === "primary key" ? `primary key of ${object.of}` : undefined;
}
