import type { ShopClient } from "@shop/client";
import { orderTotal } from "@shop/domain";
import { escapeHtml, euros, page } from "../html.js";

export async function ordersPage(client: ShopClient, userId: string): Promise<string> {
  const [user, orders] = await Promise.all([client.getUser(userId), client.listOrders(userId)]);
  const rows = orders.map(
    ({ placedAt, status, items }) => `<li>${placedAt.slice(0, 10)}: ${status}, ${euros(orderTotal(items))}</li>`,
  );
  return page(
    `Orders of ${user.name}`,
    rows.length > 0 ? `<ul>${rows.join("")}</ul>` : `<p>${escapeHtml("None yet.")}</p>`,
  );
}
