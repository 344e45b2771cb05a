import type { NewProduct, Repositories } from "@shop/domain";
import type { FastifyInstance } from "fastify";

export async function productsRoutes(app: FastifyInstance, { repositories }: { repositories: Repositories }) {
  const { products } = repositories;

  app.get<{ Querystring: { inStock?: string } }>("/", async (request) => {
    return products.list(request.query.inStock === "true");
  });

  app.get<{ Params: { id: string } }>("/:id", async (request, reply) => {
    const product = await products.findById(request.params.id);
    return product ?? reply.code(404).send({ error: "no such product" });
  });

  app.post<{ Body: NewProduct }>("/", async (request, reply) => {
    return reply.code(201).send(await products.create(request.body));
  });
}
