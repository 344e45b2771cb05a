import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import { type JournalEntry, readJournal } from "../../storage/journal.ts";
import type { Db, Tx } from "../../storage/store.ts";
import type { DeploymentPlan } from "./plan.ts";

/** A deployment of a change to an environment, and how far it came. */
export interface Attempted {
  readonly id: string;
  readonly plan: DeploymentPlan;
  readonly journal: readonly JournalEntry[];
}

/** The newest deployment of a change to an environment. */
export async function newestDeployment(
  db: Db | Tx,
  changeId: string,
  environment: string,
): Promise<{ id: string; plan: DeploymentPlan } | undefined> {
  const row = await db
    .selectFrom("deployments")
    .select(["id", "plan"])
    .where("change_id", "=", changeId)
    .where("environment", "=", environment)
    .where("direction", "=", "deploy")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && { id: row.id, plan: row.plan as DeploymentPlan };
}

/** The deployments of a change to an environment from `first` on, oldest first, without `except`: what was tried since it was last clean. */
export async function attemptsSince(
  db: Db | Tx,
  { change, environment }: Pick<DeploymentPlan, "change" | "environment">,
  first: string,
  except?: string,
): Promise<Attempted[]> {
  const rows = await db
    .selectFrom("deployments")
    .select(["id", "plan"])
    .where("change_id", "=", change.id)
    .where("environment", "=", environment.name)
    .where("direction", "=", "deploy")
    .where("id", ">=", first)
    .orderBy("id")
    .execute();
  const attempts: Attempted[] = [];
  for (const { id, plan } of rows) {
    if (id !== except) attempts.push({ id, plan: plan as DeploymentPlan, journal: await readJournal(db, id) });
  }
  return attempts;
}

/** What earlier tries of a step have left to remember, until the step has an output of its own. */
export interface Tries {
  /** How often it broke unexpectedly. */
  readonly broke: number;
  /** Whether a try ended without an answer, so that nobody knows what it did. */
  readonly cutOff: boolean;
}

/** What is remembered of a step that was not done; one that is still written down as running was cut off. */
export function triesOf(entry: Pick<JournalEntry, "state" | "output"> | undefined): Tries {
  const { broke = 0, cutOff = false } = (entry?.output ?? {}) as Partial<Tries>;
  return { broke, cutOff: cutOff || entry?.state === "running" };
}

/** Rows that a step in batches had gone through when it was last left; each batch is on the target. */
export function rowsOf(output: unknown): number {
  return (output as { readonly rows?: number } | null)?.rows ?? 0;
}

/** Steps of artifacts have a colon in their ids; the engine's own have not. */
export function isArtifactStep(step: string): boolean {
  return step.includes(":");
}

/** Whether a step may have left something on the target: it is done, or ended in a way that does not rule it out. */
export function mayHaveTouched({ step, state, output }: JournalEntry): boolean {
  if (!isArtifactStep(step) || state === "waiting") return false;
  if (state === "done" || rowsOf(output) > 0) return true;
  // One transaction that failed has left nothing.
  return (state === "failed" && !step.endsWith(":apply")) || triesOf({ state, output }).cutOff;
}

/** Whether a step has to do with the target already: it may have touched it, or waits for people who do. */
export function hasStarted(entry: JournalEntry): boolean {
  return mayHaveTouched(entry) || (isArtifactStep(entry.step) && entry.state === "waiting");
}

function stepsOf(artifact: string, journal: readonly JournalEntry[]): JournalEntry[] {
  return journal.filter((entry) => entry.step.startsWith(`${artifact}:`));
}

/** Whether anything of an artifact may be on the target after these attempts. */
export function mayBeThere(artifact: string, attempts: readonly Attempted[]): boolean {
  return attempts.some(({ journal }) => stepsOf(artifact, journal).some(mayHaveTouched));
}

/** Whether one of these attempts came to the end of an artifact. */
export function isComplete(artifact: string, attempts: readonly Attempted[]): boolean {
  return attempts.some(({ journal }) => {
    const steps = stepsOf(artifact, journal);
    return steps.length > 0 && steps.every((entry) => entry.state === "done");
  });
}

/**
 * What there is to take back: each artifact that was begun, as it was when a step of it was first done, last one first. What never came to
 * its turn needs no taking back.
 */
export function begunArtifacts(attempts: readonly Attempted[]): Artifact[] {
  const begun = new Map<string, { artifact: Artifact; done: boolean }>();
  for (const { plan, journal } of attempts) {
    for (const artifact of plan.artifacts) {
      const steps = stepsOf(artifact.id, journal).filter((entry) => entry.state !== "pending" || mayHaveTouched(entry));
      const done = steps.some((entry) => entry.state === "done");
      const known = begun.get(artifact.id);
      if (steps.length > 0 && (known === undefined || (done && !known.done)))
        begun.set(artifact.id, { artifact, done });
    }
  }
  return [...begun.values()].map(({ artifact }) => artifact).reverse();
}
