import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { PlannedStep } from "../../artifacts/artifact.ts";
import {
  compareWithSnapshotStep,
  driftCheckStep,
  handworkCheckStep,
  snapshotStep,
} from "../../artifacts/migration/schema-steps.ts";
import { kindOf } from "../../artifacts/registry.ts";
import type { Db } from "../../storage/store.ts";
import { type Attempted, attemptsSince, isComplete, mayBeThere } from "./attempts.ts";
import type { DeploymentPlan } from "./plan.ts";
import { aroundHandwork, knownSchema, SNAPSHOT_AFTER, SNAPSHOT_BEFORE, schemaSeen } from "./snapshots.ts";

/**
 * The steps of a deployment: drift check and snapshot, the artifacts, snapshot. While people do their part anybody may change the schema, so
 * it is looked at before and after. A rollback compares the schema with the snapshot that its deployment took before. Without migrations the
 * schema is nobody's business.
 */
export async function planSteps(db: Db, plan: DeploymentPlan, deploymentId: string): Promise<Outcome<PlannedStep[]>> {
  const first = plan.of ?? plan.continues;
  const attempts = first === undefined ? [] : await attemptsSince(db, plan, first, deploymentId);
  const stretches: { byHand: boolean; steps: PlannedStep[]; later: readonly string[] }[] = [];
  for (const [at, artifact] of plan.artifacts.entries()) {
    const planned = await kindOf(artifact).plan(artifact, plan.direction);
    if (!planned.ok) return planned;
    const steps = passingOver(planned.value, nothingToDo(plan, artifact.id, attempts));
    const byHand = artifact.kind === "manual";
    const later = plan.artifacts.slice(at + 1).map(({ id }) => id);
    const last = stretches.at(-1);
    if (last?.byHand === byHand) Object.assign(last, { steps: [...last.steps, ...steps], later });
    else stretches.push({ byHand, steps: [...steps], later });
  }
  if (!plan.artifacts.some((artifact) => artifact.kind === "migration"))
    return accept(stretches.flatMap(({ steps }) => steps));
  const known = await knownSchema(db, plan.environment.name, deploymentId);
  const around = [driftCheckStep(known), ...(plan.direction === "deploy" ? [snapshotStep(SNAPSHOT_BEFORE)] : [])];
  const before = plan.of === null ? null : await schemaSeen(db, plan.of, "before");
  const compare = before === null ? [] : [compareWithSnapshotStep(() => before.schema)];
  const handwork = stretches.filter(({ byHand }) => byHand);
  const steps = stretches.flatMap((stretch) => {
    if (!stretch.byHand) return stretch.steps;
    const ids = aroundHandwork(handwork.indexOf(stretch) + 1);
    const left = async () => (await schemaSeen(db, deploymentId, "before-handwork"))?.schema ?? null;
    return [snapshotStep(ids.before), ...stretch.steps, handworkCheckStep(ids.after, left, stretch.later)];
  });
  return accept([...around, ...steps, ...compare, snapshotStep(SNAPSHOT_AFTER)]);
}

/** Refusals that only say that what is wanted of an artifact is so already, given what earlier attempts have left. */
function nothingToDo({ direction }: DeploymentPlan, artifact: string, attempts: readonly Attempted[]): string[] {
  if (direction === "deploy") return mayBeThere(artifact, attempts) ? ["ALREADY_APPLIED"] : [];
  return ["ALREADY_ROLLED_BACK", ...(isComplete(artifact, attempts) ? [] : ["NOT_APPLIED"])];
}

/** The steps of one artifact, done without doing anything once one of them was refused with one of these codes. */
function passingOver(steps: readonly PlannedStep[], codes: readonly string[]): readonly PlannedStep[] {
  if (codes.length === 0) return steps;
  return steps.map((step) => ({
    ...step,
    async run(context) {
      const passed = steps.map(({ id }) => context.earlier[id] as { passedOver?: string } | null | undefined);
      const already = passed.find((output) => output?.passedOver !== undefined);
      if (already) return { state: "done", output: already };
      const result = await step.run(context);
      if (result.state !== "failed" || !codes.includes(result.refusal.code)) return result;
      await context.say(`${result.refusal.message} It is passed over.`);
      return { state: "done", output: { passedOver: result.refusal.code } };
    },
  }));
}
