import { expect, test } from "vitest";
import { NEXT_STATUSES, orderTotal } from "./entities.js";

test("an order's total counts every piece", () => {
  const items = [
    { productId: "tea", quantity: 2, priceCents: 890 },
    { productId: "cup", quantity: 1, priceCents: 1250 },
  ];
  expect(orderTotal(items)).toBe(3030);
});

test("a shipped order stays shipped", () => {
  expect(NEXT_STATUSES.shipped).toEqual([]);
});
