import type { Meeting } from "@change-mgmt/api/meetings.ts";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { KnownPerson } from "@change-mgmt/domain/change/situation.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import { leadsOf, membersPresent, quorumPresent } from "@change-mgmt/domain/lifecycle/approval/meeting.ts";
import { seatsOf } from "@change-mgmt/domain/lifecycle/approval/voters.ts";
import type { z } from "zod";
import type { Door } from "../../commands/execute.ts";
import type { Handlers } from "../../commands/handler.ts";
import { type KeptMeeting, listMeetings, loadMeeting, meetingOf } from "../../storage/meeting-record.ts";
import type { ProcessLibrary } from "../../storage/process-record.ts";
import { loadSituation } from "../../storage/situation-record.ts";
import type { Db } from "../../storage/store.ts";
import { boardInForce } from "./agenda.ts";
import { attendMeeting, callOffMeeting, closeMeeting, conveneMeeting, noteInMeeting, openMeeting } from "./meetings.ts";
import { minutesOf } from "./minutes.ts";

type View = z.input<typeof Meeting>;

/** Meetings of boards over HTTP. */
export function meetingRoutes({ db, door, processes }: { db: Db; door: Door; processes: ProcessLibrary }): Handlers {
  const read = async (id: string) => {
    const kept = await loadMeeting(db, id, "none");
    return kept.ok ? await viewMeeting(db, processes, kept.value, new Date()) : kept;
  };
  const thenMeeting = async (done: Outcome<{ id: string }>) => (done.ok ? await read(done.value.id) : done);
  return {
    "meetings.list": async ({ actor, params, query }) => {
      const permitted = checkPermission(actor, "change.read");
      if (!permitted.ok) return permitted;
      const board = boardInForce(processes, params.name, params.board);
      if (!board.ok) return board;
      const now = new Date();
      const kept = await listMeetings(db, { process: params.name, board: params.board }, query.limit + 1);
      const items: View[] = [];
      for (const meeting of kept.slice(0, query.limit)) {
        const view = await viewMeeting(db, processes, meeting, now);
        if (!view.ok) return view;
        items.push(view.value);
      }
      return accept({ items, more: kept.length > query.limit });
    },
    "meetings.get": async ({ actor, params }) => {
      const permitted = checkPermission(actor, "change.read");
      return permitted.ok ? await read(params.id) : permitted;
    },
    "meetings.convene": async ({ params, body, ...request }) =>
      await thenMeeting(await door.execute(conveneMeeting, { ...body, ...params }, request)),
    "meetings.open": async ({ params, ...request }) =>
      await thenMeeting(await door.execute(openMeeting, params, request)),
    "meetings.attend": async ({ params, body, ...request }) =>
      await thenMeeting(await door.execute(attendMeeting, { ...body, ...params }, request)),
    "meetings.note": async ({ params, body, ...request }) =>
      await thenMeeting(await door.execute(noteInMeeting, { ...body, ...params }, request)),
    "meetings.close": async ({ params, ...request }) =>
      await thenMeeting(await door.execute(closeMeeting, params, request)),
    "meetings.callOff": async ({ params, body, ...request }) =>
      await thenMeeting(await door.execute(callOffMeeting, { ...body, ...params }, request)),
  };
}

async function viewMeeting(db: Db, processes: ProcessLibrary, kept: KeptMeeting, now: Date): Promise<Outcome<View>> {
  const { row, attendance } = kept;
  const found = boardInForce(processes, row.process, row.board);
  if (!found.ok) return found;
  const { board } = found.value;
  const { people } = await loadSituation(db, null, now);
  const meeting = meetingOf(kept);
  // Who was there when it was closed has left with that, and made the quorum until then.
  const there = attendance.filter(({ left_at }) => left_at === null || left_at.getTime() === row.ended_at?.getTime());
  const heard = membersPresent(
    board,
    people,
    there.map(({ person }) => person),
    (row.ended_at ?? now).toISOString(),
  );
  const hasSeat = (person: KnownPerson) => seatsOf(board, person).length > 0;
  return accept({
    id: row.id,
    process: row.process,
    board: row.board,
    title: board.title,
    urgent: row.urgent,
    state: meeting.state,
    from: meeting.from,
    to: row.to_at?.toISOString() ?? null,
    reason: row.reason,
    convenedBy: row.convened_by,
    convenedAt: row.convened_at.toISOString(),
    openedBy: row.opened_by,
    openedAt: row.opened_at?.toISOString() ?? null,
    endedBy: row.ended_by,
    endedAt: row.ended_at?.toISOString() ?? null,
    leads: [...leadsOf({ meeting, board, people, now: now.toISOString() })],
    members: people.filter(hasSeat).map(({ handle }) => handle),
    attendance: attendance.map((one) => ({
      person: one.person,
      seat: people.some((person) => person.handle === one.person && hasSeat(person)),
      arrivedAt: one.arrived_at.toISOString(),
      leftAt: one.left_at?.toISOString() ?? null,
      notedBy: one.noted_by,
    })),
    quorum: quorumPresent(board, heard),
    decisions: await minutesOf(db, processes, row, now),
    notes: row.notes,
    notedBy: row.noted_by,
  });
}
