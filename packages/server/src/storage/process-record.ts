import type { Process } from "@change-mgmt/domain/process/process.ts";
import { json } from "./json.ts";
import type { Db, Tx } from "./store.ts";

/** Processes by hash. A hash never changes its meaning, so what was read once is kept. */
export class ProcessLibrary {
  readonly #known = new Map<string, Process>();
  #current = new Map<string, { process: Process; hash: string }>();

  /** Puts processes in force for new changes; those that were pinned before stay readable. */
  async publish(
    db: Db | Tx,
    processes: readonly { readonly process: Process; readonly hash: string }[],
  ): Promise<void> {
    for (const { process, hash } of processes) {
      await db
        .insertInto("processes")
        .values({ hash, name: process.name, version: process.version, document: json<unknown>(process) })
        .onConflict((conflict) => conflict.column("hash").doNothing())
        .execute();
      this.#known.set(hash, process);
    }
    this.#current = new Map(processes.map((entry) => [entry.process.name, entry]));
  }

  /** The process of a name as it is in force for new changes. */
  inForce(name: string): { process: Process; hash: string } | undefined {
    return this.#current.get(name);
  }

  list(): { process: Process; hash: string }[] {
    return [...this.#current.values()].sort((a, b) => (a.process.name < b.process.name ? -1 : 1));
  }

  /** The process a change is pinned to; throws when the database has lost it, which its foreign key forbids. */
  async pinned(db: Db | Tx, hash: string): Promise<Process> {
    const known = this.#known.get(hash);
    if (known) return known;
    const row = await db.selectFrom("processes").select("document").where("hash", "=", hash).executeTakeFirstOrThrow();
    const process = row.document as Process;
    this.#known.set(hash, process);
    return process;
  }
}
