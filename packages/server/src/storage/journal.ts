import { sql } from "kysely";
import { crossing } from "./crossing.ts";
import { json } from "./json.ts";
import type { Db, Tx } from "./store.ts";

export type JournalState = "pending" | "running" | "waiting" | "done" | "failed";

export interface JournalEntry {
  readonly step: string;
  readonly state: JournalState;
  readonly output: unknown;
}

/** Thrown when somebody else has taken the deployment up since: whoever sees it must stop at once. */
export class Fenced extends Error {
  constructor(deploymentId: string, attempt: number) {
    super(`deployment ${deploymentId} has been taken up again since attempt ${attempt}`);
  }
}

/** Starts a further attempt on a deployment that has not ended; undefined when it has. */
export async function beginAttempt(db: Db, deploymentId: string): Promise<number | undefined> {
  const row = await crossing("journal.begin", () =>
    db
      .updateTable("deployments")
      .set((eb) => ({
        state: "running",
        attempt: eb("attempt", "+", 1),
        retry_at: null,
        started_at: eb.fn.coalesce("started_at", sql<Date>`now()`),
      }))
      .where("id", "=", deploymentId)
      .where("state", "in", ["requested", "running", "waiting"])
      .returning("attempt")
      .executeTakeFirst(),
  );
  return row?.attempt;
}

/** The journal of a deployment in order. */
export async function readJournal(db: Db | Tx, deploymentId: string): Promise<JournalEntry[]> {
  const rows = await crossing("journal.read", () =>
    db
      .selectFrom("deployment_steps")
      .select(["step", "state", "output"])
      .where("deployment_id", "=", deploymentId)
      .orderBy("position")
      .execute(),
  );
  return rows.map((row) => ({ step: row.step, state: row.state as JournalState, output: row.output }));
}

/** Writes down, once, which steps a deployment has; a plan that was written before stays. */
export async function planJournal(
  db: Db,
  deploymentId: string,
  attempt: number,
  steps: readonly { id: string; title: string }[],
): Promise<void> {
  await fenced("journal.plan", db, deploymentId, attempt, async (tx) => {
    if (steps.length === 0) return;
    await tx
      .insertInto("deployment_steps")
      .values(
        steps.map(({ id, title }, position) => ({
          deployment_id: deploymentId,
          step: id,
          position,
          title,
          state: "pending",
          attempt,
          started_at: null,
          finished_at: null,
          message: null,
        })),
      )
      .onConflict((conflict) => conflict.columns(["deployment_id", "step"]).doNothing())
      .execute();
  });
}

/** Writes what became of a step, unless somebody else has taken the deployment up; `also` commits with it. */
export async function writeStep(
  db: Db,
  deploymentId: string,
  attempt: number,
  step: string,
  entry: { readonly state: JournalState; readonly message?: string; readonly output?: unknown },
  also?: (tx: Tx) => Promise<void>,
): Promise<void> {
  await fenced("journal.write", db, deploymentId, attempt, async (tx) => {
    const ended = entry.state === "done" || entry.state === "failed";
    await tx
      .updateTable("deployment_steps")
      .set((eb) => ({
        state: entry.state,
        attempt,
        message: entry.message ?? null,
        ...(entry.output === undefined ? {} : { output: json<unknown>(entry.output) }),
        ...(entry.state === "running" ? { started_at: eb.fn.coalesce("started_at", sql<Date>`now()`) } : {}),
        ...(ended ? { finished_at: sql<Date>`now()` } : {}),
      }))
      .where("deployment_id", "=", deploymentId)
      .where("step", "=", step)
      .execute();
    await also?.(tx);
  });
}

async function fenced(
  name: string,
  db: Db,
  deploymentId: string,
  attempt: number,
  work: (tx: Tx) => Promise<void>,
): Promise<void> {
  await crossing(name, () =>
    db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom("deployments")
        .select(["attempt", "state"])
        .where("id", "=", deploymentId)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (row.attempt !== attempt || row.state !== "running") throw new Fenced(deploymentId, attempt);
      await crossing(`${name}.rows`, () => work(tx));
    }),
  );
}
