import type { EventHandler } from "../../outbox/handler.ts";
import { type DeploymentTools, runDeployment } from "./run-deployment.ts";

const RETRIES = 5;

/** Carries out deployments and rollbacks when they are asked for, and goes on when a manual step was signed off or a stop is wanted. */
export function carryOutDeployment(tools: DeploymentTools): EventHandler {
  return {
    name: "carry-out-deployment",
    events: [
      "deployment.requested",
      "rollback.requested",
      "deployment.signed-off",
      "deployment.cancel-requested",
      "deployment.resumed",
      "deployment.orphaned",
    ],
    retries: RETRIES,
    retryDelaySeconds: 2,
    concurrency: 4,
    async handle({ details, signal, attempt }) {
      await runDeployment(tools, String(details.deployment), signal, attempt > RETRIES);
    },
  };
}
