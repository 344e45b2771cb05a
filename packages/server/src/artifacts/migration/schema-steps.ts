import { type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { compareSchemas, diffSchemas, type SchemaDifference } from "@change-mgmt/domain/schema/diff.ts";
import { type SchemaModel, schemaHash } from "@change-mgmt/domain/schema/model.ts";
import { readSchema } from "../../assets/databases/read-schema.ts";
import type { PlannedStep, StepContext, StepResult } from "../artifact.ts";
import { failed } from "./failure.ts";
import { touchedBy } from "./ledger.ts";

/** Output of `snapshotStep`: what the runner keeps as the schema of the target at that moment. */
export interface SchemaSnapshot {
  readonly schema: SchemaModel;
  /** `schemaHash` of it. */
  readonly hash: string;
}

const NAMED_IN_MESSAGE = 5;
const NAMED_IN_PROBLEMS = 50;

/**
 * Step `drift-check`: the target's schema is the one last known, or nobody has known it yet (null).
 * Fails with TARGET_DRIFTED, each differing object a problem. A different order of columns passes with a note.
 */
export function driftCheckStep(lastKnown: SchemaModel | null): PlannedStep {
  return {
    id: "drift-check",
    title: "Check that nobody else changed the schema",
    async run(context) {
      if (lastKnown === null) {
        await context.say("No earlier schema of this target is known; there is nothing to compare with.");
        return { state: "done", output: { compared: false } };
      }
      const found = `The schema of environment "${context.environment.name}" is not the one the last deployment left`;
      return await checkDrift(context, lastKnown, found, "Nothing was run on the target.");
    },
  };
}

/**
 * A step that sees that the schema is the one from before people were waited for; null where it was not looked at then. Fails as `driftCheckStep`:
 * what was changed meanwhile is nothing that this deployment has done, and nobody has approved it. `later` are the artifacts that come after: where
 * the target says that the deployment has come to them, it goes on from a backup that is older than its own work, which is no drift.
 */
export function handworkCheckStep(
  id: string,
  before: () => Promise<SchemaModel | null>,
  later: readonly string[],
): PlannedStep {
  return {
    id,
    title: "Check that nobody changed the schema meanwhile",
    async run(context) {
      const lastKnown = await before();
      if (lastKnown === null) return { state: "done", output: { compared: false } };
      const target = await context.target();
      const touched = target.ok ? await touchedBy(target.value, context.deploymentId) : new Set();
      if (later.some((artifact) => touched.has(artifact))) {
        await context.say(
          "The target's ledger says that this deployment has gone on there before; the schema is not compared.",
        );
        return { state: "done", output: { compared: false } };
      }
      const found = `The schema of environment "${context.environment.name}" was changed while the deployment waited for a person`;
      return await checkDrift(
        context,
        lastKnown,
        found,
        "What the deployment had done before it waited is on the target, and so is what was changed meanwhile.",
      );
    },
  };
}

async function checkDrift(
  context: StepContext,
  lastKnown: SchemaModel,
  found: string,
  targetState: string,
): Promise<StepResult> {
  const now = await schemaOf(context);
  if (!now.ok) return failed(now.refusal, "What is on the target was not changed by looking at it.", true);
  const hint = "Put right what was changed by hand, or take it over as the known schema, then deploy again.";
  return judge(context, lastKnown, now.value, (differences) =>
    failed(differing("TARGET_DRIFTED", found, hint, differences).refusal, targetState, false),
  );
}

/** A step whose output is a `SchemaSnapshot` of the target. */
export function snapshotStep(id: string): PlannedStep {
  return {
    id,
    title: "Take a snapshot of the schema",
    async run(context) {
      const now = await schemaOf(context);
      if (!now.ok) return failed(now.refusal, "What is on the target was not changed by looking at it.", true);
      const snapshot: SchemaSnapshot = { schema: now.value, hash: schemaHash(now.value) };
      return { state: "done", output: snapshot };
    },
  };
}

/**
 * Step `compare-with-snapshot`: after a rollback the schema is the one from before the deployment.
 * Output `{ compared: true, equality: "exact" | "column-order" }`; fails with ROLLBACK_INCOMPLETE, each differing object a problem.
 */
export function compareWithSnapshotStep(before: () => SchemaModel): PlannedStep {
  return {
    id: "compare-with-snapshot",
    title: "Compare the schema with the snapshot from before the deployment",
    async run(context) {
      const now = await schemaOf(context);
      if (!now.ok) return failed(now.refusal, "The rollback ran; its result could not be compared.", true);
      return judge(context, before(), now.value, (differences) =>
        failed(
          differing(
            "ROLLBACK_INCOMPLETE",
            `The rollback ran, and the schema of environment "${context.environment.name}" is not what it was before the deployment`,
            "Put right by a change of its own what the rollback left behind or did not bring back.",
            differences,
          ).refusal,
          `The rollback is on the target, with ${differences.length} ${differences.length === 1 ? "difference" : "differences"} to the schema from before.`,
          false,
        ),
      );
    },
  };
}

async function judge(
  context: StepContext,
  expected: SchemaModel,
  found: SchemaModel,
  refused: (differences: SchemaDifference[]) => StepResult,
): Promise<StepResult> {
  const equality = compareSchemas(expected, found);
  const differences = diffSchemas(expected, found);
  if (equality === "differs") return refused(differences);
  for (const { object, detail } of differences) await context.say(`Note: ${object}: ${detail}.`);
  return { state: "done", output: { compared: true, equality } };
}

function differing(code: string, message: string, hint: string, differences: readonly SchemaDifference[]): Refused {
  const named = differences.slice(0, NAMED_IN_MESSAGE).map(({ object, detail }) => `${object} (${detail})`);
  const more = differences.length - named.length;
  return refuse(code, `${message}: ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}.`, hint, {
    problems: differences.slice(0, NAMED_IN_PROBLEMS).map(({ change, kind, object, detail }) => ({
      code: `${kind}_${change}`.toUpperCase(),
      message: `${object}: ${detail}`,
    })),
    details: { differences: differences.length },
  });
}

async function schemaOf(context: StepContext): Promise<Outcome<SchemaModel>> {
  const target = await context.target();
  return target.ok ? await readSchema(target.value, context.environment) : target;
}
