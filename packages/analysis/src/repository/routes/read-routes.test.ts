import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { openCodeBase } from "../code-base.ts";
import { diskReader } from "../disk-reader.ts";
import { memoryReader } from "../reader.ts";
import { readRoutes } from "./read-routes.ts";

type Files = Readonly<Record<string, string>>;

function said(files: Files) {
  const { routes, unresolved } = readRoutes(openCodeBase(memoryReader(files)));
  return [
    ...routes.map(({ method, segments }) => `${method} /${segments.join("/")}`),
    ...unresolved.map(({ why, place }) => `? ${place.file}:${place.line} ${why}`),
  ];
}

test("the routes of the example shop", () => {
  const shop = resolve(import.meta.dirname, "../../../../../examples/shop");
  const { routes, unresolved } = readRoutes(openCodeBase(diskReader(shop)));
  expect(unresolved).toEqual([]);
  expect(routes.map(({ method, segments }) => `${method} /${segments.join("/")}`)).toEqual([
    "GET /api/orders",
    "GET /api/orders/{}",
    "POST /api/orders",
    "PUT /api/orders/{}/status",
    "GET /api/products",
    "GET /api/products/{}",
    "POST /api/products",
    "GET /api/users/{}",
    "GET /api/users/by-telegram/{}",
    "POST /api/users",
    "PATCH /api/users/{}",
    "GET /health",
  ]);
});

describe("Fastify", () => {
  test("plugins in plugins, prefixes from constants, route(), typed chains, dynamic imports and several methods", () => {
    const files = {
      "app.ts": `import Fastify from "fastify";
import { PREFIX } from "./names.js";
import inner from "./inner.js";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
export async function build(deps: unknown) {
  const app = Fastify({ logger: true }).withTypeProvider<ZodTypeProvider>();
  await app.register(inner, { prefix: \`\${PREFIX.api}/v1\`, deps });
  app.register(import("./late.js"), { prefix: "/late" });
  app.register(async (scope) => { scope.get("/inline/:id(\\\\d+)", async () => 1); }, { prefix: "/scoped" });
  await app.route({ method: ["GET", "POST"], url: "/both/:a/:b?", handler });
  addMore(app);
  return app;
}
function addMore(server) { server.delete("/more/*", handler); }
`,
      "names.ts": 'export const PREFIX = { api: "/api" } as const;\n',
      "inner.ts": `import type { FastifyPluginAsync } from "fastify";
import fp from "fastify-plugin";
const open = fp(async (app) => { app.get("/open", h); });
const inner: FastifyPluginAsync = async (app) => {
  app.register(open, { prefix: "/without-effect" });
  app.put<{ Params: { id: string } }>("/:id/", { schema: {} }, async () => 1);
  app.get("", h);
};
export default inner;
`,
      "late.ts": "export default async function late(app) { app.patch('/:id', h); }\n",
    };
    expect(said(files).sort()).toEqual(
      [
        "DELETE /more/*",
        "GET /api/v1",
        "GET /api/v1/open",
        "GET /both/{}",
        "GET /both/{}/{}",
        "GET /scoped/inline/{}",
        "PATCH /late/{}",
        "POST /both/{}",
        "POST /both/{}/{}",
        "PUT /api/v1/{}",
      ].sort(),
    );
  });

  test("what is only known when it runs is said, and so is a plugin that nothing registers", () => {
    const files = {
      "app.ts": `import fastify from "fastify";
const app = fastify();
app.get(process.env.BASE + "/x", h);
const cache = new Map();
cache.get("/not-a-route", 1);
`,
      "plugin.ts": `import type { FastifyInstance } from "fastify";
export async function lost(app: FastifyInstance) { app.get("/lost", h); }
`,
    };
    expect(said(files)).toEqual([
      "? app.ts:3 process.env.BASE is only known when it runs",
      "? plugin.ts:2 a plugin with routes is not seen to be registered anywhere",
    ]);
  });
});

test("Express: routers in routers, a router that a function makes, chains of route(), lists of paths, and settings that are no routes", () => {
  const files = {
    "app.ts": `import express, { Router } from "express";
import { users } from "./users.js";
import { makeOrders } from "./orders.js";
const app = express();
const api = Router();
app.set("port", 1); app.get("port");
app.use(express.json());
app.use("/api", auth, api);
api.use("/users", users);
api.use(["/orders", "/purchases"], makeOrders({}));
app.route("/one/:id").get(h).put(auth, h);
app.all("/any", h);
app.get(["/a", "/b"], h);
`,
    "users.ts": 'import { Router } from "express";\nexport const users = Router();\nusers.get("/", h).post("/", h);\n',
    "orders.ts":
      'import * as express from "express";\nexport function makeOrders(deps) {\n  const router = express.Router();\n  router.get("/:id", h);\n  return router;\n}\n',
    "lost.ts": 'import { Router } from "express";\nexport const lost = Router();\nlost.get("/lost", h);\n',
  };
  expect(said(files).sort()).toEqual(
    [
      "* /any",
      "? lost.ts:2 a router with routes is not seen to be mounted anywhere",
      "GET /a",
      "GET /api/orders/{}",
      "GET /api/purchases/{}",
      "GET /api/users",
      "GET /b",
      "GET /one/{}",
      "POST /api/users",
      "PUT /one/{}",
    ].sort(),
  );
});

test("Hono: chains, basePath, route() and on()", () => {
  const files = {
    "app.ts": `import { Hono } from "hono";
import users from "./users.js";
const app = new Hono().basePath("/api");
app.route("/users", users);
app.on(["PUT", "DELETE"], "/things/:id{[0-9]+}", h);
export default app;
`,
    "users.ts":
      'import { Hono } from "hono";\nconst users = new Hono().get("/", h).post("/", v, h).get("/:id", h);\nexport default users;\n',
  };
  expect(said(files).sort()).toEqual([
    "DELETE /api/things/{}",
    "GET /api/users",
    "GET /api/users/{}",
    "POST /api/users",
    "PUT /api/things/{}",
  ]);
});

test("Nest: controllers under the global prefix, told by where their decorators come from", () => {
  const files = {
    "main.ts": 'const app = await NestFactory.create(AppModule);\napp.setGlobalPrefix("api");\n',
    "users.controller.ts": `import { Controller, Get as Read, Post } from "@nestjs/common";
import { Put } from "./own.js";
@Controller({ path: ["users", "people"] })
export class UsersController {
  @Read(":id") one() {}
  @Post() make() {}
  @Put("x") no() {}
}
`,
    "own.ts": "export const Put = () => () => {};\n",
  };
  expect(said(files)).toEqual(["GET /api/users/{}", "GET /api/people/{}", "POST /api/users", "POST /api/people"]);
});

test("Next.js: route files and api pages of packages that use it", () => {
  const files = {
    "web/package.json": '{ "dependencies": { "next": "16" } }',
    "web/src/app/(shop)/api/orders/[id]/route.ts": "export async function GET() {}\nexport const PUT = wrap(h);\n",
    "web/app/files/[[...path]]/route.ts": "export { h as POST };\n",
    "web/pages/api/users/index.ts": 'export default function handler(req) { if (req.method === "POST") return; }\n',
    "web/pages/api/ping.ts": "export default () => {};\n",
    "other/app/api/route.ts": "export function GET() {}\n",
  };
  expect(said(files).sort()).toEqual(
    [
      "* /api/ping",
      "GET /api/orders/{}",
      "POST /api/users",
      "POST /files",
      "POST /files/*",
      "PUT /api/orders/{}",
    ].sort(),
  );
});
