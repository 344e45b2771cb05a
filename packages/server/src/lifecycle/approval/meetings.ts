import { Attend, CallOff, Convene, MeetingNotes } from "@change-mgmt/api/meetings.ts";
import { WORKSPACE_STREAM } from "@change-mgmt/domain/audit/entry.ts";
import { accept, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { KnownPerson } from "@change-mgmt/domain/change/situation.ts";
import {
  decideConvening,
  decideMeetingAct,
  type MeetingAct,
  membersPresent,
  quorumPresent,
  toldOfMeeting,
} from "@change-mgmt/domain/lifecycle/approval/meeting.ts";
import type { Board } from "@change-mgmt/domain/process/process.ts";
import { workingTimeIn } from "@change-mgmt/domain/process/working-time.ts";
import { z } from "zod";
import type { AuditEvent } from "../../audit/append.ts";
import { type CommandContext, defineCommand } from "../../commands/command.ts";
import { newId } from "../../storage/ids.ts";
import { json } from "../../storage/json.ts";
import { convenedTimes, type KeptMeeting, loadMeeting, meetingOf } from "../../storage/meeting-record.ts";
import { loadSituation } from "../../storage/situation-record.ts";
import { boardInForce } from "./agenda.ts";
import { minutesOf } from "./minutes.ts";

const DAY_MS = 86_400_000;
const OfBoard = Convene.extend({ name: z.string(), board: z.string() });
const OfMeeting = z.object({ id: z.string() });

/** Convenes a board. Those who have a seat, or stand in for one, are told by the event. */
export const conveneMeeting = defineCommand<z.output<typeof OfBoard>, { id: string }>({
  name: "meeting.convene",
  permission: "board.meet",
  input: OfBoard,
  async run({ tx, actor, now, processes }, input) {
    const found = boardInForce(processes, input.name, input.board);
    if (!found.ok) return found;
    const { process, board } = found.value;
    const { people, holidays } = await loadSituation(tx, null, now);
    const person = people.find(({ handle }) => handle === actor.handle);
    if (person === undefined) return nobody(actor.handle);
    const decided = decideConvening({
      board,
      person,
      people,
      urgent: input.urgent,
      ...(input.from === undefined ? {} : { from: input.from }),
      ...(input.reason === undefined ? {} : { reason: input.reason }),
      convened: await convenedTimes(tx, process.name, board.id, new Date(now.getTime() - 2 * DAY_MS)),
      workingTime: workingTimeIn(process, holidays),
      now: now.toISOString(),
    });
    if (!decided.ok) return decided;
    const { from, to } = decided.value;
    const id = newId();
    const reason = input.urgent ? (input.reason ?? null) : null;
    await tx
      .insertInto("board_meetings")
      .values({
        id,
        process: process.name,
        board: board.id,
        urgent: input.urgent,
        state: "convened",
        from_at: new Date(from),
        to_at: to === null ? null : new Date(to),
        reason,
        convened_by: actor.handle,
        convened_at: now,
        opened_by: null,
        opened_at: null,
        notes: "",
        noted_by: null,
        ended_by: null,
        ended_at: null,
        minutes: null,
      })
      .execute();
    return accept({
      value: { id },
      stream: WORKSPACE_STREAM,
      events: [
        {
          type: "meeting.convened",
          details: {
            meeting: id,
            process: process.name,
            board: board.id,
            title: board.title,
            urgent: input.urgent,
            from,
            to,
            reason,
            told: toldOfMeeting(board, people, from),
          },
        },
      ],
    });
  },
});

/** Opens a meeting; whoever does is there and leads it. */
export const openMeeting = defineCommand<z.output<typeof OfMeeting>, { id: string }>({
  name: "meeting.open",
  permission: "board.meet",
  input: OfMeeting,
  run: (context, { id }) =>
    inMeeting(context, id, "open", async ({ kept, board, people }) => {
      const { tx, actor, now } = context;
      await tx
        .updateTable("board_meetings")
        .set({ state: "open", opened_by: actor.handle, opened_at: now })
        .where("id", "=", id)
        .execute();
      await come(context, id, actor.handle);
      const members = membersPresent(board, people, [actor.handle], now.toISOString());
      return [event(kept, "opened", { quorum: quorumPresent(board, members) })];
    }),
});

const Attendance = Attend.extend({ id: z.string() });

/** Writes down that somebody came to a meeting or left it. */
export const attendMeeting = defineCommand<z.output<typeof Attendance>, { id: string }>({
  name: "meeting.attend",
  permission: "board.meet",
  input: Attendance,
  run: (context, { id, present, ...input }) => {
    const { tx, actor, now } = context;
    const person = input.person ?? actor.handle;
    return inMeeting(
      context,
      id,
      present ? "arrive" : "leave",
      async ({ kept, board, people }) => {
        const there = meetingOf(kept).present;
        if (present === there.includes(person)) return [];
        if (present) await come(context, id, person);
        else {
          await tx
            .updateTable("meeting_attendance")
            .set({ left_at: now, noted_by: actor.handle })
            .where("meeting_id", "=", id)
            .where("person", "=", person)
            .execute();
        }
        const then = present ? [...there, person] : there.filter((handle) => handle !== person);
        const quorum = quorumPresent(board, membersPresent(board, people, then, now.toISOString()));
        return [event(kept, present ? "joined" : "left", { person, quorum })];
      },
      person,
    );
  },
});

const Notes = MeetingNotes.extend({ id: z.string() });

/** Keeps the notes of a meeting in place of those before. They enter the audit trail with the minutes. */
export const noteInMeeting = defineCommand<z.output<typeof Notes>, { id: string }>({
  name: "meeting.note",
  permission: "board.meet",
  input: Notes,
  run: (context, { id, notes }) =>
    inMeeting(context, id, "note", async ({ kept }) => {
      const { tx, actor } = context;
      if (kept.row.notes === notes) return [];
      await tx.updateTable("board_meetings").set({ notes, noted_by: actor.handle }).where("id", "=", id).execute();
      return [event(kept, "noted", { characters: notes.length })];
    }),
});

/** Closes a meeting. Its minutes are what was decided until now, who was there, and the notes; nothing of them changes any more. */
export const closeMeeting = defineCommand<z.output<typeof OfMeeting>, { id: string }>({
  name: "meeting.close",
  permission: "board.meet",
  input: OfMeeting,
  run: (context, { id }) =>
    inMeeting(context, id, "close", async ({ kept }) => {
      const { tx, actor, now, processes } = context;
      const minutes = await minutesOf(tx, processes, kept.row, now);
      await tx
        .updateTable("board_meetings")
        .set({ state: "closed", ended_by: actor.handle, ended_at: now, minutes: json(minutes) })
        .where("id", "=", id)
        .execute();
      await tx
        .updateTable("meeting_attendance")
        .set({ left_at: now })
        .where("meeting_id", "=", id)
        .where("left_at", "is", null)
        .execute();
      const decisions = minutes.map(({ change: { number, contentHash }, requirement, outcome, standing }) => ({
        change: number,
        contentHash,
        requirement,
        outcome,
        standing,
      }));
      const attended = kept.attendance.map(({ person }) => person);
      return [event(kept, "closed", { attended, decisions, notes: kept.row.notes })];
    }),
});

const Off = CallOff.extend({ id: z.string() });

/** Calls a meeting off before it is opened. */
export const callOffMeeting = defineCommand<z.output<typeof Off>, { id: string }>({
  name: "meeting.call-off",
  permission: "board.meet",
  input: Off,
  run: (context, { id, reason }) =>
    inMeeting(context, id, "call-off", async ({ kept, board, people }) => {
      const { tx, actor, now } = context;
      await tx
        .updateTable("board_meetings")
        .set({ state: "called-off", ended_by: actor.handle, ended_at: now, reason })
        .where("id", "=", id)
        .execute();
      return [
        event(kept, "called-off", {
          title: board.title,
          from: kept.row.from_at.toISOString(),
          reason,
          told: toldOfMeeting(board, people, kept.row.from_at.toISOString()),
        }),
      ];
    }),
});

interface InMeeting {
  readonly kept: KeptMeeting;
  readonly board: Board;
  readonly people: readonly KnownPerson[];
}

/** Takes the meeting for itself, asks the rule, and then does it. */
async function inMeeting(
  { tx, actor, now, processes }: CommandContext,
  id: string,
  act: MeetingAct,
  work: (meeting: InMeeting) => Promise<readonly AuditEvent[]>,
  whose?: string,
) {
  const loaded = await loadMeeting(tx, id, "own");
  if (!loaded.ok) return loaded;
  const kept = loaded.value;
  const found = boardInForce(processes, kept.row.process, kept.row.board);
  if (!found.ok) return found;
  const { board } = found.value;
  const { people } = await loadSituation(tx, null, now);
  const person = people.find(({ handle }) => handle === actor.handle);
  if (person === undefined) return nobody(actor.handle);
  const meeting = meetingOf(kept);
  const decided = decideMeetingAct(act, {
    meeting,
    board,
    people,
    person,
    ...(whose === undefined ? {} : { whose }),
    now: now.toISOString(),
  });
  if (!decided.ok) return decided;
  return accept({ value: { id }, stream: WORKSPACE_STREAM, events: await work({ kept, board, people }) });
}

async function come({ tx, actor, now }: CommandContext, id: string, person: string): Promise<void> {
  await tx
    .insertInto("meeting_attendance")
    .values({ meeting_id: id, person, arrived_at: now, left_at: null, noted_by: actor.handle })
    .onConflict((conflict) =>
      conflict.columns(["meeting_id", "person"]).doUpdateSet({ left_at: null, noted_by: actor.handle }),
    )
    .execute();
}

function event({ row }: KeptMeeting, what: string, details: Readonly<Record<string, unknown>>): AuditEvent {
  return { type: `meeting.${what}`, details: { meeting: row.id, process: row.process, board: row.board, ...details } };
}

function nobody(handle: string): Refused {
  return refuse("PERSON_UNKNOWN", `There is nobody called "${handle}".`, "Use the person's handle.");
}
