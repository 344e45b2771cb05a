import type { Act } from "@change-mgmt/api/changes.ts";
import type { Change } from "@change-mgmt/domain/change/change.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import type { Status } from "@change-mgmt/domain/change/status.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { deadlinesOf, toldOf } from "@change-mgmt/domain/lifecycle/approval/deadline.ts";
import { RATIFYING_STATUSES } from "@change-mgmt/domain/lifecycle/approval/vote.ts";
import { standsInFor } from "@change-mgmt/domain/lifecycle/approval/voters.ts";
import { openSteps } from "@change-mgmt/domain/lifecycle/implementation/checklist.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import type { z } from "zod";

/** Where a change stays until somebody takes it up again. */
const STOPPED: ReadonlySet<Status> = new Set(["rejected", "failed", "rolled_back"]);

function voicesOf(people: Situation["people"], { handle }: Actor, now: string): readonly string[] {
  const person = people.find((one) => one.handle === handle);
  return [handle, ...(person === undefined ? [] : standsInFor(person, now))];
}

function dueText(dueAt: string, now: string): string {
  return now < dueAt ? `, due by ${dueAt}` : `; it was due by ${dueAt}`;
}

type Acts = readonly z.input<typeof Act>[];

/**
 * The one act a change waits for from this person, and why it is theirs; undefined when it waits for nobody in particular or for
 * somebody else. What a person merely may do does not wait for them: the change is theirs, their team's, or names their role.
 */
export function waitsFor(
  process: Process,
  change: Change,
  acts: Acts,
  actor: Actor,
  { people, holidays, now }: Pick<Situation, "people" | "holidays" | "now">,
): { readonly act: string; readonly reason: string; readonly dueAt?: string } | undefined {
  const may = (name: string) => acts.some((act) => act.act === name && act.allowed);
  const requested = change.requester === actor.handle;
  const assigned = change.assignee === actor.handle;
  const ofMyTeam = change.team !== null && actor.teams.includes(change.team);
  const whose = assigned ? "is assigned to you" : ofMyTeam ? `belongs to your team ${change.team}` : "is your change";
  const mine = assigned || (change.assignee === null && (ofMyTeam || requested));

  if (requested && acts.some((act) => act.act === "submit")) {
    return {
      act: "submit",
      reason: may("submit") ? "Your draft is complete and can be submitted." : "Your draft is not submitted yet.",
    };
  }
  const deadlines = deadlinesOf(process, change, { people, holidays });
  if (may("vote")) {
    const due = deadlines.find(({ couldBeGivenBy }) =>
      voicesOf(people, actor, now).some((one) => couldBeGivenBy.includes(one)),
    );
    return {
      act: "vote",
      reason: `${RATIFYING_STATUSES.has(change.status) ? "It is deployed and cannot be closed without an approval that you could give" : "You could give an approval that is still missing"}${due === undefined ? "" : dueText(due.dueAt, now)}.`,
      ...(due === undefined ? {} : { dueAt: due.dueAt }),
    };
  }
  const late = deadlines.find(
    (deadline) => deadline.dueAt <= now && toldOf(deadline, change, people).includes(actor.handle),
  );
  if (late !== undefined && late.escalateTo !== undefined) {
    return {
      act: "escalation",
      reason: `The approval "${late.title}" was due by ${late.dueAt}, and the process has you told as ${late.escalateTo}.`,
      dueAt: late.dueAt,
    };
  }
  if (may("assess") && change.assessment === null && mine) {
    return { act: "assess", reason: `It ${whose} and has no impact analysis yet.` };
  }
  const steps = openSteps(process, change).filter((step) => !step.automatic);
  const forMyRole = steps.find((step) => step.by.some((role) => (actor.roles as readonly string[]).includes(role)));
  const step = forMyRole ?? (mine ? steps.find((candidate) => candidate.by.length === 0) : undefined);
  if (step !== undefined && may("complete-steps")) {
    const because =
      forMyRole === undefined ? `it ${whose}` : `the step asks for one of your roles (${step.by.join(", ")})`;
    return { act: "complete-steps", reason: `"${step.title}" is open; ${because}.` };
  }
  const deploy = acts.find((act) => act.allowed && act.act.startsWith("deploy:"))?.act;
  if (deploy !== undefined && (assigned || ofMyTeam)) {
    return { act: deploy, reason: `Every gate before ${deploy.slice("deploy:".length)} is open, and it ${whose}.` };
  }
  if ((requested || mine) && STOPPED.has(change.status) && may("rework")) {
    return { act: "rework", reason: "It has come to a stop and goes on when it is taken back to work." };
  }
  if ((requested || mine) && may("close"))
    return { act: "close", reason: "Nothing is owed any more; it can be closed." };
  return undefined;
}
