import { z } from "zod";
import * as requestFiles from "../request-files.ts";
import * as workspace from "../workspace.ts";
import { type Endpoint, name, page } from "./endpoint.ts";

/** Processes, their versions and what went by them. */
export const processEndpoints = {
  "processes.history": {
    method: "GET",
    path: "/api/processes/:name/history",
    permission: "change.read",
    tag: "Processes",
    summary: "Changes that went by a process, newest first, as a proposed version of it can be tried on",
    params: name,
    query: workspace.ListHistory,
    response: page(workspace.PastChange),
  },
  "processes.standing": {
    method: "GET",
    path: "/api/processes/:name/standing",
    permission: "config.read",
    tag: "Processes",
    summary: "The catalogue of standard changes that were approved beforehand, with how each is used",
    params: name,
    response: z.object({ items: z.array(workspace.StandingChange) }),
  },
  "processes.compare": {
    method: "POST",
    path: "/api/processes/:name/comparison",
    permission: "change.read",
    tag: "Processes",
    summary:
      "What a version of a process, or a file of one, says otherwise than another, and would have said of past changes",
    params: name,
    body: workspace.CompareProcess,
    response: workspace.ProcessComparison,
  },
  "processes.template": {
    method: "GET",
    path: "/api/processes/:name/template",
    permission: "config.read",
    tag: "Processes",
    summary: "The empty template of a process for change requests as files",
    params: name,
    response: requestFiles.WrittenFile,
  },
  "processes.list": {
    method: "GET",
    path: "/api/processes",
    permission: "config.read",
    tag: "Processes",
    summary: "Processes of this installation",
    response: z.object({ items: z.array(workspace.ProcessSummary) }),
  },
  "processes.get": {
    method: "GET",
    path: "/api/processes/:name",
    permission: "config.read",
    tag: "Processes",
    summary: "A process whole as it is in force for new changes: stages, form, decision tables",
    params: name,
    response: workspace.ProcessDocument,
  },
  "processes.versions": {
    method: "GET",
    path: "/api/processes/:name/versions",
    permission: "config.read",
    tag: "Processes",
    summary: "Every version of a process that was ever in force, the newest first",
    params: name,
    response: z.object({ items: z.array(workspace.ProcessVersionSummary) }),
  },
  "processes.version": {
    method: "GET",
    path: "/api/processes/:name/versions/:hash",
    permission: "config.read",
    tag: "Processes",
    summary: "One version of a process whole, such as the one a change is pinned to",
    params: name.extend({ hash: z.string().min(1).max(100) }),
    response: workspace.ProcessVersion,
  },
} as const satisfies Record<string, Endpoint>;
