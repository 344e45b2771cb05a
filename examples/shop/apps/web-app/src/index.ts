import { createServer } from "node:http";
import { ShopClient } from "@shop/client";
import { catalogPage } from "./pages/catalog.js";
import { ordersPage } from "./pages/orders.js";

const client = new ShopClient(process.env.DATA_SERVICE_URL ?? "http://127.0.0.1:4000");

createServer(async (request, response) => {
  const path = new URL(request.url ?? "/", "http://web").pathname;
  const orders = /^\/users\/([^/]+)\/orders$/.exec(path);
  try {
    const page = orders?.[1] ? await ordersPage(client, orders[1]) : await catalogPage(client);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  } catch (error) {
    console.error(error);
    response.writeHead(502).end("The shop cannot be reached just now.");
  }
}).listen(Number(process.env.PORT ?? 3000));
