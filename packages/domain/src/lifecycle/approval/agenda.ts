import type { Change } from "../../change/change.ts";
import type { Process } from "../../process/process.ts";
import { evaluateApprovals } from "./quorum.ts";
import { decisionText } from "./requirements.ts";
import { RATIFYING_STATUSES, VOTING_STATUSES } from "./vote.ts";
import type { Person, Votable } from "./voters.ts";

/** What a board is asked about a change, and how its vote stands. */
export interface AgendaItem {
  readonly requirement: string;
  readonly title: string;
  readonly environments: readonly string[];
  /** How it decides, in words. */
  readonly decision: string;
  /** How the vote stands, in words. */
  readonly standing: string;
  /** It is deployed already, and the board ratifies it. */
  readonly ratifies: boolean;
}

/** What waits for a board on a change: the approvals that are asked of it now and that it has not decided. */
export function agendaOf(
  process: Process,
  change: Votable & Pick<Change, "status" | "facts" | "environments">,
  board: string,
  people: readonly Person[],
): readonly AgendaItem[] {
  const ratifies = RATIFYING_STATUSES.has(change.status);
  if (!ratifies && !VOTING_STATUSES.has(change.status)) return [];
  const items = new Map<string, AgendaItem>();
  for (const environment of change.environments) {
    const { requirements, missing, decided, explanation } = evaluateApprovals({
      process,
      change,
      environment,
      facts: change.facts,
      people,
      by: ratifies ? "closing" : "deployment",
    });
    for (const requirement of requirements.filter(({ from }) => from.board === board)) {
      const { id, title } = requirement;
      if (!missing.includes(id) || decided.includes(id)) continue;
      const environments = [...(items.get(id)?.environments ?? []), environment];
      const standing = explanation.children.find((child) => child.id === id)!.reason;
      items.set(id, { requirement: id, title, environments, decision: decisionText(requirement), standing, ratifies });
    }
  }
  return [...items.values()];
}
