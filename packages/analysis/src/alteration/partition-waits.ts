import { isGone } from "./fates.ts";
import { keyName } from "./identifiers.ts";
import { isIndexLike } from "./index-like.ts";
import { parentsOf } from "./sides.ts";
import type { OpenTask, TaskList } from "./task-list.ts";

/** What tables that hang together wait for: partitions and their parents, and logged tables that refer to one another. */
export class PartitionWaits {
  readonly #list: TaskList;

  constructor(list: TaskList) {
    this.#list = list;
  }

  /** A logged table never refers to an unlogged one, not even between two statements of an alteration. */
  ofPersistence(): void {
    const list = this.#list;
    const { fates } = list;
    const { from, to } = list.sides;
    const changes = (key: string) => {
      const [before, after] = [from.objects.get(key), to.objects.get(key)];
      if (before?.fields.persistence === after?.fields.persistence) return undefined;
      return list.get(`alter ${key}`) && after?.fields.persistence;
    };
    for (const key of from.keysOf("constraint")) {
      const { fields, of } = from.objects.get(key)!;
      if (fields.type !== "foreign key" || of === undefined) continue;
      const target = `table:${keyName(String(fields.references))}`;
      const first = changes(target) === "unlogged" ? { waits: target, other: of } : { waits: of, other: target };
      if (target === of || changes(first.waits) === undefined) continue;
      if (first.waits === of && changes(of) === "unlogged") continue;
      const task = list.get(`alter ${first.waits}`)!;
      if (isGone(fates.of(key))) list.wait(task, list.dropId(key));
      else list.wait(task, list.get(`alter ${first.other}`)?.id);
    }
  }

  /** A parent's change of type reaches its partitions with their defaults; those that go are gone before. */
  ofDropped(): void {
    const list = this.#list;
    const { fates } = list;
    const { from } = list.sides;
    for (const key of from.keysOf("table")) {
      if (!isGone(fates.of(key))) continue;
      for (let above = parentsOf(from.objects.get(key)!); above.length > 0; ) {
        for (const parent of above) {
          for (const column of from.childrenOf(parent)) {
            if (fates.retyped.has(column)) list.wait(list.get(`alter ${column}`), list.dropId(key));
          }
        }
        above = above.flatMap((parent) => parentsOf(from.objects.get(parent)!));
      }
    }
  }

  ofMoves(made: readonly OpenTask[]): void {
    const list = this.#list;
    const { fates } = list;
    const { from, to, detached, attached } = list.sides;
    const byTable = new Map<string, OpenTask[]>();
    for (const task of made) {
      const of = task.object.kind === "table" ? `table:${task.object.name}` : task.object.of;
      if (of === undefined) continue;
      const known = byTable.get(of);
      if (known) known.push(task);
      else byTable.set(of, [task]);
    }
    for (const key of detached) {
      const parents = parentsOf(from.objects.get(key)!);
      for (const task of [key, ...parents].flatMap((table) => byTable.get(table) ?? [])) {
        const link = /^(?:detach|attach|free) /.test(task.id) && task.id !== `attach ${key}`;
        if (!link && task.id !== `make ${key}`) list.wait(task, `detach ${key}`);
      }
    }
    // An index of a partitioned table becomes valid when every partition that there is has its part.
    for (const task of made) {
      if (!task.id.startsWith("make ") || !isIndexLike(task.object)) continue;
      for (const dependent of from.neededBy(task.object.of!)) {
        if (dependent.startsWith("table:") && isGone(fates.of(dependent))) list.wait(task, list.dropId(dependent));
      }
    }
    for (const key of attached) {
      const attach = list.get(`attach ${key}`)!;
      const parents = parentsOf(to.objects.get(key)!);
      for (const parent of parents) list.wait(attach, list.doneBy(parent));
      for (const task of byTable.get(key) ?? []) {
        const prepares =
          ["table", "column"].includes(task.object.kind) ||
          (["constraint", "index"].includes(task.object.kind) && task.object.fields.type !== "foreign key");
        if (prepares && !/^(?:attach|link) /.test(task.id)) list.wait(attach, task.id);
      }
      for (const task of parents.flatMap((parent) => byTable.get(parent) ?? [])) {
        const shape =
          task.object.kind === "column" ||
          (task.id.startsWith("drop ") && ["constraint", "index", "trigger"].includes(task.object.kind));
        if (shape && !/^(?:attach|link) /.test(task.id)) list.wait(attach, task.id);
      }
    }
  }
}
