import { expect, test } from "vitest";
import { describeOrders } from "./orders.js";

test("somebody without orders is told so", () => {
  expect(describeOrders([])).toBe("You have no orders yet.");
});

test("each order is one line", () => {
  const order = { id: "o1", userId: "ada", status: "paid" as const, placedAt: "2026-03-01T10:00:00Z" };
  expect(describeOrders([{ ...order, items: [{ productId: "tea", quantity: 2, priceCents: 890 }] }])).toBe(
    "17.80 €, paid",
  );
});
