import { expect, test } from "vitest";
import { ShopClient } from "./index.js";

test("an order's status is set with PUT and a JSON body", async () => {
  const asked: Request[] = [];
  const client = new ShopClient("http://shop.example", async (url, init) => {
    asked.push(new Request(url, init));
    return Response.json({ id: "o1" });
  });
  await client.setOrderStatus("o1", "paid");
  expect(asked[0]?.method).toBe("PUT");
  expect(asked[0]?.url).toBe("http://shop.example/api/orders/o1/status");
  expect(await asked[0]?.json()).toEqual({ status: "paid" });
});
