import { expect, test } from "vitest";
import { openCodeBase } from "../code-base.ts";
import { memoryReader } from "../reader.ts";
import { readReferences } from "./read-references.ts";

async function said(files: Readonly<Record<string, string>>, tables = ["orders", "users"]) {
  const { references, unresolved } = await readReferences(openCodeBase(memoryReader(files)), new Set(tables));
  return [
    ...references.map(
      ({ by, access, table, columns, place }) =>
        `${by} ${access} ${table}(${columns?.join(" ") ?? "*"}) ${place.file}:${place.line}`,
    ),
    ...unresolved.map(({ place, why }) => `? ${place.file}:${place.line} ${why}`),
  ];
}

test("supabase-js: columns in lists, constants, embedded tables, filters and rows", async () => {
  const files = {
    "a.ts": `const COLUMNS = "id, total:sum, users!inner (name, email)";
export const a = () => supabase.from("orders").select(COLUMNS).eq("user_id", 1);
export const b = () => supabase.from("users").select("*").limit(1);
export const c = (rows: Row[]) => supabase.from("orders").insert(rows.map((row) => ({ id: row.id, status: "new" })));
export const d = (patch: object) => supabase.from("orders").update({ status: "x", ...patch }).eq("id", 1);
export const e = () => supabase.from("products").select("users");
`,
  };
  expect(await said(files)).toEqual([
    "builder read orders(user_id id sum) a.ts:2",
    "builder read users(name email) a.ts:2",
    "builder read users(*) a.ts:3",
    "builder write orders(id status) a.ts:4",
    "builder write orders(*) a.ts:5",
  ]);
});

test("Kysely and knex", async () => {
  const files = {
    "kysely.ts": `export const a = () => db.selectFrom("public.orders as o").innerJoin("users", "users.id", "o.user_id").select(["o.id", "users.name as n"]).where("o.status", "=", "x");
export const b = () => db.updateTable("users").set({ name: "x" }).where("id", "=", 1);
export const c = () => db.deleteFrom("orders").where("id", "=", 1);
`,
    "knex.ts": 'export const a = () => knex("users").where("email", "x").update({ name: "y" });\n',
  };
  const found = await said(files);
  expect(found).toContain("builder read orders(status id name) kysely.ts:1");
  expect(found.filter((one) => one.includes("kysely.ts:1"))).toHaveLength(2);
  expect(found).toContain("builder write users(id name) kysely.ts:2");
  expect(found).toContain("builder write orders(*) kysely.ts:3");
  expect(found).toContain("builder write users(name email) knex.ts:1");
});

test("SQL in strings and templates is read by Postgres's parser, and what it cannot read is said", async () => {
  const files = {
    "pg.ts": `export const a = () => pool.query("select o.id, u.name from orders o join users u on u.id = o.user_id");
export const b = (id: string) => sql\`insert into orders (id, status) values (\${id}, 'new')\`;
export const c = () => pool.query("delete from users where id = $1");
export const d = (table: string) => pool.query(\`select * from orders order by \${table} desc nulls\`);
export const words = "select a table of orders, please";
`,
  };
  const found = await said(files);
  expect(found.slice(0, 4)).toEqual([
    "sql read orders(id name user_id) pg.ts:1",
    "sql read users(id name user_id) pg.ts:1",
    "sql write orders(id status) pg.ts:2",
    "sql write users(*) pg.ts:3",
  ]);
  expect(found.slice(4)).toEqual([expect.stringContaining("? pg.ts:4 "), expect.stringContaining("? pg.ts:5 ")]);
});

test("Prisma by its schema, Drizzle by what its tables are called in code", async () => {
  const files = {
    "schema.prisma": 'model Order {\n  id Int @id\n  placedAt DateTime @map("placed_at")\n  @@map("orders")\n}\n',
    "prisma.ts": `export const a = () => prisma.order.findMany({ select: { placedAt: true } });
export const b = () => prisma.order.create({ data: {} });
export const c = () => cache.order.get("x");
`,
    "tables.ts":
      'import { pgTable, text } from "drizzle-orm/pg-core";\nexport const people = pgTable("users", { fullName: text("full_name").notNull() });\n',
    "drizzle.ts": `import { people } from "./tables.js";
export const a = () => db.select({ n: people.fullName }).from(people);
export const b = () => db.insert(people).values({ fullName: "x" });
`,
  };
  expect((await said(files)).sort()).toEqual(
    [
      "prisma read orders(placed_at) prisma.ts:1",
      "prisma write orders(*) prisma.ts:2",
      "drizzle read users(full_name) drizzle.ts:2",
      "drizzle read users(*) drizzle.ts:2",
      "drizzle write users(*) drizzle.ts:3",
    ].sort(),
  );
});

test("files that say no such table are not parsed", async () => {
  const code = openCodeBase(
    memoryReader({ "a.ts": 'db.from("products");', "b.ts": 'db.from("orders");', "c.ts": "reorders()" }),
  );
  await readReferences(code, new Set(["orders"]));
  expect(code.sources.parsed).toBe(1);
});
