import { createHash } from "node:crypto";
import type { ExternalArtifact } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Direction, StepContext } from "../artifact.ts";

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Fills `${NAME}` in the configured arguments from the worker's environment; `secrets` are the values put in. Refuses with
 * COMMAND_REFERENCE_MISSING. Arguments of an artifact never come through here: who writes a change may not read our secrets.
 */
export function resolveArguments(
  argv: readonly string[],
  command: string,
  env: NodeJS.ProcessEnv = process.env,
): Outcome<{ argv: string[]; secrets: string[] }> {
  const names = argv.flatMap((argument) => [...argument.matchAll(REFERENCE)].map((match) => match[1]!));
  const missing = names.find((name) => env[name] === undefined);
  if (missing !== undefined) {
    return refuse(
      "COMMAND_REFERENCE_MISSING",
      `The variable ${missing}, which the command "${command}" refers to, is not set.`,
      `Set ${missing} where the worker runs, then start the worker again.`,
      { details: { variable: missing } },
    );
  }
  return accept({
    argv: argv.map((argument) => argument.replace(REFERENCE, (_, name: string) => env[name]!)),
    secrets: names.map((name) => env[name]!),
  });
}

const OURS = /^(CHANGE_MGMT_.*|DATABASE_URL|SHADOW_DATABASE_URL|PGPASSWORD)$/;

/** The worker's environment without this product's own settings and secrets, and with what a command is told about its deployment. */
export function commandEnvironment(
  artifact: ExternalArtifact,
  direction: Direction,
  context: StepContext,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !OURS.test(name))),
    CHANGE_MGMT_CHANGE: context.change.number,
    CHANGE_MGMT_ENVIRONMENT: context.environment.name,
    CHANGE_MGMT_DEPLOYMENT: context.deploymentId,
    CHANGE_MGMT_DIRECTION: direction,
    CHANGE_MGMT_IDEMPOTENCY_KEY: idempotencyKey(context.deploymentId, artifact.id, direction),
  };
}

/** Stable over attempts, different for each deployment, artifact and direction. */
function idempotencyKey(deploymentId: string, artifactId: string, direction: Direction): string {
  return createHash("sha256")
    .update(JSON.stringify([deploymentId, artifactId, direction]))
    .digest("hex")
    .slice(0, 32);
}
