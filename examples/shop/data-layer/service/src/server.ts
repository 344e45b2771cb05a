import type { Repositories } from "@shop/domain";
import fastify from "fastify";
import { ordersRoutes } from "./routes/orders.js";
import { productsRoutes } from "./routes/products.js";
import { usersRoutes } from "./routes/users.js";

export async function buildServer(repositories: Repositories) {
  const app = fastify();
  await app.register(usersRoutes, { prefix: "/api/users", repositories });
  await app.register(productsRoutes, { prefix: "/api/products", repositories });
  await app.register(ordersRoutes, { prefix: "/api/orders", repositories });
  app.get("/health", async () => ({ status: "ok" }));
  return app;
}
