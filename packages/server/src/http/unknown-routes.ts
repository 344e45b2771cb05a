import type { FastifyInstance } from "fastify";
import { sendRefusal } from "./errors.ts";
import { answerWithApp, type Pages } from "./pages.ts";
import { RequestRefused } from "./request-problem.ts";

/**
 * Answers what no route serves: 405 with Allow where the path is served by other methods, the app where a browser asks for a
 * page, else 404. Register before the routes.
 */
export function answerUnknownRoutes(app: FastifyInstance, pages?: Pages): void {
  const served: { pattern: RegExp; methods: readonly string[] }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    const source = url.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/:[A-Za-z]+/g, "[^/]+");
    served.push({ pattern: new RegExp(`^${source}$`), methods: [method].flat() });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.replace(/[?#].*$/s, "");
    const methods = served.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
    const allow = [...new Set(methods)].sort().join(", ");
    if (allow === "") {
      if (pages && answerWithApp(pages, request, reply)) return reply;
      const message = `Nothing is served at ${request.method} ${path.slice(0, 200)}.`;
      const hint = "The operations are listed at /api/openapi.json, readably at /api/docs.";
      return sendRefusal(reply, new RequestRefused({ code: "NOT_FOUND", message, hint }));
    }
    const refusal = {
      code: "METHOD_NOT_ALLOWED",
      message: `${request.method} is not served at ${path.slice(0, 200)}.`,
      hint: `Use ${allow}.`,
    };
    return sendRefusal(reply, new RequestRefused(refusal, { allow }));
  });
}
