import type { Problem } from "@change-mgmt/api/problem.ts";
import type { ChangeSummary } from "../../data/types.ts";

/** What became of one change of several: done, refused in the server's words, or left alone and why. */
export interface Fate {
  readonly change: ChangeSummary;
  readonly state: "done" | "refused" | "left";
  readonly problem?: Pick<Problem, "code" | "detail" | "hint">;
  readonly why?: string;
}

/**
 * Does one thing to several changes, one after the other, each by the command that does it to one; what is refused for one stops no other.
 * `told` hears of each as it ends. `leave` says why a change is left alone. Ends early when the signal says so; the rest is not touched.
 */
export async function doToEach(
  changes: readonly ChangeSummary[],
  act: (change: ChangeSummary) => Promise<unknown>,
  options: {
    readonly problemOf: (error: unknown) => Pick<Problem, "code" | "detail" | "hint">;
    readonly told: (fates: readonly Fate[]) => void;
    readonly signal: AbortSignal;
    readonly leave?: ((change: ChangeSummary) => string | undefined) | undefined;
  },
): Promise<readonly Fate[]> {
  const fates: Fate[] = [];
  for (const change of changes) {
    fates.push(await fateOf(change, act, options));
    options.told([...fates]);
  }
  return fates;
}

async function fateOf(
  change: ChangeSummary,
  act: (change: ChangeSummary) => Promise<unknown>,
  { problemOf, signal, leave }: Parameters<typeof doToEach>[2],
): Promise<Fate> {
  if (signal.aborted) return { change, state: "left", why: "You stopped before it." };
  const why = leave?.(change);
  if (why !== undefined) return { change, state: "left", why };
  try {
    await act(change);
    return { change, state: "done" };
  } catch (error) {
    return { change, state: "refused", problem: problemOf(error) };
  }
}

/** Why a change is not cancelled together with others; nothing where it is a draft of one's own. */
export function notOwnDraft(change: Pick<ChangeSummary, "status" | "requester">, me: string): string | undefined {
  if (change.status !== "draft") return "It is no draft any more; cancel it on its own page.";
  return change.requester === me ? undefined : `It is a draft of ${change.requester}.`;
}
