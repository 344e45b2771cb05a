import { ShopClient } from "@shop/client";
import { Bot } from "grammy";
import { describeOrders } from "./orders.js";

const { TELEGRAM_TOKEN, DATA_SERVICE_URL = "http://127.0.0.1:4000" } = process.env;
if (!TELEGRAM_TOKEN) throw new Error("TELEGRAM_TOKEN is not set");

const client = new ShopClient(DATA_SERVICE_URL);
const bot = new Bot(TELEGRAM_TOKEN);

bot.command("start", async (context) => {
  const { id, first_name } = context.from ?? {};
  if (id === undefined) return;
  await client.createUser({ telegramId: id, email: null, name: first_name ?? "friend" });
  await context.reply("Welcome. /orders shows your orders.");
});

bot.command("orders", async (context) => {
  if (!context.from) return;
  const user = await client.getUserByTelegramId(context.from.id);
  await context.reply(describeOrders(await client.listOrders(user.id, 5)));
});

await bot.start();
