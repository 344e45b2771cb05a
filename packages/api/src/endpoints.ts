import { auditEndpoints } from "./endpoints/audit.ts";
import { changeEndpoints } from "./endpoints/changes.ts";
import { deploymentEndpoints } from "./endpoints/deployments.ts";
import { meetingEndpoints } from "./endpoints/meetings.ts";
import { operationEndpoints } from "./endpoints/operations.ts";
import { peopleEndpoints } from "./endpoints/people.ts";
import { processEndpoints } from "./endpoints/processes.ts";
import { requestEndpoints } from "./endpoints/requests.ts";
import { sampleEndpoints } from "./endpoints/sample.ts";
import { signInEndpoints } from "./endpoints/signing-in.ts";
import { ticketEndpoints } from "./endpoints/tickets.ts";
import { viewEndpoints } from "./endpoints/views.ts";
import { workspaceEndpoints } from "./endpoints/workspace.ts";

export type { Endpoint } from "./endpoints/endpoint.ts";

/** Every operation of the HTTP interface. Server routes, the OpenAPI document and the typed client all follow from this table. */
export const endpoints = {
  ...changeEndpoints,
  ...requestEndpoints,
  ...deploymentEndpoints,
  ...ticketEndpoints,
  ...viewEndpoints,
  ...meetingEndpoints,
  ...processEndpoints,
  ...workspaceEndpoints,
  ...peopleEndpoints,
  ...signInEndpoints,
  ...sampleEndpoints,
  ...auditEndpoints,
  ...operationEndpoints,
} as const;

export type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;
