/** What the journal knows of a step: in which taking-up of its deployment it last ran, and whether a person has signed it off. */
export interface RunStep {
  readonly attempt: number;
  readonly signedOff: boolean;
}

/**
 * How often a deployment and each of its steps, in their order, were begun because what went before was cut off or failed. A deployment is
 * also taken up again when it goes on after a sign-off: that is no further try, neither of it nor of what comes after.
 */
export function triesOf(attempt: number, steps: readonly RunStep[]): { deployment: number; steps: readonly number[] } {
  let wentOn = 0;
  let repeated = 0;
  const tries = steps.map((step) => {
    if (step.signedOff) wentOn++;
    const further = Math.max(0, step.attempt - 1 - wentOn - repeated);
    repeated += further;
    return 1 + further;
  });
  return { deployment: Math.min(attempt, Math.max(1, attempt - wentOn)), steps: tries };
}
