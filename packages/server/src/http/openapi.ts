import { Change } from "@change-mgmt/api/changes.ts";
import { type Endpoint, type EndpointName, endpoints } from "@change-mgmt/api/endpoints.ts";
import { Problem } from "@change-mgmt/api/problem.ts";
import swagger from "@fastify/swagger";
import type { FastifyInstance, FastifySchema } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import { BYTES_TYPE } from "./byte-body.ts";
import { tidyComponents } from "./openapi-components.ts";

const PROBLEMS: Readonly<Record<number, string>> = {
  400: "The body is not JSON",
  401: "Not signed in, or the token is not good any more",
  403: "The sender may not do this",
  404: "No such thing",
  409: "Not in the state it is in now",
  410: "It was there and has been removed",
  412: "Something newer than what was read; the answer says what",
  413: "The body is larger than is taken",
  415: "The body is of a type that is not taken",
  422: "The input has problems; all of them are listed",
  429: "Too many requests; Retry-After says how long to wait",
  503: "Cannot be done at this moment; Retry-After says when to try again",
};
/** Of who is not known nothing that was read can be stale, and nothing that was found be gone. */
const OF_THE_SIGNED_IN = [410, 412];
/** What a body can have wrong before it is read. */
const OF_BODIES = [413, 415];

const BYTES = z.string().meta({ contentMediaType: BYTES_TYPE, description: "The bytes as they are" });
const IdempotencyKey = z.string().min(1).max(200).optional();
const IfMatch = z.string().optional();
const LastEventId = z.string().max(100).optional();

/** Makes Fastify collect the OpenAPI 3.1 document of the routes that are added afterwards. */
export async function registerOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "change-mgmt",
        version,
        description:
          "Change management for the data layer. Errors are RFC 9457 problem documents with a stable code and a hint; lists are read page by page with a cursor; times are RFC 3339 in UTC.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/", description: "This server" }],
      tags: [...new Set(Object.values(endpoints).map(({ tag }) => tag))].map((name) => ({ name })),
      components: {
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer", description: "An API token, or the token a sign-in link gave" },
          session: {
            type: "apiKey",
            in: "cookie",
            name: "change_mgmt_session",
            description:
              "The cookie that signing in sets; over TLS its name begins with __Host-. What changes something also takes the header X-Change-Mgmt, from a page of this server",
          },
        },
      },
      security: [{ bearer: [] }, { session: [] }],
    },
    hideUntagged: true,
    transform: jsonSchemaTransform,
    transformObject: (input) => sayWhatMayBeLeftOut(tidyComponents(jsonSchemaTransformObject(input))),
  });
}

/** What the OpenAPI document says of an endpoint. It serves the document only: requests are parsed by `parseRequest`. */
export function documentationOf(name: EndpointName): FastifySchema {
  const endpoint: Endpoint = endpoints[name];
  const headers = headersOf(endpoint);
  const problem = (status: number) => ({
    description: PROBLEMS[status],
    content: { "application/problem+json": { schema: Problem } },
  });
  return {
    operationId: name,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.open ? { security: [] } : {}),
    ...(endpoint.params ? { params: endpoint.params } : {}),
    ...(endpoint.query ? { querystring: endpoint.query } : {}),
    ...(endpoint.body === "bytes" ? { body: BYTES, consumes: [BYTES_TYPE] } : {}),
    ...(endpoint.body && endpoint.body !== "bytes" ? { body: endpoint.body } : {}),
    ...(headers ? { headers } : {}),
    response: {
      [endpoint.status ?? 200]: success(endpoint),
      ...(endpoint.path === "/readyz" ? { 503: { ...success(endpoint), description: "Not ready" } } : {}),
      ...Object.fromEntries(problemsOf(endpoint).map((status) => [status, problem(status)])),
    },
  };
}

/** No body is taken for an empty object, so where that is enough a body may be left out. */
function sayWhatMayBeLeftOut<T extends object>(document: T): T {
  const { paths = {} } = document as { paths?: Record<string, Record<string, DescribedOperation>> };
  for (const { operationId, requestBody } of Object.values(paths).flatMap((item) => Object.values(item))) {
    const { body }: Endpoint = endpoints[operationId];
    if (requestBody && body && body !== "bytes") requestBody.required = !body.safeParse({}).success;
  }
  return document;
}

interface DescribedOperation {
  readonly operationId: EndpointName;
  readonly requestBody?: { required?: boolean };
}

/** The statuses of refusals that an endpoint can answer with; of health there are none. */
function problemsOf({ path, method, open }: Endpoint): number[] {
  if (path === "/healthz" || path === "/readyz") return [];
  return Object.keys(PROBLEMS)
    .map(Number)
    .filter((status) => !(open && OF_THE_SIGNED_IN.includes(status)))
    .filter((status) => !(method === "GET" && OF_BODIES.includes(status)));
}

function success(endpoint: Endpoint): object {
  const contentType = endpoint.contentType ?? "application/json";
  const schema =
    endpoint.response === "stream" ? z.string().meta({ contentMediaType: contentType }) : endpoint.response;
  return { description: endpoint.summary, content: { [contentType]: { schema } } };
}

function headersOf(endpoint: Endpoint): z.ZodObject | undefined {
  const shape: z.ZodRawShape = {
    ...(endpoint.method === "POST" && !endpoint.open
      ? {
          "Idempotency-Key": IdempotencyKey.describe(
            "Same key, same effect: a repeated request is answered and done once",
          ),
        }
      : {}),
    ...(endpoint.method !== "GET" && endpoint.params && endpoint.response === Change
      ? { "If-Match": IfMatch.describe('The version that was read, such as "7"; a stale one is refused with 412') }
      : {}),
    ...(endpoint.contentType === "text/event-stream"
      ? { "Last-Event-ID": LastEventId.describe("Go on after this event") }
      : {}),
  };
  return Object.keys(shape).length > 0 ? z.object(shape) : undefined;
}
