import type { Agenda, Board as BoardView } from "@change-mgmt/api/boards.ts";
import type { Change } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import { agendaOf } from "@change-mgmt/domain/lifecycle/approval/agenda.ts";
import { deadlinesOf } from "@change-mgmt/domain/lifecycle/approval/deadline.ts";
import { seatsOf } from "@change-mgmt/domain/lifecycle/approval/voters.ts";
import { validateChange } from "@change-mgmt/domain/lifecycle/implementation/validation.ts";
import { nextMeetings } from "@change-mgmt/domain/process/meetings.ts";
import type { Board, Process } from "@change-mgmt/domain/process/process.ts";
import { limitText, recurrenceText } from "@change-mgmt/domain/process/times.ts";
import type { z } from "zod";
import { loadChanges } from "../../storage/change-record.ts";
import type { ProcessLibrary } from "../../storage/process-record.ts";
import { loadSituation, loadSituations } from "../../storage/situation-record.ts";
import type { Db } from "../../storage/store.ts";
import { underVote } from "../../storage/under-way-record.ts";

type View = z.input<typeof Agenda>;

/** So many changes that take votes are looked through, those touched last first. */
const LOOKED_THROUGH = 200;

/** A board of a process in force; refuses with NOT_FOUND. */
export function boardInForce(
  processes: ProcessLibrary,
  name: string,
  id: string,
): Outcome<{ readonly process: Process; readonly board: Board }> {
  const process = processes.inForce(name)?.process;
  const board = process?.boards?.find((candidate) => candidate.id === id);
  if (process !== undefined && board !== undefined) return accept({ process, board });
  const all = processes
    .list()
    .flatMap(({ process: { name: of, boards = [] } }) => boards.map((one) => `${of}/${one.id}`));
  return refuse(
    "NOT_FOUND",
    `The process "${name}" has no board "${id}".`,
    `Boards here: ${all.join(", ") || "none"}.`,
  );
}

/** Every board of the processes in force. */
export async function readBoards(db: Db, processes: ProcessLibrary, now: Date): Promise<z.input<typeof BoardView>[]> {
  const { people } = await loadSituation(db, null, now);
  return processes
    .list()
    .flatMap(({ process }) => (process.boards ?? []).map((board) => boardView(process, board, people, now)));
}

/** What waits for a board among the changes of its process, whichever version each is pinned to, the first to be due first. */
export async function readAgenda(
  db: Db,
  processes: ProcessLibrary,
  { process, board }: { readonly process: Process; readonly board: Board },
  now: Date,
): Promise<View> {
  const ids = await underVote(db, LOOKED_THROUGH + 1);
  const changes = (await loadChanges(db, ids.slice(0, LOOKED_THROUGH))).filter(
    (change) => change.process.name === process.name,
  );
  const situationOf = await loadSituations(
    db,
    changes.map(({ id }) => id),
    now,
  );
  const entries: View["items"] = [];
  for (const change of changes) {
    const pinned = await processes.pinned(db, change.process.hash);
    if (pinned.boards?.some(({ id }) => id === board.id) !== true) continue;
    entries.push(...entryOf(pinned, change, board.id, situationOf(change.id)));
  }
  const due = ({ asked }: View["items"][number]) => asked.map(({ dueAt }) => dueAt ?? "9").sort()[0]!;
  const { people } = await loadSituation(db, null, now);
  return {
    board: boardView(process, board, people, now),
    items: entries.sort((a, b) => due(a).localeCompare(due(b)) || a.change.number.localeCompare(b.change.number)),
    more: ids.length > LOOKED_THROUGH,
  };
}

function entryOf(process: Process, change: Change, board: string, situation: Situation): View["items"] {
  const asked = agendaOf(process, change, board, situation.people);
  if (asked.length === 0) return [];
  const deadlines = deadlinesOf(process, change, situation);
  const { result, checks } = validateChange(process, change, situation);
  const { number, title, type, status, requester, team, facts, contentHash, description, assessment } = change;
  const breaking = facts.breaking === true;
  return [
    {
      change: { number, title, type, status, requester, team, breaking, contentHash, description, facts },
      asked: asked.map((item) => ({
        ...item,
        environments: [...item.environments],
        dueAt: deadlines.find(({ requirement }) => requirement === item.requirement)?.dueAt ?? null,
      })),
      validation: result,
      checks: checks.map((check) => ({ title: check.title, result: check.result, message: check.message })),
      impact: assessment?.impact ?? null,
      votes: change.votes
        .filter((vote) => vote.contentHash === contentHash && vote.withdrawn === undefined)
        .filter((vote) => asked.some(({ requirement }) => requirement === vote.requirement))
        .map(({ voter, decision, comment, ...vote }) => ({
          voter,
          decision,
          ...(vote.for === undefined ? {} : { for: vote.for }),
          ...(comment === undefined ? {} : { comment }),
        })),
      recusals: (change.recusals ?? []).map(({ person, reason }) => ({ person, reason })),
    },
  ];
}

function boardView(process: Process, board: Board, people: Situation["people"], now: Date): z.input<typeof BoardView> {
  const { id, title, chair, members, meets, convenesWithin } = board;
  const [next] = meets === undefined ? [] : nextMeetings(meets, now.toISOString(), 1);
  return {
    id,
    process: process.name,
    title,
    chair,
    members: members.map((position) => ({
      position,
      holders: people.filter((person) => seatsOf(board, person).includes(position)).map(({ handle }) => handle),
    })),
    meets: meets === undefined ? null : recurrenceText(meets),
    nextMeeting: next ?? null,
    convenesWithin: convenesWithin === undefined ? null : limitText(convenesWithin),
  };
}
