import type { ManualArtifact } from "@change-mgmt/domain/change/change.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { ArtifactKind, PlannedStep } from "../artifact.ts";

/**
 * What people do by hand. Each step waits until it is signed off under its own id: `<artifact>:<step>`,
 * and when it is taken back, last one first, `<artifact>:<step>:undo`.
 */
export const manualKind: ArtifactKind<ManualArtifact> = {
  kind: "manual",
  async prepare(artifact) {
    const ids = artifact.steps.map((step) => step.id);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (artifact.steps.length === 0) {
      return refuse("NO_STEPS", `"${artifact.name}" has no steps.`, "Write down what is to be done, step by step.");
    }
    if (twice !== undefined) {
      return refuse(
        "STEP_ID_TWICE",
        `Two steps of "${artifact.name}" have the id "${twice}".`,
        "Give each step an id of its own.",
      );
    }
    return accept(true);
  },
  async plan(artifact, direction) {
    if (direction === "deploy") {
      return accept(artifact.steps.map((step) => waitForSignOff(`${artifact.id}:${step.id}`, step.title)));
    }
    const backwards = [...artifact.steps].reverse();
    return accept(backwards.map((step) => waitForSignOff(`${artifact.id}:${step.id}:undo`, step.undo)));
  },
};

function waitForSignOff(id: string, title: string): PlannedStep {
  return {
    id,
    title,
    async run(context) {
      const signOff = Object.hasOwn(context.signOffs, id) ? context.signOffs[id]! : null;
      return signOff === null
        ? { state: "waiting", message: `To be done by a person and signed off: ${title}` }
        : { state: "done", output: signOff };
    },
  };
}
