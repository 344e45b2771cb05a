import * as rehearsals from "../rehearsals.ts";
import * as requestFiles from "../request-files.ts";
import { change, type Endpoint } from "./endpoint.ts";

/** Requests that are being written: tried out, read from files and written to them. */
export const requestEndpoints = {
  "rehearsals.check": {
    method: "POST",
    path: "/api/rehearsals/check",
    permission: "change.create",
    tag: "Changes",
    summary:
      "Read migrations that are being written, and say what is wrong with them and where; runs nothing, keeps nothing",
    body: rehearsals.DraftMigrations,
    response: rehearsals.CheckedDraft,
  },
  "rehearsals.try": {
    method: "POST",
    path: "/api/rehearsals",
    permission: "change.create",
    tag: "Changes",
    summary: "Rehearse migrations that are being written on a disposable database; keeps nothing",
    body: rehearsals.DraftMigrations,
    response: rehearsals.RehearsedDraft,
  },
  "requestFiles.read": {
    method: "POST",
    path: "/api/request-files",
    permission: "change.create",
    tag: "Changes",
    summary: "Read change requests from a Markdown, YAML or CSV file into the fields of the form; creates nothing",
    body: requestFiles.RequestFileText,
    response: requestFiles.ReadRequests,
  },
  "changes.file": {
    ...change,
    method: "GET",
    path: "/api/changes/:id/file",
    permission: "change.read",
    summary:
      "A change as a file by its process's template, or as YAML where it has none; reading it gives the same form",
    response: requestFiles.WrittenFile,
  },
} as const satisfies Record<string, Endpoint>;
