import { z } from "zod";
import * as workspace from "../workspace.ts";
import { done, type Endpoint, id } from "./endpoint.ts";

/** Running the installation. */
export const operationEndpoints = {
  "jobs.dead": {
    method: "GET",
    path: "/api/jobs/dead",
    permission: "operations.manage",
    tag: "Operations",
    summary: "Work that failed for good",
    response: z.object({ items: z.array(workspace.DeadLetter) }),
  },
  "jobs.resend": {
    method: "POST",
    path: "/api/jobs/dead/:id/resend",
    permission: "operations.manage",
    tag: "Operations",
    summary: "Try dead work again",
    params: id,
    response: done,
  },
  backup: {
    method: "GET",
    path: "/api/backup",
    permission: "operations.backup",
    tag: "Operations",
    summary: "A consistent copy of everything the product stores, as gzipped JSON Lines",
    response: "stream",
    contentType: "application/gzip",
  },
  events: {
    method: "GET",
    path: "/api/events",
    permission: "change.read",
    tag: "Operations",
    summary: "Live events (server-sent events); Last-Event-ID resumes",
    query: z.object({ change: z.string().max(100).optional() }),
    response: "stream",
    contentType: "text/event-stream",
  },
  health: {
    method: "GET",
    path: "/healthz",
    permission: null,
    tag: "Operations",
    summary: "The process runs",
    response: workspace.Health,
    open: true,
  },
  ready: {
    method: "GET",
    path: "/readyz",
    permission: null,
    tag: "Operations",
    summary: "The process can do its work (200) or not (503)",
    response: workspace.Health,
    open: true,
  },
} as const satisfies Record<string, Endpoint>;
