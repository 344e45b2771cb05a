import { memoryRepositories } from "@shop/memory";
import { expect, test } from "vitest";
import { buildServer } from "../server.js";

async function shopWithTea(stock: number) {
  const repositories = memoryRepositories();
  const tea = await repositories.products.create({ sku: "TEA", name: "Tea", description: "", priceCents: 890, stock });
  const ada = await repositories.users.create({ name: "Ada", email: "ada@shop.example", telegramId: null });
  return { app: await buildServer(repositories), tea, ada };
}

test("an order takes its pieces from the stock at today's price", async () => {
  const { app, tea, ada } = await shopWithTea(3);
  const payload = { userId: ada.id, items: [{ productId: tea.id, quantity: 2 }] };
  const placed = await app.inject({ method: "POST", url: "/api/orders", payload });
  expect(placed.statusCode).toBe(201);
  expect(placed.json().items).toEqual([{ productId: tea.id, quantity: 2, priceCents: 890 }]);
  const left = await app.inject({ method: "GET", url: `/api/products/${tea.id}` });
  expect(left.json().stock).toBe(1);
});

test("more than the stock is refused", async () => {
  const { app, tea, ada } = await shopWithTea(1);
  const payload = { userId: ada.id, items: [{ productId: tea.id, quantity: 2 }] };
  expect((await app.inject({ method: "POST", url: "/api/orders", payload })).statusCode).toBe(409);
});
