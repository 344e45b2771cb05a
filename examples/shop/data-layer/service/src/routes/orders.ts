import { NEXT_STATUSES, type OrderStatus, type Repositories } from "@shop/domain";
import type { FastifyInstance } from "fastify";

interface PlaceOrder {
  userId: string;
  items: { productId: string; quantity: number }[];
}

export async function ordersRoutes(app: FastifyInstance, { repositories }: { repositories: Repositories }) {
  const { orders, products } = repositories;

  app.get<{ Querystring: { userId: string; limit?: string } }>("/", async (request) => {
    const { userId, limit } = request.query;
    return orders.listByUser(userId, limit ? Number(limit) : undefined);
  });

  app.get<{ Params: { id: string } }>("/:id", async (request, reply) => {
    const order = await orders.findById(request.params.id);
    return order ?? reply.code(404).send({ error: "no such order" });
  });

  app.post<{ Body: PlaceOrder }>("/", async (request, reply) => {
    const items = [];
    for (const { productId, quantity } of request.body.items) {
      const product = await products.changeStock(productId, -quantity);
      if (!product) return reply.code(409).send({ error: `product ${productId} is not in stock` });
      items.push({ productId, quantity, priceCents: product.priceCents });
    }
    return reply.code(201).send(await orders.place({ userId: request.body.userId, items }));
  });

  app.put<{ Params: { id: string }; Body: { status: OrderStatus } }>("/:id/status", async (request, reply) => {
    const order = await orders.findById(request.params.id);
    if (!order) return reply.code(404).send({ error: "no such order" });
    if (!NEXT_STATUSES[order.status].includes(request.body.status)) {
      return reply.code(409).send({ error: `an order that is ${order.status} cannot be ${request.body.status}` });
    }
    return orders.setStatus(order.id, request.body.status);
  });
}
