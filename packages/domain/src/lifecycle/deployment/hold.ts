import { accept, type Outcome, refuse } from "../../change/refusal.ts";
import type { Situation } from "../../change/situation.ts";

/** Refuses with DEPLOYMENTS_HELD, naming who holds them and why, while no deployment or rollback may begin anywhere. */
export function checkNotHeld({ hold }: Pick<Situation, "hold">): Outcome<true> {
  if (hold === null) return accept(true);
  return refuse(
    "DEPLOYMENTS_HELD",
    `Deployments are held since ${hold.since} by ${hold.by}: ${sentence(hold.reason)}`,
    "An operator or administrator releases them, with `change-mgmt deployment release` or on any page.",
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
