import { z } from "zod";
import * as meetings from "../meetings.ts";
import { type Endpoint, id } from "./endpoint.ts";

const board = z.object({ name: z.string().min(1).max(100), board: z.string().min(1).max(100) });
/** What every act in a meeting has: which one, and the meeting as it is then. */
const act = {
  method: "POST",
  permission: "board.meet",
  tag: "Boards",
  params: id,
  response: meetings.Meeting,
} as const;

/** Meetings of boards. */
export const meetingEndpoints = {
  "meetings.list": {
    method: "GET",
    path: "/api/processes/:name/boards/:board/meetings",
    permission: "change.read",
    tag: "Boards",
    summary: "Meetings of a board, the latest first",
    params: board,
    query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
    response: z.object({ items: z.array(meetings.Meeting), more: z.boolean() }),
  },
  "meetings.get": {
    method: "GET",
    path: "/api/meetings/:id",
    permission: "change.read",
    tag: "Boards",
    summary: "A meeting whole: who is there, what was decided, what was noted",
    params: id,
    response: meetings.Meeting,
  },
  "meetings.convene": {
    method: "POST",
    path: "/api/processes/:name/boards/:board/meetings",
    permission: "board.meet",
    tag: "Boards",
    summary: "Convene a board for one of its regular meetings, or in an emergency",
    params: board,
    body: meetings.Convene,
    response: meetings.Meeting,
    status: 201,
  },
  "meetings.open": { ...act, path: "/api/meetings/:id/open", summary: "Open a meeting; whoever does leads it" },
  "meetings.attend": {
    ...act,
    path: "/api/meetings/:id/attendance",
    summary: "Write down that somebody is there, or has left",
    body: meetings.Attend,
  },
  "meetings.note": {
    ...act,
    method: "PUT",
    path: "/api/meetings/:id/notes",
    summary: "Keep the notes of a meeting, in place of those that were there",
    body: meetings.MeetingNotes,
  },
  "meetings.close": {
    ...act,
    path: "/api/meetings/:id/close",
    summary: "Close a meeting: its minutes are what was decided, who was there and the notes",
  },
  "meetings.callOff": {
    ...act,
    path: "/api/meetings/:id/call-off",
    summary: "Call a meeting off before it is opened",
    body: meetings.CallOff,
  },
} as const satisfies Record<string, Endpoint>;
