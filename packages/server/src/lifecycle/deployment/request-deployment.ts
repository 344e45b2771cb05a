import { resolve } from "node:path";
import { Deploy } from "@change-mgmt/api/changes.ts";
import type { Change } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import { checkNotHeld } from "@change-mgmt/domain/lifecycle/deployment/hold.ts";
import { checkFree, checkNotUnderWay } from "@change-mgmt/domain/lifecycle/deployment/occupied.ts";
import { checkOpening } from "@change-mgmt/domain/lifecycle/deployment/opening.ts";
import { obligations } from "@change-mgmt/domain/lifecycle/deployment/procedure.ts";
import { watchPlan } from "@change-mgmt/domain/lifecycle/monitoring/watch.ts";
import type { Settled } from "@change-mgmt/domain/lifecycle/settle.ts";
import { z } from "zod";
import type { ConfiguredCommand } from "../../artifacts/artifact.ts";
import { kindOf } from "../../artifacts/registry.ts";
import { defineChangeCommand } from "../../commands/command.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import { newId } from "../../storage/ids.ts";
import { json } from "../../storage/json.ts";
import type { Db, Tx } from "../../storage/store.ts";
import { newestDeployment } from "./attempts.ts";
import { bypassEvents } from "./bypass-events.ts";
import type { DeploymentPlan } from "./plan.ts";

const Input = Deploy.extend({ id: z.string() });

/** Asks for a deployment to an environment. The gates are looked at here, in the transaction that reserves the environment. */
export const requestDeployment = defineChangeCommand<z.output<typeof Input>, { deployment: string }>({
  name: "change.deploy",
  permission: "change.deploy",
  duty: "deploy",
  input: Input,
  async run({ tx, change, process, situation, actor, now, move, reload }, { environment }) {
    const ready = await readyToDeploy(tx, change, situation, environment, () => move("deploy", change, environment));
    if (!ready.ok) return ready;
    const { moved } = ready.value;
    const watch = watchPlan(process, change.facts, environment);
    const plan: DeploymentPlan = { ...ready.value.plan, ...(watch === null ? {} : { watch }) };
    // Whatever the stage asks for: of a process that has windows or freezes, nothing starts outside them on any way.
    const opening = checkOpening({ process, change, situation }, environment);
    if (!opening.ok) return opening;
    const deployment = await reserve(tx, change, plan, null, actor.handle, now);
    await reload();
    return accept({
      change: moved.change,
      moved,
      events: [
        ...bypassEvents(opening.value, { environment, deployment }),
        {
          type: "deployment.requested",
          details: {
            deployment,
            environment,
            contentHash: change.contentHash,
            ...(plan.continues === undefined ? {} : { continues: plan.continues }),
          },
          deployment: {
            deployment_timestamp: now.toISOString(),
            deployment_method: "stepwise",
            rollback_available: rollbackAvailable(change),
            monitoring_period_days: obligations(process, change.facts).monitoringDays,
          },
        },
      ],
      value: { deployment },
    });
  },
});

/** What a deployment to an environment would carry out, and the move through the gates it begins with; or why there can be none now. */
export async function readyToDeploy(
  db: Db | Tx,
  change: Change,
  situation: Situation,
  environment: string,
  move: () => Outcome<Settled>,
): Promise<Outcome<{ plan: DeploymentPlan; moved: Settled }>> {
  const known = checkEnvironment(change, environment);
  if (!known.ok) return known;
  const still = checkNotUnderWay(change, situation, environment);
  if (!still.ok) return still;
  const state = situation.environments.find((fact) => fact.environment === environment)?.state;
  if (state === "deployed") {
    return refuse(
      "ALREADY_DEPLOYED",
      `${change.number} is deployed to ${environment} already.`,
      "There is nothing to do there.",
    );
  }
  const moved = move();
  if (!moved.ok) return moved;
  const released = checkNotHeld(situation);
  if (!released.ok) return released;
  const free = checkFree(situation, environment);
  if (!free.ok) return free;
  const target = await deploymentTarget(db, environment);
  if (!target.ok) return target;
  for (const artifact of change.artifacts) {
    const prepared = await kindOf(artifact).prepare(artifact, target.value.commands);
    if (!prepared.ok) return prepared;
  }
  const newest = state === "failed" ? await newestDeployment(db, change.id, environment) : undefined;
  const plan: DeploymentPlan = {
    change: { id: change.id, number: change.number, title: change.title },
    direction: "deploy",
    ...target.value,
    artifacts: change.artifacts,
    of: null,
    ...(newest === undefined ? {} : { continues: newest.plan.continues ?? newest.id }),
  };
  return accept({ plan, moved: moved.value });
}

/** Whether every artifact of a change can be taken back. */
export function rollbackAvailable(change: Pick<Change, "artifacts">): boolean {
  return change.artifacts.every((artifact) => artifact.kind !== "migration" || artifact.down !== null);
}

/** Refuses an environment that the change does not go through. */
export function checkEnvironment(change: Change, environment: string): Outcome<true> {
  if (change.environments.includes(environment)) return accept(true);
  return refuse(
    "ENVIRONMENT_UNKNOWN",
    `${change.number} does not go through an environment "${environment}".`,
    `Environments: ${change.environments.join(", ") || "none"}.`,
    {
      place: { pointer: "/environment" },
    },
  );
}

/** The environment and commands of the configuration in force. */
export async function deploymentTarget(
  db: Db | Tx,
  environment: string,
): Promise<Outcome<Pick<DeploymentPlan, "environment" | "commands">>> {
  const configuration = await currentConfiguration(db);
  const found = configuration?.document.environments.find(({ name }) => name === environment);
  if (!configuration || !found) {
    return refuse(
      "ENVIRONMENT_UNKNOWN",
      `The configuration in force has no environment "${environment}".`,
      "Import a configuration that has it.",
    );
  }
  const commands = Object.entries(configuration.document.commands).map(
    ([name, command]): [string, ConfiguredCommand] => [
      name,
      { ...command, workingFolder: resolve(configuration.folder ?? "", command.workingFolder) } as ConfiguredCommand,
    ],
  );
  return accept({ environment: found, commands: Object.fromEntries(commands) });
}

/** Reserves the environment for a deployment; the database refuses a second one whatever runs at once. */
export async function reserve(
  tx: Tx,
  change: Change,
  plan: DeploymentPlan,
  reason: string | null,
  by: string,
  now: Date,
): Promise<string> {
  const id = newId();
  const environment = plan.environment.name;
  await tx
    .insertInto("deployments")
    .values({
      id,
      change_id: change.id,
      environment,
      direction: plan.direction,
      state: "requested",
      content_hash: change.contentHash,
      plan: json<unknown>(plan),
      reason,
      requested_by: by,
      requested_at: now,
      started_at: null,
      finished_at: null,
      cancelled_by: null,
      cancel_reason: null,
      target_state: null,
    })
    .execute();
  await setEnvironmentState(
    tx,
    change.id,
    environment,
    plan.direction === "deploy" ? "deploying" : "rolling-back",
    id,
    now,
  );
  return id;
}

/** Writes where an environment stands with a change. */
export async function setEnvironmentState(
  tx: Tx,
  changeId: string,
  environment: string,
  state: string,
  deployment: string,
  now: Date,
): Promise<void> {
  await tx
    .insertInto("change_environments")
    .values({ change_id: changeId, environment, state, deployment_id: deployment, updated_at: now })
    .onConflict((conflict) =>
      conflict.columns(["change_id", "environment"]).doUpdateSet({ state, deployment_id: deployment, updated_at: now }),
    )
    .execute();
}
