import type { Change } from "../../change/change.ts";
import type { Status } from "../../change/status.ts";
import type { Process, Requirement } from "../../process/process.ts";
import { limitEnd, workingTimeIn } from "../../process/working-time.ts";
import type { Move } from "../reopening.ts";
import { evaluateApprovals } from "./quorum.ts";
import { waitsFor } from "./requirements.ts";
import { RATIFYING_STATUSES, VOTING_STATUSES } from "./vote.ts";
import type { Person, Votable } from "./voters.ts";

/** Since when approvals are asked for: those before a deployment, and those that may come until closing. RFC 3339 UTC. */
export interface Asked {
  readonly deployment?: string;
  readonly closing?: string;
}

/** By when an approval that is still missing has to be given, and who hears of it when it is not. Times in RFC 3339 UTC. */
export interface Deadline {
  readonly requirement: string;
  readonly title: string;
  readonly environments: readonly string[];
  readonly askedAt: string;
  /** When three quarters of the time are over. */
  readonly remindAt: string;
  readonly dueAt: string;
  /** A position. */
  readonly escalateTo?: string;
  /** Who could give it. */
  readonly couldBeGivenBy: readonly string[];
}

/**
 * Since when approvals are asked for after these moves. Each time that a change comes to be approved they are asked for anew; a deployment
 * that ends takes none of the time away.
 */
export function askedSince(before: Asked | undefined, moves: readonly Move[], now: string): Asked | undefined {
  let asked = before;
  for (const { fromStatus, toStatus } of moves) {
    if (begins(toStatus, fromStatus, VOTING_STATUSES, asked?.deployment)) asked = { ...asked, deployment: now };
    if (begins(toStatus, fromStatus, RATIFYING_STATUSES, asked?.closing)) asked = { ...asked, closing: now };
  }
  return asked;
}

function begins(to: Status, from: Status, asking: ReadonlySet<Status>, since: string | undefined): boolean {
  if (!asking.has(to) || asking.has(from)) return false;
  return since === undefined || to === "awaiting_approval" || asking === RATIFYING_STATUSES;
}

/** The approvals with a time limit that a change waits for now, the next to be due first; whether it is over is for whoever knows the time. */
export function deadlinesOf(
  process: Process,
  change: Votable & Pick<Change, "asked" | "status" | "facts" | "environments">,
  { people, holidays }: { readonly people: readonly Person[]; readonly holidays?: readonly string[] | undefined },
): readonly Deadline[] {
  const time = workingTimeIn(process, holidays);
  const by = VOTING_STATUSES.has(change.status) ? "deployment" : "closing";
  const asked = change.asked?.[by];
  if (asked === undefined || (by === "closing" && !RATIFYING_STATUSES.has(change.status))) return [];
  const byRequirement = new Map<string, Deadline>();
  for (const environment of change.environments) {
    const { facts } = change;
    const { requirements, missing, decided, explanation } = evaluateApprovals({
      process,
      change,
      environment,
      facts,
      people,
      by,
    });
    for (const requirement of requirements.filter(({ id }) => missing.includes(id) && !decided.includes(id))) {
      const { id, title, within, escalateTo } = requirement;
      if (within === undefined) continue;
      if (waitsFor(requirement, requirements, (other) => decided.includes(other)).length > 0) continue;
      const askedAt = lastOf(requirement, change, asked);
      const dueAt = limitEnd(within, askedAt, time);
      const remind = Date.parse(dueAt) - (Date.parse(dueAt) - Date.parse(askedAt)) / 4;
      const known = byRequirement.get(id)?.environments ?? [];
      byRequirement.set(id, {
        requirement: id,
        title,
        environments: [...known, environment],
        askedAt,
        remindAt: new Date(remind).toISOString(),
        dueAt,
        ...(escalateTo === undefined ? {} : { escalateTo }),
        couldBeGivenBy: explanation.children.find((child) => child.id === id)!.couldBeGivenBy!,
      });
    }
  }
  return [...byRequirement.values()].sort((a, b) => a.dueAt.localeCompare(b.dueAt));
}

/** What comes after others is asked for when the last vote on them was cast. */
function lastOf({ after = [] }: Requirement, { votes, contentHash }: Votable, asked: string): string {
  const before = votes.filter((vote) => after.includes(vote.requirement) && vote.contentHash === contentHash);
  return [asked, ...before.map(({ at }) => new Date(at).toISOString())].sort().at(-1)!;
}

/** Whom a deadline's being over is told: whoever holds the position that it goes to, else those who could have answered, and the requester. */
export function toldOf(
  { escalateTo, couldBeGivenBy }: Deadline,
  { requester, team }: Pick<Change, "requester" | "team">,
  people: readonly Person[],
): readonly string[] {
  if (escalateTo === undefined) return [...new Set([...couldBeGivenBy, requester])];
  return people
    .filter(({ positions }) =>
      positions.some((held) => held.position === escalateTo && (held.team === undefined || held.team === team)),
    )
    .map(({ handle }) => handle);
}
