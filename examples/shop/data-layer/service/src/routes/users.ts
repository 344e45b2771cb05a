import type { NewUser, Repositories } from "@shop/domain";
import type { FastifyInstance } from "fastify";

export async function usersRoutes(app: FastifyInstance, { repositories }: { repositories: Repositories }) {
  const { users } = repositories;

  app.get<{ Params: { id: string } }>("/:id", async (request, reply) => {
    const user = await users.findById(request.params.id);
    return user ?? reply.code(404).send({ error: "no such user" });
  });

  app.get<{ Params: { telegramId: string } }>("/by-telegram/:telegramId", async (request, reply) => {
    const user = await users.findByTelegramId(Number(request.params.telegramId));
    return user ?? reply.code(404).send({ error: "no such user" });
  });

  app.post<{ Body: NewUser }>("/", async (request, reply) => {
    const { name, email, telegramId } = request.body;
    if (!email && !telegramId) return reply.code(400).send({ error: "email or telegramId is needed" });
    return reply.code(201).send(await users.create({ name, email, telegramId }));
  });

  app.patch<{ Params: { id: string }; Body: { name: string } }>("/:id", async (request, reply) => {
    const user = await users.rename(request.params.id, request.body.name);
    return user ?? reply.code(404).send({ error: "no such user" });
  });
}
