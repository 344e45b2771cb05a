import { z } from "zod";
import * as boards from "../boards.ts";
import { Overview } from "../overview.ts";
import * as savedViews from "../saved-views.ts";
import { done, type Endpoint, id } from "./endpoint.ts";

/** What to look at: saved views, boards, the overview. */
export const viewEndpoints = {
  "savedViews.list": {
    method: "GET",
    path: "/api/saved-views",
    permission: "change.read",
    tag: "Changes",
    summary: "Saved views of the list of changes: one's own and those shared with one",
    response: z.object({ items: z.array(savedViews.SavedView) }),
  },
  "savedViews.create": {
    method: "POST",
    path: "/api/saved-views",
    permission: "view.own",
    tag: "Changes",
    summary: "Save filters, columns and order of the list of changes under a name",
    body: savedViews.CreateSavedView,
    response: savedViews.SavedView,
    status: 201,
  },
  "savedViews.edit": {
    method: "PATCH",
    path: "/api/saved-views/:id",
    permission: "view.own",
    tag: "Changes",
    summary: "Rename, share or overwrite a saved view; If-Match carries the version that was read",
    params: id,
    body: savedViews.EditSavedView,
    response: savedViews.SavedView,
  },
  "savedViews.delete": {
    method: "DELETE",
    path: "/api/saved-views/:id",
    permission: "view.own",
    tag: "Changes",
    summary: "Delete a saved view, for everybody it was shared with",
    params: id,
    response: done,
  },
  "savedViews.default": {
    method: "PUT",
    path: "/api/default-view",
    permission: "view.own",
    tag: "Changes",
    summary: "Choose the saved view that one's list of changes opens with, or none",
    body: savedViews.SetDefaultView,
    response: done,
  },
  "boards.list": {
    method: "GET",
    path: "/api/boards",
    permission: "config.read",
    tag: "Boards",
    summary: "Boards of the processes in force: members, meetings, emergencies",
    response: z.object({ items: z.array(boards.Board) }),
  },
  "boards.agenda": {
    method: "GET",
    path: "/api/processes/:name/boards/:board/agenda",
    permission: "change.read",
    tag: "Boards",
    summary: "What waits for a board, each change with its evidence, the first to be due first",
    params: z.object({ name: z.string().min(1).max(100), board: z.string().min(1).max(100) }),
    response: boards.Agenda,
  },
  "boards.calendar": {
    method: "GET",
    path: "/api/processes/:name/boards/:board/calendar",
    permission: "config.read",
    tag: "Boards",
    summary: "The next meetings of a board as an iCalendar file",
    params: z.object({ name: z.string().min(1).max(100), board: z.string().min(1).max(100) }),
    response: "stream",
    contentType: "text/calendar",
  },
  overview: {
    method: "GET",
    path: "/api/overview",
    permission: "change.read",
    tag: "Changes",
    summary: "What waits for the asking person, what runs now, changes by stage, recent failures and rollbacks",
    response: Overview,
  },
} as const satisfies Record<string, Endpoint>;
