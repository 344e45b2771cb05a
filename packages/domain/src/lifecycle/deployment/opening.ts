import type { Change } from "../../change/change.ts";
import { accept, type Outcome, type Refusal } from "../../change/refusal.ts";
import type { Situation } from "../../change/situation.ts";
import { factsFor } from "../../process/facts.ts";
import type { Process } from "../../process/process.ts";
import { evaluateApprovals } from "../approval/quorum.ts";
import { giverOf } from "../approval/voters.ts";
import { checkWindow } from "./window.ts";

export interface OpeningQuestion {
  readonly process: Process;
  readonly change: Change;
  readonly situation: Pick<Situation, "people" | "now">;
}

/** What was passed with an approval of its own: why nothing would have started, and who let it. */
export interface Bypass {
  readonly code: Refusal["code"];
  readonly message: string;
  readonly approvedBy: readonly string[];
}

/**
 * Whether a deployment to an environment may start now: a window is open and no freeze, or the process has an approval for passing them and it
 * was given for this content. Refusals are those of `checkWindow`; where there is such an approval, the hint names it.
 */
export function checkOpening(question: OpeningQuestion, environment: string): Outcome<Bypass | null> {
  const { process, change, situation } = question;
  const facts = factsFor(process, change.facts, environment);
  const window = checkWindow(process, facts, change.fields, situation.now);
  if (window.ok) return accept(null);
  const { people } = situation;
  const { requirements, met } = evaluateApprovals({
    process,
    change,
    environment,
    facts: change.facts,
    people,
    by: "bypass",
  });
  const asked = requirements.filter(({ due }) => due === "bypass");
  if (asked.length === 0) return window;
  const { code, message, hint } = window.refusal;
  if (met) {
    const votes = change.votes.filter(
      (vote) =>
        vote.contentHash === change.contentHash &&
        vote.withdrawn === undefined &&
        asked.some(({ id }) => id === vote.requirement),
    );
    return accept({ code, message, approvedBy: [...new Set(votes.map(giverOf))] });
  }
  const ids = asked.map(({ id }) => id).join(", ");
  return { ok: false, refusal: { ...window.refusal, hint: `${hint} Before that it takes the approval ${ids}.` } };
}
