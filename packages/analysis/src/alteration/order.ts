/** Something to be done, after others: `rank` decides among those that could be next, the smaller first. */
export interface Task {
  readonly id: string;
  readonly rank: number;
  readonly after: ReadonlySet<string>;
}

/**
 * The tasks in an order that keeps every `after`, the smallest rank (then id) first where there is a choice.
 * `stuck` holds what waits for itself in a circle, and whatever waits for that; ids that no task has are taken for done.
 */
export function inOrder<T extends Task>(tasks: readonly T[]): { readonly ordered: T[]; readonly stuck: T[] } {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const waiting = new Map<string, number>();
  const followers = new Map<string, T[]>();
  const ready = new Heap<T>((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
  for (const task of tasks) {
    let missing = 0;
    for (const id of task.after) {
      if (id === task.id || !byId.has(id)) continue;
      missing++;
      const list = followers.get(id);
      if (list) list.push(task);
      else followers.set(id, [task]);
    }
    waiting.set(task.id, missing);
    if (missing === 0) ready.push(task);
  }
  const ordered: T[] = [];
  for (let task = ready.pop(); task !== undefined; task = ready.pop()) {
    ordered.push(task);
    waiting.delete(task.id);
    for (const follower of followers.get(task.id) ?? []) {
      const left = waiting.get(follower.id)! - 1;
      waiting.set(follower.id, left);
      if (left === 0) ready.push(follower);
    }
  }
  return { ordered, stuck: [...waiting.keys()].map((id) => byId.get(id)!) };
}

class Heap<T> {
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  push(item: T): void {
    const items = this.#items;
    items.push(item);
    for (let at = items.length - 1; at > 0; ) {
      const above = (at - 1) >> 1;
      if (this.#compare(items[above]!, items[at]!) <= 0) break;
      [items[above], items[at]] = [items[at]!, items[above]!];
      at = above;
    }
  }

  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return top;
    items[0] = last;
    for (let at = 0; ; ) {
      let least = at;
      for (const below of [2 * at + 1, 2 * at + 2]) {
        if (below < items.length && this.#compare(items[below]!, items[least]!) < 0) least = below;
      }
      if (least === at) return top;
      [items[least], items[at]] = [items[at]!, items[least]!];
      at = least;
    }
  }
}
