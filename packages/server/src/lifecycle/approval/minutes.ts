import type { MeetingDecision } from "@change-mgmt/api/meetings.ts";
import { evaluateApprovals } from "@change-mgmt/domain/lifecycle/approval/quorum.ts";
import type { z } from "zod";
import { loadChanges } from "../../storage/change-record.ts";
import type { MeetingRow } from "../../storage/meeting-record.ts";
import type { ProcessLibrary } from "../../storage/process-record.ts";
import { loadSituation } from "../../storage/situation-record.ts";
import type { Db, Tx } from "../../storage/store.ts";

type Decision = z.input<typeof MeetingDecision>;

/**
 * What was decided in a meeting: each approval of a change that was voted on in it, how it stands now and who voted there. Once it is closed,
 * how it stood then.
 */
export async function minutesOf(
  db: Db | Tx,
  processes: ProcessLibrary,
  meeting: Pick<MeetingRow, "id" | "state" | "minutes">,
  now: Date,
): Promise<Decision[]> {
  if (meeting.minutes !== null) return meeting.minutes as Decision[];
  if (meeting.state === "convened" || meeting.state === "called-off") return [];
  const voted = await db
    .selectFrom("change_approvals")
    .select("change_id")
    .distinct()
    .where("meeting_id", "=", meeting.id)
    .execute();
  const changes = await loadChanges(
    db,
    voted.map(({ change_id }) => change_id),
  );
  const { people } = await loadSituation(db, null, now);
  const decisions: Decision[] = [];
  for (const change of changes.sort((a, b) => a.number.localeCompare(b.number))) {
    const process = await processes.pinned(db, change.process.hash);
    const votes = change.votes.filter((vote) => vote.meeting?.id === meeting.id);
    for (const requirement of new Set(votes.map((vote) => vote.requirement))) {
      const own = votes.filter((vote) => vote.requirement === requirement);
      const judged = change.environments.flatMap((environment) => {
        const { requirements, lost, explanation } = evaluateApprovals({
          process,
          change,
          environment,
          facts: change.facts,
          people,
        });
        const asked = requirements.find(({ id }) => id === requirement);
        const child = explanation.children.find(({ id }) => id === requirement);
        return asked === undefined || child === undefined
          ? []
          : [{ title: asked.title, child, isLost: lost.includes(requirement) }];
      });
      const open = judged.find(({ child }) => !child.met) ?? judged[0];
      const isLost = judged.some((one) => one.isLost);
      decisions.push({
        change: { number: change.number, title: change.title, contentHash: change.contentHash },
        requirement,
        title: open?.title ?? requirement,
        outcome: open === undefined ? "open" : open.child.met ? "approved" : isLost ? "rejected" : "open",
        standing: open?.child.reason ?? "it is not asked for any more",
        votes: own.map(({ voter, decision, comment, withdrawn, ...vote }) => ({
          voter,
          decision,
          withdrawn: withdrawn !== undefined,
          ...(vote.for === undefined ? {} : { for: vote.for }),
          ...(comment === undefined ? {} : { comment }),
        })),
      });
    }
  }
  return decisions;
}
