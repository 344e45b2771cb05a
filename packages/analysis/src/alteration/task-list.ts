import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "./alteration.ts";
import { type Fates, isGone, isMade } from "./fates.ts";
import { Inheritance } from "./inheritance.ts";
import type { Task } from "./order.ts";
import { hasIdentity } from "./owned-sequences.ts";
import type { Sides } from "./sides.ts";

/** A task with the statements that carry it out; one without statements only stands for its place in the order. */
export interface PlannedTask extends Task {
  readonly object: SchemaObject;
  readonly drafts: readonly Draft[];
}

/** A task that may still come to wait for more. */
export interface OpenTask extends PlannedTask {
  readonly after: Set<string>;
  /** Keys of what it makes, whose needs are its own. */
  readonly makes: string[];
}

/** The tasks between two schemas by id (`make table:public.t`), and which of them sees to which object. */
export class TaskList {
  readonly sides: Sides;
  readonly fates: Fates;
  readonly inheritance: Inheritance;
  readonly #tasks = new Map<string, OpenTask>();
  readonly #coveredBy = new Map<string, string>();

  constructor(sides: Sides, fates: Fates) {
    this.sides = sides;
    this.fates = fates;
    this.inheritance = new Inheritance(sides);
  }

  /** Adds a task that makes the objects of some keys. */
  add(
    id: string,
    rank: number,
    object: SchemaObject,
    drafts: readonly Draft[],
    makes: readonly string[] = [],
  ): OpenTask {
    const task: OpenTask = { id, rank, object, drafts, after: new Set(), makes: [...makes] };
    this.#tasks.set(id, task);
    for (const key of makes) this.cover(key, id);
    return task;
  }

  get(id: string): OpenTask | undefined {
    return this.#tasks.get(id);
  }

  all(): OpenTask[] {
    return [...this.#tasks.values()];
  }

  /** Lets a task see to one object more. */
  cover(key: string, id: string): void {
    this.#coveredBy.set(key, id);
  }

  coveredBy(key: string): string | undefined {
    return this.#coveredBy.get(key);
  }

  /** Lets a task wait for another; for itself or none it does not. */
  wait(task: OpenTask | undefined, id: string | undefined): void {
    if (task && id !== undefined && id !== task.id) task.after.add(id);
  }

  /** The task that takes an object away: its own, or that of what it disappears with. */
  dropId(key: string): string {
    const object = this.sides.from.objects.get(key);
    if (this.fates.of(key) === "retype") return `alter ${key}`;
    if (object === undefined) {
      const column = `column:${key.slice("default:".length)}`;
      return key.startsWith("default:") && isGone(this.fates.of(column)) ? this.dropId(column) : `drop ${key}`;
    }
    if (object.kind === "sequence" && hasIdentity(object, this.sides.from) && !isGone(this.fates.of(object.of!)))
      return `alter ${object.of}`;
    const owner = object.of;
    const parent = this.inheritance.keptParent(object);
    if (parent !== undefined && object.fields.type === "foreign key" && isGone(this.fates.of(parent))) {
      const withParent = this.dropId(parent);
      // Where the parent's goes with its table, that of a partition that goes as well has left with the partition, which is dropped before.
      if (withParent.startsWith("drop constraint:") || owner === undefined || !isGone(this.fates.of(owner)))
        return withParent;
    }
    if (owner !== undefined && !owner.startsWith("schema:")) {
      if (object.fields.type === "foreign key" && object.fields.inherited !== true) {
        const target = `table:${object.fields.references}`;
        if (target !== owner && isGone(this.fates.of(target)) && isGone(this.fates.of(owner))) return `drop ${key}`;
      }
      const ownerFate = this.fates.of(owner);
      if (isGone(ownerFate) || ownerFate === "retype") return this.dropId(owner);
    }
    if (parent !== undefined && isGone(this.fates.of(parent))) return this.dropId(parent);
    return `drop ${key}`;
  }

  /** The task after which an object is as it shall be; undefined when nothing happens to it. */
  doneBy(key: string): string | undefined {
    const covered = this.#coveredBy.get(key);
    if (covered !== undefined) return covered;
    const fate = this.fates.of(key);
    if (isMade(fate)) return `make ${key}`;
    return fate === "alter" || fate === "retype" ? `alter ${key}` : undefined;
  }
}
