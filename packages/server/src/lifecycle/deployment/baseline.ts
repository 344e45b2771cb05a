import type { PlannedStep } from "../../artifacts/artifact.ts";
import type { ConfiguredMeasure, Measure, Measured } from "../../assets/measures/measure.ts";
import type { DeploymentPlan } from "./plan.ts";

/** The step that measures before anything is done; its output is what was measured, by trigger. */
export const BASELINE = "baseline";

/** How the triggers of a plan are measured in its environment, by trigger; those that nothing measures are not in it. */
export function measuresOf({ watch, environment }: DeploymentPlan): Readonly<Record<string, ConfiguredMeasure>> {
  const configured = environment.watch ?? [];
  return Object.fromEntries(
    (watch?.triggers ?? []).flatMap(({ id, metric }) => {
      const measure = configured.find((one) => one.metric === metric);
      return measure === undefined ? [] : [[id, measure]];
    }),
  );
}

/**
 * Measures, before anything is done to the target, what is looked at afterwards. What cannot be measured keeps nothing from being deployed: it
 * is said, and whatever is compared with it later is held.
 */
export function baselineSteps(plan: DeploymentPlan, measure: Measure | undefined): readonly PlannedStep[] {
  const measures = Object.entries(measuresOf(plan));
  if (measure === undefined || plan.direction !== "deploy" || measures.length === 0) return [];
  return [
    {
      id: BASELINE,
      title: "Measure what is watched afterwards",
      async run({ environment, signal, say }) {
        const baseline: Record<string, Measured> = {};
        for (const [trigger, configured] of measures) {
          const measured = await measure(configured, { environment, stop: signal });
          baseline[trigger] = measured;
          const { reading } = measured;
          const isFirstLook = measured.memory !== undefined && "missing" in reading;
          const words = "missing" in reading ? reading.missing : String(reading.value);
          await say(`${configured.metric}: ${isFirstLook ? "counted from now on" : words}`);
        }
        return { state: "done", output: baseline };
      },
    },
  ];
}
