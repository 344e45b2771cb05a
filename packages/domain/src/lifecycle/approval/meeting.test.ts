import { expect, test } from "vitest";
import type { Board } from "../../process/process.ts";
import { USUAL_WORKING_TIME } from "../../process/working-time.ts";
import {
  type BoardMeeting,
  type Convening,
  decideConvening,
  decideMeetingAct,
  decideVoteInMeeting,
  leadsOf,
  type MeetingAct,
  type MeetingQuestion,
  membersPresent,
  quorumPresent,
  toldOfMeeting,
} from "./meeting.ts";
import type { Person } from "./voters.ts";

const board: Board = {
  id: "board",
  title: "The board",
  members: ["chair", "security", "operations"],
  chair: "chair",
  meets: { days: ["WE"], from: "15:00", to: "16:00", zone: "UTC" },
  convenesWithin: { hours: 2 },
};

function somebody(handle: string, position?: string, standsInFor?: string): Person {
  return {
    handle,
    roles: [],
    teams: [],
    positions: position === undefined ? [] : [{ position }],
    ...(standsInFor === undefined
      ? {}
      : { standsInFor: [{ person: standsInFor, from: "2026-01-01T00:00:00Z", until: "2027-01-01T00:00:00Z" }] }),
  };
}

const chris = somebody("chris", "chair");
const sam = somebody("sam", "security");
const olga = somebody("olga", "operations");
const dana = somebody("dana", undefined, "chris");
const guest = somebody("guest");
const people = [chris, sam, olga, dana, guest];

/** A Monday. */
const now = "2026-03-02T10:00:00Z";
const NEXT = { from: "2026-03-04T15:00:00.000Z", to: "2026-03-04T16:00:00.000Z" };

function convening(given: Partial<Convening>): Convening {
  return { board, person: sam, people, urgent: false, convened: [], workingTime: USUAL_WORKING_TIME, now, ...given };
}

function withoutTimes({ meets, convenesWithin, ...rest }: Board): Board {
  return rest;
}

test("a regular meeting is the next of the board's own that is not convened, or the one that is named", () => {
  expect(decideConvening(convening({}))).toEqual({ ok: true, value: NEXT });
  expect(decideConvening(convening({ person: dana, convened: [NEXT.from] }))).toMatchObject({
    value: { from: "2026-03-11T15:00:00.000Z" },
  });
  expect(decideConvening(convening({ from: "2026-03-18T16:00:00+01:00" }))).toMatchObject({
    value: { from: "2026-03-18T15:00:00.000Z" },
  });
});

test("one that runs already can still be convened, and one that is over cannot", () => {
  expect(decideConvening(convening({ now: "2026-03-04T15:20:00.000Z" }))).toMatchObject({ value: NEXT });
  expect(decideConvening(convening({ now: "2026-03-04T16:00:00.000Z", from: NEXT.from }))).toMatchObject({
    refusal: { code: "MEETING_TIME" },
  });
});

test("in an emergency a board convenes now, or within its time, by whoever asks, and the meeting has no planned end", () => {
  const urgent = convening({ urgent: true, person: guest, reason: "Orders are lost." });
  expect(decideConvening(urgent)).toEqual({ ok: true, value: { from: "2026-03-02T10:00:00.000Z", to: null } });
  expect(decideConvening({ ...urgent, from: "2026-03-02T12:00:00Z" })).toMatchObject({
    value: { from: "2026-03-02T12:00:00.000Z" },
  });
});

const urgent = { urgent: true, reason: "Orders are lost." };
const everyWednesday = Array.from({ length: 12 }, (_, week) =>
  new Date(Date.parse(NEXT.from) + week * 7 * 86_400_000).toISOString(),
);

test.each<[string, string, Partial<Convening>]>([
  ["NO_MEETINGS", "does not convene in emergencies", { ...urgent, board: withoutTimes(board) }],
  ["MEETING_REASON", "says why", { urgent: true }],
  ["MEETING_REASON", "says why", { urgent: true, reason: " " }],
  ["MEETING_TIME", "within 2 hours", { ...urgent, from: "2026-03-02T12:00:01Z" }],
  ["MEETING_TIME", "within 2 hours", { ...urgent, from: "2026-03-02T09:59:59Z" }],
  ["MEETING_CONVENED", "already", { ...urgent, convened: ["2026-03-02T10:00:00.000Z"] }],
  ["NO_MEETINGS", "no regular meetings", { board: withoutTimes(board) }],
  ["NO_MEETINGS", "no regular meetings", { board: { ...withoutTimes(board), convenesWithin: { hours: 2 } } }],
  ["NOT_A_MEMBER", "guest has no seat", { person: guest }],
  ["MEETING_TIME", "it meets WE 15:00–16:00 UTC", { from: "2026-03-05T15:00:00Z" }],
  ["MEETING_CONVENED", NEXT.from, { from: NEXT.from, convened: [NEXT.from] }],
  ["MEETING_CONVENED", "already", { convened: everyWednesday }],
])("%s: %s", (code, words, given) => {
  const refused = decideConvening(convening(given));
  expect(refused).toMatchObject({ refusal: { code, message: expect.stringContaining(words) } });
});

test("those who have a seat are told, and those who stand in for them", () => {
  expect(toldOfMeeting(board, people, NEXT.from)).toEqual(["chris", "sam", "olga", "dana"]);
  expect(toldOfMeeting(board, people, "2027-03-04T15:00:00.000Z")).toEqual(["chris", "sam", "olga"]);
});

test("members are heard who are there themselves or by their stand-in, and their seats make the quorum", () => {
  const heard = membersPresent(board, people, ["dana", "sam", "guest"], now);
  expect(heard.map(({ handle }) => handle)).toEqual(["chris", "sam"]);
  expect(quorumPresent(board, heard)).toEqual({ seats: 2, needed: 2, reached: true });
  expect(quorumPresent(board, [sam])).toEqual({ seats: 1, needed: 2, reached: false });
});

const meeting: BoardMeeting = {
  id: "m",
  process: "small",
  board: "board",
  state: "convened",
  from: NEXT.from,
  urgent: false,
  convenedBy: "olga",
  leader: null,
  present: [],
};
const open: BoardMeeting = { ...meeting, state: "open", leader: "sam", present: ["sam", "guest"] };

function asked(given: Partial<MeetingQuestion>): MeetingQuestion {
  return { meeting: open, board, people, person: sam, now: NEXT.from, ...given };
}

test.each<[string, MeetingAct, Partial<MeetingQuestion>]>([
  ["a member opens it from an hour before on", "open", { meeting, now: "2026-03-04T14:00:00Z" }],
  ["an emergency is opened whenever they are there", "open", { meeting: { ...meeting, urgent: true }, now }],
  ["a stand-in opens it", "open", { meeting, person: dana }],
  ["a member comes", "arrive", { person: olga }],
  ["a member comes and says their name", "arrive", { person: olga, whose: "olga" }],
  ["a guest leaves", "leave", { person: guest }],
  ["who leads it writes down a guest", "arrive", { whose: "dana" }],
  ["the chair notes", "note", { person: chris }],
  ["the chair's stand-in closes", "close", { person: dana }],
  ["who convened it calls it off", "call-off", { meeting, person: olga }],
  ["the chair calls it off", "call-off", { meeting, person: chris }],
])("%s", (_words, act, given) => {
  expect(decideMeetingAct(act, asked(given))).toEqual({ ok: true, value: true });
});

test.each<[string, string, MeetingAct, Partial<MeetingQuestion>]>([
  ["MEETING_STATE", "is open", "open", {}],
  ["MEETING_STATE", "not open", "close", { meeting }],
  ["MEETING_STATE", "closed", "note", { meeting: { ...open, state: "closed" } }],
  ["MEETING_STATE", "called off", "arrive", { meeting: { ...open, state: "called-off" } }],
  ["MEETING_STATE", "is open", "call-off", {}],
  ["NOT_A_MEMBER", "guest", "open", { meeting, person: guest }],
  ["MEETING_TOO_EARLY", NEXT.from, "open", { meeting, now: "2026-03-04T13:59:59Z" }],
  ["NOT_A_MEMBER", "guest", "arrive", { person: guest, meeting: { ...open, present: [] } }],
  ["NOT_THE_CHAIR", "olga", "arrive", { person: olga, whose: "guest" }],
  ["NOT_THE_CHAIR", "olga", "close", { person: olga }],
  ["NOT_THE_CHAIR", "sam", "call-off", { meeting }],
  ["NOT_THE_CHAIR", "olga", "note", { person: olga, people: [olga], meeting: { ...open, leader: null } }],
  ["PERSON_UNKNOWN", "ghost", "arrive", { whose: "ghost" }],
])("%s: %s", (code, words, act, given) => {
  const refused = decideMeetingAct(act, asked(given));
  expect(refused).toMatchObject({ refusal: { code, message: expect.stringContaining(words) } });
});

test("it is led by whoever opened it, its chair and who stands in for the chair", () => {
  expect(leadsOf(asked({}))).toEqual(["chris", "sam", "dana"]);
});

test("who is there votes in a meeting, and the vote says who was heard then", () => {
  expect(decideVoteInMeeting({ ...asked({}), process: "small" })).toEqual({
    ok: true,
    value: { id: "m", board: "board", present: ["sam"] },
  });
});

test.each<[string, Partial<MeetingQuestion & { process: string }>]>([
  ["MEETING_OTHER", { process: "another" }],
  ["MEETING_STATE", { meeting }],
  ["NOT_PRESENT", { person: olga }],
])("%s", (code, given) => {
  expect(decideVoteInMeeting({ ...asked({}), process: "small", ...given })).toMatchObject({ refusal: { code } });
});
