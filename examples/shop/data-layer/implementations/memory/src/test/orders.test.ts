import { expect, test } from "vitest";
import { MemoryOrderRepository } from "../repositories/MemoryOrderRepository.js";

test("an order is placed and found again for its user only", async () => {
  const orders = new MemoryOrderRepository();
  const placed = await orders.place({ userId: "ada", items: [{ productId: "tea", quantity: 1, priceCents: 890 }] });
  expect(await orders.listByUser("ada")).toEqual([placed]);
  expect(await orders.listByUser("bela")).toEqual([]);
});

test("the status of an unknown order cannot be set", async () => {
  expect(await new MemoryOrderRepository().setStatus("nowhere", "paid")).toBeNull();
});
