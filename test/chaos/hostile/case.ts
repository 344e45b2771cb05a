import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import type { Site } from "./site.ts";

/** What a deployment must end as, and what it must say of it. */
export interface End {
  readonly state: "succeeded" | "failed" | "cancelled";
  readonly code?: string;
  /** In its sentence. */
  readonly says?: RegExp;
  /** In what to do about it. */
  readonly hint?: RegExp;
  /** In what it says of the target. */
  readonly left: RegExp;
  /** Artifacts that are on the target then, by what they make. */
  readonly there: readonly string[];
  /** Where the environment stands with the change. */
  readonly standing: "deployed" | "failed" | "not-deployed";
}

/** One way in which a target is hostile. */
export interface HostileCase {
  readonly name: string;
  /** What is wrong with the target, in a sentence without its full stop. */
  readonly trouble: string;
  /** Left out: one column. */
  readonly artifacts?: readonly Artifact[];
  readonly limits?: {
    readonly lockTimeoutMs?: number;
    readonly statementTimeoutMs?: number;
    readonly retries?: number;
  };
  /** Another change is deployed there first, so that the ledger is there and the schema known. */
  readonly known?: true;
  /** Why it cannot be tried on this machine; undefined where it can. */
  readonly impossible?: () => string | undefined;
  /** Makes the target itself, where that is not an ordinary one. */
  readonly make?: (site: (tablespace?: string) => Promise<Site>) => Promise<Site>;
  /** Makes trouble before the deployment is asked for. */
  readonly before?: (site: Site) => Promise<unknown>;
  /** Makes trouble while it runs; `cancel` is a person who stops it. */
  readonly during?: (site: Site, cancel: () => Promise<void>, signal: AbortSignal) => Promise<unknown>;
  /** Makes trouble while it waits for a person. */
  readonly waiting?: (site: Site) => Promise<unknown>;
  /** Ends the trouble. */
  readonly over?: (site: Site) => Promise<unknown>;
  readonly end: End;
}

/** A migration that adds a column to users, after so many seconds as the table trouble says. */
export function column(id: string, before = ""): Artifact {
  const up = `${before}ALTER TABLE users ADD COLUMN ${id} text;`;
  const down = `ALTER TABLE users DROP COLUMN ${id};`;
  return { kind: "migration", id, name: `${id}.sql`, up, down, transactional: true };
}

export const SLOWLY = "SELECT pg_sleep(seconds) FROM trouble;\n";

/** A migration that builds an index without locking writers out. */
export const index: Artifact = {
  kind: "migration",
  id: "byname",
  name: "byname.sql",
  up: "CREATE INDEX CONCURRENTLY byname ON users (name);",
  down: "DROP INDEX CONCURRENTLY byname;",
  transactional: false,
};

/** A migration that writes a table of so many rows. */
export function table(rows: number): Artifact {
  const up = `CREATE TABLE big AS SELECT n, repeat(md5(n::text), 30) AS words FROM generate_series(1, ${rows}) n;`;
  return { kind: "migration", id: "big", name: "big.sql", up, down: "DROP TABLE big;", transactional: true };
}

/** What a person does between two migrations. */
export const byHand: Artifact = {
  kind: "manual",
  id: "hand",
  name: "Look",
  steps: [{ id: "look", title: "Look", undo: "Look away" }],
};

/** The statement that takes as long as the table trouble says. */
export const ASLEEP = "wait_event = 'PgSleep'";
