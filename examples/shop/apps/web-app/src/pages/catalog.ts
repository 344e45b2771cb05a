import type { ShopClient } from "@shop/client";
import { escapeHtml, euros, page } from "../html.js";

export async function catalogPage(client: ShopClient): Promise<string> {
  const products = await client.listProducts(true);
  const rows = products.map(({ name, priceCents }) => `<li>${escapeHtml(name)}: ${euros(priceCents)}</li>`);
  return page("Our teas", `<ul>${rows.join("")}</ul>`);
}
