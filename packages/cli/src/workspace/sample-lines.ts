import type { CallOutput } from "@change-mgmt/api/client.ts";

type Sample = CallOutput<"sample.get">;
type Removal = CallOutput<"sample.remove">;

const STATES: Readonly<Record<Sample["state"], string>> = {
  none: "There is no sample workspace here.",
  people: "The sample workspace is there, without its changes.",
  making: "The sample workspace is being made",
  made: "The sample workspace is there",
  removing: "The sample workspace is being removed.",
  removed: "The sample workspace was removed.",
};

/** How far the sample is, in a sentence. */
export function sampleLine({ state, made, inAll }: Pick<Sample, "state" | "made" | "inAll">): string {
  return state === "making" || state === "made" ? `${STATES[state]}: ${made} of ${inAll} changes.` : STATES[state];
}

/** What a removal takes away, or took. */
export function removalLines({ done, changes, people, teams, environments, running }: Removal): string[] {
  const list = (title: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [`  ${names.length} ${names.length === 1 ? title.slice(0, -1) : title}: ${names.join(", ")}`];
  return [
    done ? "Removed:" : "This removes the sample workspace:",
    ...list("changes", changes),
    ...list("people", people),
    ...list("teams", teams),
    ...list("databases", environments),
    ...(running.length > 0 && !done ? [`  Deployments of ${running.join(", ")} are stopped first.`] : []),
    done
      ? "The audit trail stays as it is; `change-mgmt sample make` makes the sample again."
      : "The audit trail stays as it is, and numbers are not given out again.",
  ];
}
