import * as changes from "../changes.ts";
import * as workspace from "../workspace.ts";
import { type Endpoint, id } from "./endpoint.ts";

/** Deployments under way, and holding all of them. */
export const deploymentEndpoints = {
  "deployments.get": {
    method: "GET",
    path: "/api/deployments/:id",
    permission: "change.read",
    tag: "Deployments",
    summary: "One deployment with its steps and their output",
    params: id,
    response: changes.Deployment,
  },
  "deployments.cancel": {
    method: "POST",
    path: "/api/deployments/:id/cancel",
    permission: "deployment.cancel",
    tag: "Deployments",
    summary: "Stop a deployment; the step in hand is rolled back where it is transactional",
    params: id,
    body: changes.Reason,
    response: changes.Deployment,
  },
  "deployments.pause": {
    method: "POST",
    path: "/api/deployments/:id/pause",
    permission: "deployment.pause",
    tag: "Deployments",
    summary: "Pause a deployment between two steps, or between two batches of one",
    params: id,
    body: changes.Reason,
    response: changes.Deployment,
  },
  "deployments.resume": {
    method: "POST",
    path: "/api/deployments/:id/resume",
    permission: "deployment.pause",
    tag: "Deployments",
    summary: "Let a paused deployment go on exactly where it stands",
    params: id,
    response: changes.Deployment,
  },
  "hold.get": {
    method: "GET",
    path: "/api/hold",
    permission: "change.read",
    tag: "Deployments",
    summary: "Whether deployments are held, by whom and why, and which are unfinished",
    response: workspace.Hold,
  },
  "hold.set": {
    method: "POST",
    path: "/api/hold",
    permission: "deployment.hold",
    tag: "Deployments",
    summary: "Hold deployments: none begins and none is taken up until they are released",
    body: workspace.HoldDeployments,
    response: workspace.Hold,
  },
  "hold.release": {
    method: "POST",
    path: "/api/hold/release",
    permission: "deployment.hold",
    tag: "Deployments",
    summary: "Release held deployments; unfinished ones are taken up",
    body: workspace.ReleaseDeployments,
    response: workspace.Hold,
  },
} as const satisfies Record<string, Endpoint>;
