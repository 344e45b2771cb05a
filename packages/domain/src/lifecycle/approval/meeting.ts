import { accept, type Outcome, type Refused, refuse } from "../../change/refusal.ts";
import { type Meeting, nextMeetings } from "../../process/meetings.ts";
import type { Board } from "../../process/process.ts";
import { limitText, recurrenceText } from "../../process/times.ts";
import { limitEnd, type WorkingTime } from "../../process/working-time.ts";
import { seatsNeeded, seatsTaken } from "./board-vote.ts";
import { type Person, seatsOf, standsInFor } from "./voters.ts";

export const MEETING_STATES = ["convened", "open", "closed", "called-off"] as const;

export type MeetingState = (typeof MEETING_STATES)[number];

/** A meeting of a board as far as its rules go. */
export interface BoardMeeting {
  readonly id: string;
  readonly process: string;
  readonly board: string;
  readonly state: MeetingState;
  /** RFC 3339 UTC. */
  readonly from: string;
  readonly urgent: boolean;
  readonly convenedBy: string;
  /** Who opened it. */
  readonly leader: string | null;
  /** Handles of those who are there now. */
  readonly present: readonly string[];
}

/** Nobody opens a meeting earlier than so long before its time, unless it is an emergency. */
const EARLIEST_MS = 3_600_000;
/** Among so many meetings to come one is convened. */
const AHEAD = 12;
const DAY_MS = 86_400_000;

export interface Convening {
  readonly board: Board;
  readonly person: Person;
  readonly people: readonly Person[];
  readonly urgent: boolean;
  /** RFC 3339; left out: the next meeting that is not convened, or, in an emergency, now. */
  readonly from?: string;
  readonly reason?: string;
  /** When meetings of the board that were not called off begin. */
  readonly convened: readonly string[];
  readonly workingTime: WorkingTime;
  readonly now: string;
}

/**
 * Decides when a meeting that somebody convenes begins. A regular one is one of those that the board's process says, by whoever has a seat;
 * one in an emergency begins within the time that the process gives the board for it, says why, and anybody who may hold meetings asks for it; it has no end. Refusals:
 * NO_MEETINGS, NOT_A_MEMBER, MEETING_REASON, MEETING_TIME, MEETING_CONVENED.
 */
export function decideConvening(convening: Convening): Outcome<{ readonly from: string; readonly to: string | null }> {
  const { board, person, people, urgent, convened, workingTime, now } = convening;
  if (urgent) {
    if (board.convenesWithin === undefined) {
      return refuse(
        "NO_MEETINGS",
        `${board.title} does not convene in emergencies.`,
        "Its process may say within how long it does.",
      );
    }
    if ((convening.reason ?? "").trim() === "") {
      return refuse("MEETING_REASON", "Who convenes a board in an emergency says why.", "Add a reason.", {
        place: { pointer: "/reason" },
      });
    }
    const begins = Date.parse(convening.from ?? now);
    const latest = limitEnd(board.convenesWithin, now, workingTime);
    if (begins < Date.parse(now) || begins > Date.parse(latest)) {
      return refuse(
        "MEETING_TIME",
        `${board.title} convenes within ${limitText(board.convenesWithin)} in an emergency, by ${latest}.`,
        "Leave the time out to convene it now.",
        { place: { pointer: "/from" } },
      );
    }
    const from = new Date(begins).toISOString();
    return convened.includes(from) ? isConvened(from) : accept({ from, to: null });
  }
  if (board.meets === undefined) {
    return refuse(
      "NO_MEETINGS",
      `${board.title} has no regular meetings.`,
      board.convenesWithin === undefined ? "Its process may say when it meets." : "Convene it in an emergency.",
    );
  }
  if (!toldOfMeeting(board, people, now).includes(person.handle)) return notAMember(board, person);
  // One that runs already can still be convened.
  const since = new Date(Date.parse(now) - DAY_MS).toISOString();
  const meetings = nextMeetings(board.meets, since, AHEAD).filter(({ to }) => to > now);
  const wanted = convening.from === undefined ? undefined : new Date(convening.from).toISOString();
  const meeting = meetings.find(({ from }) => (wanted === undefined ? !convened.includes(from) : from === wanted));
  if (meeting === undefined)
    return wanted === undefined ? isConvened(meetings.at(-1)!.from) : noSuchTime(board, meetings);
  return convened.includes(meeting.from) ? isConvened(meeting.from) : accept(meeting);
}

function isConvened(from: string): Refused {
  return refuse("MEETING_CONVENED", `The board is convened for ${from} already.`, "The list of its meetings shows it.");
}

function noSuchTime(board: Board, meetings: readonly Meeting[]): Refused {
  return refuse(
    "MEETING_TIME",
    `${board.title} does not meet then: it meets ${recurrenceText(board.meets!)}.`,
    `The next are ${meetings
      .slice(0, 3)
      .map(({ from }) => from)
      .join(", ")}; in an emergency it may convene at once.`,
    { place: { pointer: "/from" } },
  );
}

function notAMember(board: Board, { handle }: Person): Refused {
  return refuse(
    "NOT_A_MEMBER",
    `${handle} has no seat on ${board.title}.`,
    `Seats belong to holders of ${board.members.join(", ")}, and to those who stand in for them.`,
  );
}

/** Everybody who is told of a meeting: who has a seat, and who stands in for them when it begins. */
export function toldOfMeeting(board: Board, people: readonly Person[], from: string): readonly string[] {
  return people
    .filter((person) => seatsOf(board, person).length > 0 || isStandIn(board, people, person, from))
    .map(({ handle }) => handle);
}

/** Members who are heard in a meeting: those who are there, and those for whom somebody is there who stands in for them. */
export function membersPresent(
  board: Board,
  people: readonly Person[],
  present: readonly string[],
  now: string,
): readonly Person[] {
  const represented = new Set(
    people
      .filter(({ handle }) => present.includes(handle))
      .flatMap((person) => [person.handle, ...standsInFor(person, now)]),
  );
  return people.filter((person) => represented.has(person.handle) && seatsOf(board, person).length > 0);
}

/** How many seats those who are there fill, and how many make a quorum. */
export function quorumPresent(
  board: Board,
  members: readonly Person[],
): { readonly seats: number; readonly needed: number; readonly reached: boolean } {
  const [seats, needed] = [seatsTaken(board, members), seatsNeeded(board)];
  return { seats, needed, reached: seats >= needed };
}

export type MeetingAct = "open" | "arrive" | "leave" | "note" | "close" | "call-off";

export interface MeetingQuestion {
  readonly meeting: BoardMeeting;
  readonly board: Board;
  readonly people: readonly Person[];
  /** Who acts. */
  readonly person: Person;
  /** Whose coming or going it is, where it is not the actor's own. */
  readonly whose?: string;
  readonly now: string;
}

/**
 * Decides whether somebody may do something in a meeting. Members and those who stand in for them open it and come and go; whoever opened it
 * leads it, and a chair or who stands in for the chair always may: they write down who else is there, keep the notes and close it. Refusals: MEETING_STATE,
 * MEETING_TOO_EARLY, NOT_A_MEMBER, NOT_THE_CHAIR, PERSON_UNKNOWN.
 */
export function decideMeetingAct(act: MeetingAct, question: MeetingQuestion): Outcome<true> {
  const { meeting, board, people, person, whose, now } = question;
  const wanted: MeetingState = act === "open" || act === "call-off" ? "convened" : "open";
  if (meeting.state !== wanted) return wrongState(meeting.state, wanted);
  const isMember = toldOfMeeting(board, people, now).includes(person.handle);
  if (act === "open") {
    const from = Date.parse(meeting.from) - EARLIEST_MS;
    if (!isMember) return notAMember(board, person);
    if (meeting.urgent || Date.parse(now) >= from) return accept(true);
    return refuse(
      "MEETING_TOO_EARLY",
      `The meeting begins at ${meeting.from}.`,
      "It can be opened from an hour before that on; in an emergency the board may convene at once.",
    );
  }
  if ((act === "arrive" || act === "leave") && (whose === undefined || whose === person.handle)) {
    return isMember || meeting.present.includes(person.handle) ? accept(true) : notAMember(board, person);
  }
  const leads =
    leadsOf(question).includes(person.handle) || (act === "call-off" && person.handle === meeting.convenedBy);
  if (!leads) {
    return refuse(
      "NOT_THE_CHAIR",
      `${person.handle} does not lead this meeting.`,
      `That is for ${leadsOf(question).join(", ") || "its chair"}.`,
    );
  }
  if (whose !== undefined && !people.some(({ handle }) => handle === whose)) {
    return refuse("PERSON_UNKNOWN", `There is nobody called "${whose}".`, "Use the person's handle.", {
      place: { pointer: "/person" },
    });
  }
  return accept(true);
}

/** Who leads a meeting: whoever opened it, chairs, and those who stand in for a chair now. */
export function leadsOf({
  meeting,
  board,
  people,
  now,
}: Pick<MeetingQuestion, "meeting" | "board" | "people" | "now">): readonly string[] {
  const chairs = people.filter((person) => seatsOf(board, person).includes(board.chair)).map(({ handle }) => handle);
  return people
    .filter(
      (person) =>
        person.handle === meeting.leader ||
        chairs.includes(person.handle) ||
        standsInFor(person, now).some((handle) => chairs.includes(handle)),
    )
    .map(({ handle }) => handle);
}

/** A vote that is cast in a meeting, and who was heard there at that moment. */
export interface VoteInMeeting {
  readonly id: string;
  readonly board: string;
  readonly present: readonly string[];
}

/** Decides whether a vote is cast in a meeting. Refusals: MEETING_STATE, MEETING_OTHER (it is of another process), NOT_PRESENT. */
export function decideVoteInMeeting(question: MeetingQuestion & { readonly process: string }): Outcome<VoteInMeeting> {
  const { meeting, board, people, person, process, now } = question;
  if (meeting.process !== process) {
    return refuse(
      "MEETING_OTHER",
      `The meeting is of a board of the process ${meeting.process}, and the change goes by ${process}.`,
      "Vote on it outside the meeting.",
      { place: { pointer: "/meeting" } },
    );
  }
  if (meeting.state !== "open") return wrongState(meeting.state, "open");
  if (!meeting.present.includes(person.handle)) {
    return refuse(
      "NOT_PRESENT",
      `${person.handle} is not at this meeting.`,
      "Say first that you are there, or vote outside the meeting.",
    );
  }
  const present = membersPresent(board, people, meeting.present, now).map(({ handle }) => handle);
  return accept({ id: meeting.id, board: meeting.board, present });
}

function wrongState(state: MeetingState, wanted: MeetingState): Refused {
  return refuse(
    "MEETING_STATE",
    `The meeting is ${STATE_WORDS[state]}.`,
    `That is done while it is ${STATE_WORDS[wanted]}.`,
  );
}

const STATE_WORDS: Readonly<Record<MeetingState, string>> = {
  convened: "convened and not open",
  open: "open",
  closed: "closed",
  "called-off": "called off",
};

function isStandIn(board: Board, people: readonly Person[], person: Person, at: string): boolean {
  const whom = standsInFor(person, at);
  return people.some((member) => whom.includes(member.handle) && seatsOf(board, member).length > 0);
}
