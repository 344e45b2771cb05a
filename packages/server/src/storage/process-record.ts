import type { Process } from "@change-mgmt/domain/process/process.ts";
import { json } from "./json.ts";
import type { Db, Tx } from "./store.ts";

/** What is known of a version beside its document; `since`: when it was first put in force here. */
export interface ProcessVersionFacts {
  readonly hash: string;
  readonly version: number;
  readonly since: string;
  readonly inForce: boolean;
}

export interface ProcessVersion extends ProcessVersionFacts {
  readonly process: Process;
}

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

  /** A version of a process that was ever in force here; undefined for any other hash. */
  async version(db: Db | Tx, name: string, hash: string): Promise<ProcessVersion | undefined> {
    const row = await db
      .selectFrom("processes")
      .select(["hash", "version", "created_at", "document"])
      .where("hash", "=", hash)
      .where("name", "=", name)
      .executeTakeFirst();
    return row && { ...this.#facts(name, row), process: row.document as Process };
  }

  /** Every version of a process that was ever in force here, the one in force first, then the newest. */
  async versions(db: Db | Tx, name: string): Promise<(ProcessVersionFacts & { changes: number })[]> {
    const rows = await db
      .selectFrom("processes as p")
      .select(["p.hash", "p.version", "p.created_at"])
      .select((one) =>
        one
          .selectFrom("change_requests as c")
          .select((counted) => counted.fn.countAll<string>().as("count"))
          .whereRef("c.process_hash", "=", "p.hash")
          .as("changes"),
      )
      .where("p.name", "=", name)
      .orderBy("p.created_at", "desc")
      .orderBy("p.version", "desc")
      .execute();
    return rows
      .map((row) => ({ ...this.#facts(name, row), changes: Number(row.changes) }))
      .sort((a, b) => Number(b.inForce) - Number(a.inForce));
  }

  #facts(name: string, row: { hash: string; version: number; created_at: Date }): ProcessVersionFacts {
    const inForce = this.#current.get(name)?.hash === row.hash;
    return { hash: row.hash, version: row.version, since: row.created_at.toISOString(), inForce };
  }
}
