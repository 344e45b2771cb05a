import scalar from "@scalar/fastify-api-reference";
import type { FastifyInstance } from "fastify";
import { policyForPage } from "./security-headers.ts";

/** Serves the OpenAPI document at /api/openapi.json and as a readable page at /api/docs, all of it from this server. */
export async function addApiDocs(app: FastifyInstance): Promise<void> {
  let document: string | undefined;
  app.get("/api/openapi.json", { schema: { hide: true } }, (_request, reply) => {
    document ??= JSON.stringify(app.swagger());
    return reply.type("application/json; charset=utf-8").header("cache-control", "no-cache").send(document);
  });
  await app.register(async (docs) => {
    docs.addHook("onSend", async (_request, reply, payload) => {
      const html = String(reply.getHeader("content-type")).startsWith("text/html");
      if (html) reply.header("content-security-policy", policyForPage(String(payload)));
      reply.header("cache-control", html ? "no-cache" : "max-age=3600");
      return payload;
    });
    await docs.register(scalar, {
      routePrefix: "/api/docs",
      configuration: {
        url: "/api/openapi.json",
        pageTitle: "change-mgmt HTTP interface",
        withDefaultFonts: false,
        hideClientButton: true,
        telemetry: false,
        agent: { disabled: true },
        mcp: { disabled: true },
        showDeveloperTools: "never",
      },
    });
  });
}
