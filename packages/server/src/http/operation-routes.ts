import { endpoints } from "@change-mgmt/api/endpoints.ts";
import type { FastifyInstance } from "fastify";
import { Counter, Histogram, type Registry } from "prom-client";
import type { OnError } from "./errors.ts";
import { documentationOf } from "./openapi.ts";

export interface Readiness {
  readonly ok: boolean;
  /** Each thing that was looked at, in a word or a sentence. */
  readonly checks: Record<string, string>;
}

/** Adds /healthz (the process runs) and /readyz (503 when it cannot do its work, or when that cannot be found out). */
export function addHealth(app: FastifyInstance, ready: () => Promise<Readiness>, onError: OnError): void {
  app.get(endpoints.health.path, { schema: documentationOf("health") }, (_request, reply) =>
    reply.header("cache-control", "no-store").send({ status: "ok", checks: {} }),
  );
  app.get(endpoints.ready.path, { schema: documentationOf("ready") }, async (request, reply) => {
    const { ok, checks } = await ready().catch((error: unknown): Readiness => {
      onError(error, { errorId: request.id, requestId: request.id, method: "GET", route: endpoints.ready.path });
      return { ok: false, checks: { ready: "could not be found out" } };
    });
    reply.code(ok ? 200 : 503).header("cache-control", "no-store");
    return reply.send({ status: ok ? "ok" : "unavailable", checks });
  });
}

/** Counts and times requests by route into the registry, and serves the registry at /metrics as Prometheus text. */
export function addMetrics(app: FastifyInstance, registry: Registry): void {
  const requests = new Counter({
    name: "http_requests_total",
    help: "HTTP requests answered",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from request to the end of its answer; event streams are left out",
    labelNames: ["method", "route"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    requests.inc({ method: request.method, route, status: reply.statusCode });
    if (route !== endpoints.events.path) durations.observe({ method: request.method, route }, reply.elapsedTime / 1000);
  });
  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) => {
    const text = await registry.metrics();
    return reply.type(registry.contentType).header("cache-control", "no-store").send(text);
  });
}
