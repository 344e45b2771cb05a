import { resolve } from "node:path";
import { diskReader } from "@change-mgmt/analysis/repository/disk-reader.ts";
import { readImpact } from "@change-mgmt/analysis/repository/impact/read-impact.ts";
import { readTouches } from "@change-mgmt/analysis/repository/impact/read-touches.ts";
import { memoryReader } from "@change-mgmt/analysis/repository/reader.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

/**
 * Property 7 of the specification: all components that depend on what a change touches are identified. Components that use random methods
 * of the client of the example shop are added to it, and for a table that is dropped exactly those are found that call a method whose
 * endpoint reaches the table.
 */
const shop = diskReader(resolve(import.meta.dirname, "../../examples/shop"));
const base = Object.fromEntries(
  shop.files
    .filter((file) => file.startsWith("data-layer/"))
    .flatMap((file) => {
      const read = shop.read(file);
      return "text" in read ? [[file, read.text]] : [];
    }),
);

/** Which tables the endpoint behind each method of the client reads or writes, as the routes of the shop are written. */
const REACHES: Readonly<Record<string, readonly string[]>> = {
  getUser: ["users"],
  getUserByTelegramId: ["users"],
  createUser: ["users"],
  renameUser: ["users"],
  listProducts: ["products"],
  getProduct: ["products"],
  createProduct: ["products"],
  listOrders: ["orders", "order_items"],
  getOrder: ["orders", "order_items"],
  placeOrder: ["orders", "order_items", "products"],
  setOrderStatus: ["orders", "order_items"],
};
const methods = Object.keys(REACHES);
const uses = fc.array(fc.subarray(methods, { maxLength: 3 }), { minLength: 1, maxLength: 5 });

test("exactly the components that depend on a dropped table are found, with their teams", async () => {
  await fc.assert(
    fc.asyncProperty(uses, fc.constantFrom("users", "products", "orders", "order_items"), async (apps, table) => {
      const written = apps.map((called, at) => [
        `apps/app${at}/src/index.ts`,
        `import { ShopClient } from "@shop/client";\nexport async function run(client: ShopClient) {\n${called.map((name) => `  await client.${name}();\n`).join("")}}\n`,
      ]);
      const components = [
        { name: "data-layer", path: "data-layer", team: "core" },
        ...apps.map((_, at) => ({ name: `app${at}`, path: `apps/app${at}`, team: `team${at}` })),
      ];
      const touches = await readTouches("up.sql", `drop table ${table};`);
      if (!touches.ok) throw new Error(touches.refusal.message);
      const reader = memoryReader({ ...base, ...Object.fromEntries(written) });
      const report = await readImpact(reader, "up.sql", touches.value, components);
      const depend = apps.flatMap((called, at) => (called.some((name) => REACHES[name]!.includes(table)) ? [at] : []));
      expect(report.components.map(({ name }) => name)).toEqual(["data-layer", ...depend.map((at) => `app${at}`)]);
      expect(report.teams).toEqual(["core", ...depend.map((at) => `team${at}`)].sort());
      const places = apps.flatMap((called, at) =>
        called.flatMap((name, nth) =>
          REACHES[name]!.includes(table) ? [`apps/app${at}/src/index.ts:${nth + 3}`] : [],
        ),
      );
      expect(report.users.map(({ place }) => `${place.file}:${place.line}`).sort()).toEqual(places.sort());
    }),
    { numRuns: 40 },
  );
});
