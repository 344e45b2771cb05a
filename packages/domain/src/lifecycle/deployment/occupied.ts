import type { Change } from "../../change/change.ts";
import { accept, type Outcome, type Refused, refuse } from "../../change/refusal.ts";
import type { Occupation, Situation } from "../../change/situation.ts";

/** Refuses with ENVIRONMENT_BUSY while a deployment or rollback of the change itself is at work in an environment. For before other questions. */
export function checkNotUnderWay(change: Change, situation: Situation, environment: string): Outcome<true> {
  const occupation = occupationOf(situation, environment);
  if (occupation === undefined || occupation.change !== change.number) return accept(true);
  const what = occupation.direction === "deploy" ? "being deployed to" : "being rolled back in";
  return busy(occupation, `${change.number} is ${what} ${environment} at this moment; ${phase(occupation)}.`);
}

/**
 * Refuses with ENVIRONMENT_BUSY, naming who has it and what that waits for, while anything is at work in an environment. For after the
 * gates: what keeps a change from going there when it is free can be seen to meanwhile.
 */
export function checkFree(situation: Pick<Situation, "occupied">, environment: string): Outcome<true> {
  const occupation = occupationOf(situation, environment);
  if (occupation === undefined) return accept(true);
  const what = occupation.direction === "deploy" ? `deployment to ${environment}` : `rollback in ${environment}`;
  return busy(occupation, `${occupation.change}'s ${what} has it at this moment; ${phase(occupation)}.`);
}

function occupationOf({ occupied }: Pick<Situation, "occupied">, environment: string): Occupation | undefined {
  return occupied.find((occupation) => occupation.environment === environment);
}

function busy({ state, deployment, change }: Occupation, message: string): Refused {
  const hint =
    state === "waiting"
      ? "One at a time per environment: have it signed off, let go on or stopped."
      : "One at a time per environment: wait until it has ended, or have it stopped.";
  return refuse("ENVIRONMENT_BUSY", message, hint, { details: { deployment, change } });
}

function phase({ state, waitsFor }: Occupation): string {
  if (state === "requested") return "it waits for a worker";
  if (state === "running") return "it is running";
  return waitsFor === null ? "it waits for a person" : `it waits for the sign-off of "${waitsFor}"`;
}
