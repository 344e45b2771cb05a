import { ProblemError } from "@change-mgmt/api/client.ts";
import type { People } from "../../acceptance/testing/people.ts";
import { handwork, migration, Road } from "../../acceptance/testing/road.ts";
import { until } from "../../acceptance/testing/waiting.ts";

/** How far a change is walked and what it carries. */
export type Kind = "approved" | "handwork" | "migration";

/** A change that was walked to its end: what people were told is done must be there for ever. */
export interface Walked {
  readonly number: string;
  readonly kind: Kind;
  /** What the migration adds, where there is one. */
  readonly column: string;
}

const ENDS_WITHIN_MS = 900_000;

/** One change from its creation to the approval and, unless that is its end, to a deployment in development. */
export async function walk(people: People, n: number, kind: Kind): Promise<Walked> {
  const column = `column${n}`;
  const artifact =
    kind === "migration"
      ? migration(column, `ALTER TABLE users ADD COLUMN ${column} text;`, `ALTER TABLE users DROP COLUMN ${column};`)
      : handwork("look");
  const road = await Road.begin(people, { title: `Change ${n}`, artifacts: [artifact] });
  await road.untilApproved();
  if (kind !== "approved") await deploy(people, road);
  return { number: road.number, kind, column };
}

async function deploy({ olga }: People, road: Road): Promise<void> {
  const { id } = await until(
    `${road.number} gets the environment`,
    async () => {
      try {
        return await olga.ask("changes.deploy", { params: road.params, body: { environment: "development" } });
      } catch (error) {
        // Another change is being deployed there: that is no trouble, and one's turn comes.
        if (error instanceof ProblemError && error.problem.code === "ENVIRONMENT_BUSY") return { id: "" };
        throw error;
      }
    },
    (got) => got.id !== "",
    ENDS_WITHIN_MS,
  );
  const ended = await until(
    `${road.number} is deployed`,
    async () => {
      const now = await olga.ask("deployments.get", { params: { id } });
      const step = now.state === "waiting" ? now.steps.find(({ state }) => state === "waiting") : undefined;
      if (step) await signOff({ olga } as People, road, step.id);
      return now;
    },
    ({ state }) => ["succeeded", "failed", "cancelled"].includes(state),
    ENDS_WITHIN_MS,
  );
  if (ended.state !== "succeeded")
    throw new Error(`the deployment ends as ${ended.state}: ${JSON.stringify(ended.refusal)} ${ended.targetState}`);
}

async function signOff({ olga }: People, road: Road, step: string): Promise<void> {
  try {
    await olga.ask("changes.signOff", { params: road.params, body: { step, note: "Looked." } });
  } catch (error) {
    // It has gone on between the look and the hand.
    if (!(error instanceof ProblemError && ["STEP_UNKNOWN", "ALREADY_SIGNED_OFF"].includes(error.problem.code)))
      throw error;
  }
}
