import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { migrationKind } from "../artifacts/migration/migration.ts";
import { createTargets } from "../assets/databases/targets.ts";
import { accepted, anEnvironment, aStepContext, runSteps } from "./step-context.ts";

// A process of its own that carries a migration out on a target and says each batch on a line, to be killed in the middle of it.
const { artifact, deploymentId, target } = JSON.parse(process.argv[2]!) as {
  artifact: MigrationArtifact;
  deploymentId: string;
  target: string;
};
const targets = createTargets({ dataFolder: "/nowhere", env: { TARGET: target } });
const context = aStepContext(anEnvironment("$" + "{TARGET}"), targets, {
  deploymentId,
  progress: async ({ done }) => void process.stdout.write(`${done}\n`),
});
await runSteps(accepted(await migrationKind.plan(artifact, "deploy")), context);
await context.close();
