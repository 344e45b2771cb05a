import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ImpactDocument } from "@change-mgmt/api/impact.ts";
import { expect, test } from "vitest";
import { freshFolder, runLine } from "../testing/run-line.ts";

const SHOP = resolve(import.meta.dirname, "../../../../examples/shop");

async function impact(sql: string, words: readonly string[] = ["--json"], path = SHOP) {
  const cwd = freshFolder();
  writeFileSync(join(cwd, "up.sql"), sql);
  return runLine(["impact", "--migration=up.sql", `--path=${path}`, ...words], { token: null, cwd });
}

test("a renamed column is followed from the table to the teams, each with its place", async () => {
  const said = await impact("alter table products\n  rename column sku to article_number;\n");
  expect(said).toMatchObject({ code: 0, stderr: "" });
  const report = ImpactDocument.parse(said.json());
  expect(report.touches).toEqual([{ table: "products", columns: ["sku"], what: "rename", breaking: true, line: 1 }]);
  expect(report.references.map(({ symbol, access, breaking }) => [symbol, access, breaking])).toEqual([
    ["SupabaseProductRepository.list", "read", true],
    ["SupabaseProductRepository.findById", "read", true],
    ["SupabaseProductRepository.create", "write", true],
    ["SupabaseProductRepository.changeStock", "write", true],
  ]);
  expect(report.methods.map(({ method }) => method)).toEqual(["list", "findById", "create", "changeStock"]);
  expect(report.endpoints.map(({ route }) => route)).toEqual([
    "POST /api/orders",
    "GET /api/products",
    "GET /api/products/{}",
    "POST /api/products",
  ]);
  expect(report.clients.map(({ by }) => by)).toEqual([
    "ShopClient.listProducts",
    "ShopClient.getProduct",
    "ShopClient.createProduct",
    "ShopClient.placeOrder",
  ]);
  expect(report.users).toMatchObject([
    {
      symbol: "catalogPage",
      calls: "ShopClient.listProducts",
      component: "web-app",
      place: { file: "apps/web-app/src/pages/catalog.ts", line: 5 },
    },
  ]);
  expect(report.components).toEqual([
    { name: "data-layer", team: "data-platform", breaking: true, touched: "directly" },
    { name: "web-app", team: "web", breaking: false, touched: "through others" },
  ]);
  expect(report.teams).toEqual(["data-platform", "web"]);
});

test("a column that nothing names touches only what takes all columns; a required one, whoever makes rows", async () => {
  const optional = ImpactDocument.parse((await impact("alter table orders add column note text;")).json());
  expect([optional.references, optional.endpoints, optional.components]).toEqual([[], [], []]);
  const required = ImpactDocument.parse((await impact("alter table orders add column note text not null;")).json());
  expect(required.references.map(({ symbol, breaking }) => [symbol, breaking])).toEqual([
    ["SupabaseOrderRepository.place", true],
  ]);
});

test("what is embedded and what calls through other methods is found", async () => {
  const report = ImpactDocument.parse((await impact("alter table order_items drop column quantity;")).json());
  expect(report.methods.map(({ method }) => method).sort()).toEqual(["findById", "listByUser", "place", "setStatus"]);
  expect(report.components.map(({ name }) => name)).toEqual(["data-layer", "web-app", "telegram-bot"]);
});

test("text for people, Markdown to hand on, and a new table that touches nobody", async () => {
  const sql = "alter table users drop column name;";
  expect((await impact(sql, [])).stdout).toContain("SupabaseUserRepository.rename writes users (any column)");
  const markdown = (await impact(sql, ["--format=markdown"])).stdout;
  expect(markdown).toContain("# Impact of `up.sql`\n\nTeams: bots, data-platform, web.\n");
  expect(markdown).toContain("| users | name | drop column | yes | 1 |");
  expect((await impact("create table t (id int); create index on t (id);", [])).stdout).toContain(
    "It touches nothing that was there",
  );
});

test("SQL that cannot be read, no migration and no folder are said", async () => {
  expect(await impact("alter tabel x;")).toMatchObject({ code: 3 });
  expect(await impact("select 1;", [], "/nowhere")).toMatchObject({ code: 2 });
  expect(await runLine(["impact"], { token: null })).toMatchObject({ code: 2 });
});

test("the schema of its document is published", async () => {
  const help = await runLine(["help", "impact", "--json"], { token: null });
  const published = resolve(import.meta.dirname, "../../../../docs/impact.schema.json");
  await expect(`${JSON.stringify(help.json().schema, null, 2)}\n`).toMatchFileSnapshot(published);
});
