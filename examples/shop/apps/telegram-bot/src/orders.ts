import { type Order, orderTotal } from "@shop/domain";

export function describeOrders(orders: readonly Order[]): string {
  if (orders.length === 0) return "You have no orders yet.";
  return orders.map(({ status, items }) => `${(orderTotal(items) / 100).toFixed(2)} €, ${status}`).join("\n");
}
