import { accept, type Outcome, refuse } from "../../change/refusal.ts";
import type { EnvironmentFact } from "../../change/situation.ts";

const WORDS = {
  watching: (until: string) => `is watched by its rollback triggers until ${until} at least`,
  held: () => "is held: something that is watched there could not be measured, and nobody knows whether it is well",
  asking: () => "has a rollback trigger that was set off; somebody has to say whether it is rolled back",
  triggered: () => "has a rollback trigger that was set off; it will be rolled back as soon as it can be",
} as const;

/** Refuses with WATCH_OPEN as long as the deployment to an environment is watched and nobody has said that this is enough. */
export function checkWatchOver({ environment, watch }: EnvironmentFact): Outcome<true> {
  if (watch === undefined) return accept(true);
  return refuse(
    "WATCH_OPEN",
    `The deployment to ${environment} ${WORDS[watch.state](watch.until)}.`,
    "Wait for it, roll it back, or end the watch with a reason.",
    { details: { environment, watch: watch.state, until: watch.until } },
  );
}
