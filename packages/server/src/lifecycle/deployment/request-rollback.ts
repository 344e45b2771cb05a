import { Rollback } from "@change-mgmt/api/changes.ts";
import type { Change } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import { checkNotHeld } from "@change-mgmt/domain/lifecycle/deployment/hold.ts";
import { checkFree, checkNotUnderWay } from "@change-mgmt/domain/lifecycle/deployment/occupied.ts";
import { sql } from "kysely";
import { z } from "zod";
import { type ChangeContext, type ChangeResult, defineChangeCommand } from "../../commands/command.ts";
import type { Tx } from "../../storage/store.ts";
import { type Attempted, attemptsSince, begunArtifacts, newestDeployment } from "./attempts.ts";
import type { DeploymentPlan } from "./plan.ts";
import { checkEnvironment, deploymentTarget, reserve } from "./request-deployment.ts";

const Input = Rollback.extend({ id: z.string() });

/** Asks for an environment to be put back to what it was before the change. */
export const requestRollback = defineChangeCommand<z.output<typeof Input>, { deployment: string }>({
  name: "change.rollback",
  permission: "change.rollback",
  input: Input,
  run: (context, { environment, reason }) => beginRollback(context, { environment, reason, by: context.actor.handle }),
});

/** Begins a rollback in somebody's name, whoever has found that it is needed; refused as a person would be. */
export async function beginRollback(
  { tx, change, situation, now, move, reload }: ChangeContext,
  { environment, reason, by }: { readonly environment: string; readonly reason: string; readonly by: string },
): Promise<Outcome<ChangeResult<{ deployment: string }>>> {
  const known = checkEnvironment(change, environment);
  if (!known.ok) return known;
  const standing = checkStanding(change, situation, environment);
  if (!standing.ok) return standing;
  const moved = move("rollback", change, environment);
  if (!moved.ok) return moved;
  const released = checkNotHeld(situation);
  if (!released.ok) return released;
  const free = checkFree(situation, environment);
  if (!free.ok) return free;
  const attempts = await attemptsToTakeBack(tx, change, environment);
  if (!attempts.ok) return attempts;
  const target = await deploymentTarget(tx, environment);
  if (!target.ok) return target;
  const of = attempts.value[0]!.id;
  const plan: DeploymentPlan = {
    change: { id: change.id, number: change.number, title: change.title },
    direction: "rollback",
    ...target.value,
    artifacts: begunArtifacts(attempts.value),
    of,
  };
  const back = checkWayBack(plan.artifacts);
  if (!back.ok) return back;
  const deployment = await reserve(tx, change, plan, reason, by, now);
  await reload();
  return accept({
    change: moved.value.change,
    moved: moved.value,
    events: [{ type: "rollback.requested", details: { deployment, environment, reason, of } }],
    value: { deployment },
  });
}

/** Refuses with NO_ROLLBACK, naming it, where a migration of what is to be taken back has no way back. */
export function checkWayBack(artifacts: Change["artifacts"]): Outcome<true> {
  const irreversible = artifacts.find((artifact) => artifact.kind === "migration" && !artifact.down?.trim());
  if (irreversible === undefined) return accept(true);
  return refuse(
    "NO_ROLLBACK",
    `${irreversible.name} has no down migration.`,
    "Write a further change that undoes it; the rollback procedure of this type says how.",
  );
}

/** Whether there is something to roll back in an environment. Refusals: ENVIRONMENT_BUSY, NOT_DEPLOYED, LATER_ENVIRONMENT. */
export function checkStanding(change: Change, situation: Situation, environment: string): Outcome<true> {
  const still = checkNotUnderWay(change, situation, environment);
  if (!still.ok) return still;
  const state = situation.environments.find((fact) => fact.environment === environment)?.state ?? "not-deployed";
  if (state === "deployed" || state === "failed") return checkOrder(change, situation, environment);
  return refuse(
    "NOT_DEPLOYED",
    `${change.number} is ${state.replace("-", " ")} in ${environment}; there is nothing to roll back.`,
    "Look at the environments of the change.",
  );
}

/** An environment keeps a change as long as one that comes after it has the change. */
function checkOrder(change: Change, situation: Situation, environment: string): Outcome<true> {
  const later = change.environments.slice(change.environments.indexOf(environment) + 1);
  const holding = situation.environments.find(
    (fact) => later.includes(fact.environment) && fact.state !== "not-deployed" && fact.state !== "rolled-back",
  );
  if (holding === undefined) return accept(true);
  return refuse(
    "LATER_ENVIRONMENT",
    `${holding.environment} comes after ${environment}, and ${change.number} is ${holding.state.replace("-", " ")} there.`,
    `Roll ${holding.environment} back first.`,
    { place: { pointer: "/environment" } },
  );
}

/** What there is to take back: every attempt since the environment was clean, and no other change may have come on top of them since. */
async function attemptsToTakeBack(tx: Tx, change: Change, environment: string): Promise<Outcome<Attempted[]>> {
  const newest = await newestDeployment(tx, change.id, environment);
  if (!newest) throw new Error(`${change.number} stands in ${environment} without a deployment`);
  const first = newest.plan.continues ?? newest.id;
  const { rows } = await sql<{ number: string }>`
    SELECT c.number FROM change_mgmt.change_environments e JOIN change_mgmt.change_requests c ON c.id = e.change_id
    JOIN change_mgmt.deployments d ON d.id = e.deployment_id
    WHERE e.environment = ${environment} AND e.change_id <> ${change.id} AND e.state IN ('deployed', 'failed') AND d.id > ${first}
    ORDER BY d.id DESC`.execute(tx);
  if (rows.length === 0) return accept(await attemptsSince(tx, newest.plan, first));
  return refuse(
    "NEWER_DEPLOYMENT",
    `${rows.map((row) => row.number).join(", ")} came to ${environment} after ${change.number}.`,
    "Roll the newer ones back first, newest first.",
    {
      details: { changes: rows.map((row) => row.number) },
    },
  );
}
