import { z } from "zod";
import * as workspace from "../workspace.ts";
import { type Endpoint, page } from "./endpoint.ts";

/** The audit trail. */
export const auditEndpoints = {
  "audit.list": {
    method: "GET",
    path: "/api/audit",
    permission: ["audit.read", "change.read"],
    tag: "Audit",
    summary: "Audit trail, newest first; the query itself is audited",
    query: workspace.ListAudit,
    response: page(workspace.AuditRecord),
  },
  "audit.export": {
    method: "GET",
    path: "/api/audit/export",
    permission: "audit.export",
    tag: "Audit",
    summary: "Everything sealed, as JSON Lines with the seal as last line",
    response: "stream",
    contentType: "application/jsonl",
  },
  "audit.checkpoint": {
    method: "GET",
    path: "/api/audit/checkpoint",
    permission: "audit.read",
    tag: "Audit",
    summary: "The newest seal, to be kept elsewhere",
    response: workspace.Checkpoint,
  },
  "audit.keys": {
    method: "GET",
    path: "/api/audit/keys",
    permission: "audit.read",
    tag: "Audit",
    summary: "Public keys of the seals, newest first",
    response: z.object({ items: z.array(workspace.AuditKey) }),
  },
  "audit.rotateKey": {
    method: "POST",
    path: "/api/audit/keys/rotate",
    permission: "audit.rotate-key",
    tag: "Audit",
    summary: "Replace the key that this process signs seals with by a new one, which the old one endorses",
    response: workspace.AuditKey,
    status: 201,
  },
  "audit.verify": {
    method: "GET",
    path: "/api/audit/verify",
    permission: "audit.read",
    tag: "Audit",
    summary: "Let the server verify its own trail; an export verified elsewhere proves more",
    response: workspace.AuditVerdict,
  },
} as const satisfies Record<string, Endpoint>;
