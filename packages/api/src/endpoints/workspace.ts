import { z } from "zod";
import * as workspace from "../workspace.ts";
import { type Endpoint, name } from "./endpoint.ts";

/** Environments and the configuration. */
export const workspaceEndpoints = {
  "environments.list": {
    method: "GET",
    path: "/api/environments",
    permission: "config.read",
    tag: "Workspace",
    summary: "Environments in promotion order",
    response: z.object({ items: z.array(workspace.Environment) }),
  },
  "environments.drift": {
    method: "GET",
    path: "/api/environments/:name/drift",
    permission: "config.read",
    tag: "Workspace",
    summary: "Look at the schema as it is now: what differs from the last known one, and who is affected",
    params: name,
    response: workspace.Drift,
  },
  "environments.baseline": {
    method: "POST",
    path: "/api/environments/:name/baseline",
    permission: "environment.baseline",
    tag: "Workspace",
    summary: "Take the schema as it is now for the known one, after drift was looked at",
    params: name,
    body: workspace.Baseline,
    response: workspace.BaselineResult,
  },
  "config.get": {
    method: "GET",
    path: "/api/config",
    permission: "config.read",
    tag: "Workspace",
    summary: "The configuration in force",
    response: workspace.Config,
  },
  "config.import": {
    method: "POST",
    path: "/api/config",
    permission: "config.import",
    tag: "Workspace",
    summary: "Import change-mgmt.yaml",
    body: workspace.ImportConfig,
    response: workspace.Config,
    status: 201,
  },
} as const satisfies Record<string, Endpoint>;
