/** Hears of every crossing while one is set: `name` such as `journal.write`, before the work is begun and after it has come back. */
export type CrossingWatch = (name: string, side: "before" | "after") => void | Promise<void>;

let watch: CrossingWatch | undefined;

/** Sets who hears of crossings, or nobody. For trials that stop the process, or let a call fail, at a named place; the product itself never sets one. */
export function watchCrossings(next: CrossingWatch | undefined): void {
  watch = next;
}

/** Whether anybody hears of crossings now. */
export function crossingsAreWatched(): boolean {
  return watch !== undefined;
}

/** Does work that crosses from this process to something that outlives it: a database, a job, a target. Costs one comparison when nobody watches. */
export async function crossing<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (watch === undefined) return await work();
  await watch(name, "before");
  const result = await work();
  await watch?.(name, "after");
  return result;
}
