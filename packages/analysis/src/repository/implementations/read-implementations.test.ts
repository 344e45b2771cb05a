import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { openCodeBase } from "../code-base.ts";
import { diskReader } from "../disk-reader.ts";
import { memoryReader } from "../reader.ts";
import { type ImplementationSettings, readImplementations } from "./read-implementations.ts";

type Files = Readonly<Record<string, string>>;

const read = (files: Files, settings: ImplementationSettings = {}) =>
  readImplementations(openCodeBase(memoryReader(files)), settings);

/** `backend method: state` of whatever is not real. */
const gaps = (files: Files, settings: ImplementationSettings = {}) =>
  read(files, settings)
    .cells.filter(({ state }) => state !== "real")
    .map(
      ({ backend, interface: name, method, state, place }) =>
        `${backend} ${name}.${method} ${state} at ${place.file}:${place.line}`,
    );

const INTERFACE = `export interface OrderRepository {
  find(id: string): Promise<string | null>;
  list(limit?: number): Promise<string[]>;
}
`;
const whole = (
  name: string,
  from: string,
  find = "return id;",
  list = "return [id(1)];",
) => `import type { OrderRepository } from "${from}";
export class ${name} implements OrderRepository {
  async find(id: string) {
    ${find}
  }
  async list() {
    ${list}
  }
}
`;
const layout = (supabase: string, memory = whole("MemoryOrderRepository", "@shop/domain")): Files => ({
  "domain/package.json": '{ "name": "@shop/domain", "exports": "./src/index.ts" }',
  "domain/src/index.ts": 'export * from "./all.js";\n',
  "domain/src/all.ts": 'export * from "./index.js";\nexport { type OrderRepository } from "./repositories.js";\n',
  "domain/src/repositories.ts": INTERFACE,
  "supabase/package.json": '{ "name": "@shop/supabase" }',
  "supabase/src/order.repository.ts": supabase,
  "memory/package.json": '{ "name": "@shop/memory" }',
  "memory/src/MemoryOrderRepository.ts": memory,
});

test("the example shop has every method in both backends", () => {
  const shop = resolve(import.meta.dirname, "../../../../../examples/shop");
  const { cells, backends, handOuts, beside, idle } = readImplementations(openCodeBase(diskReader(shop)));
  expect(backends.map(({ name, implementations }) => [name, implementations.length])).toEqual([
    ["memory", 3],
    ["supabase", 3],
  ]);
  expect(cells).toHaveLength(24);
  expect(cells.filter(({ state }) => state !== "real")).toEqual([]);
  expect([handOuts, beside, idle]).toEqual([[], [], []]);
});

describe("how an implementation reaches its interface", () => {
  test.each<[string, Files]>([
    ["through barrels that export each other in a circle", layout(whole("SupabaseOrderRepository", "@shop/domain"))],
    [
      "through a path alias of the nearest tsconfig and a `.js` ending",
      {
        ...layout(whole("SupabaseOrderRepository", "~domain/repositories.js")),
        "supabase/tsconfig.json": '{ "extends": "../tsconfig.base.json" } // read with comments',
        "tsconfig.base.json": '{ "compilerOptions": { "baseUrl": ".", "paths": { "~domain/*": ["domain/src/*"] } } }',
      },
    ],
    [
      "under another name",
      layout(`import type { OrderRepository as Orders } from "../../domain/src/repositories.js";
type Kept = Orders;
export class SupabaseThings implements Kept {
  find = async (id: string) => id;
  list = async () => ["a"];
}
`),
    ],
    [
      "renamed in a barrel",
      {
        ...layout(`import type { Orders } from "@shop/domain/names";
export class SupabaseOrders implements Orders { async find(id: string) { return id; } async list() { return ["a"]; } }
`),
        "domain/src/names.ts": 'export type { OrderRepository as Orders } from "./repositories.js";\n',
      },
    ],
    [
      "through a namespace import",
      layout(`import type * as domain from "@shop/domain";
export class SupabaseOrderRepository implements domain.OrderRepository { async find(id: string) { return id; } async list() { return ["a"]; } }
`),
    ],
    [
      "through a base class in another file",
      {
        ...layout(`import { Base } from "./base.js";
export class SupabaseOrders extends Base { async list() { return ["a"]; } }
`),
        "supabase/src/base.ts": `import type { OrderRepository } from "@shop/domain";
export abstract class Base implements OrderRepository { async find(id: string) { return id; } abstract list(): Promise<string[]>; }
`,
      },
    ],
    [
      "as an object that a factory returns",
      layout(`import type { OrderRepository } from "@shop/domain";
const reading = { find: async (id: string) => id };
export function createSupabaseOrderRepository(): OrderRepository { return { ...reading, async list() { return ["a"]; } }; }
`),
    ],
    [
      "as an object inside a typed one",
      {
        ...layout(`import type { Repositories } from "./types.js";
export const supabase = (): Repositories => ({ orders: { find: async (id) => id, list: async () => ["a"] } });
`),
        "supabase/src/types.ts":
          'import type { OrderRepository } from "@shop/domain";\nexport interface Repositories { orders: OrderRepository }\n',
      },
    ],
    [
      "by satisfies",
      layout(`import type { OrderRepository } from "@shop/domain";
const find = async (id: string) => id;
export const supabaseOrderRepository = { find, list: async () => ["a"] } satisfies OrderRepository;
`),
    ],
  ])("%s", (_, files) => {
    expect(gaps(files)).toEqual([]);
    expect(
      read(files)
        .backends.map(({ name }) => name)
        .sort(),
    ).toEqual(["memory", "supabase"]);
  });
});

describe("the state of a method", () => {
  test.each([
    ["a thrown error that says so", 'throw new Error("Method not implemented.");', "stub"],
    ["an error called after it", "console.log(id); throw new NotImplementedError();", "stub"],
    ["a rejected promise", 'return Promise.reject(new Error("not yet implemented"));', "stub"],
    ["a call that says so", 'return notImplemented("find");', "stub"],
    ["a method that only throws", "return this.later();", "stub"],
    ["null under a TODO", "// TODO: read it\n    return null;", "stub"],
    ["an empty list under a TODO behind it", "return [] as string[]; // TODO", "stub"],
    ["a promise of nothing under a FIXME", "/* FIXME */ return Promise.resolve(null);", "stub"],
    ["nothing under a TODO", "// TODO", "stub"],
    ["null without a word", "return null;", "real"],
    ["a TODO beside work", "// TODO: cache\n    return this.rows.get(id) ?? null;", "real"],
    ["an error about the input", 'if (!id) throw new Error("not implemented for nobody"); return id;', "real"],
    ["an error of its own", 'throw new Error("orders are kept elsewhere");', "real"],
  ])("%s: %s", (_, body, state) => {
    const later = '\n  private later(): never { throw new Error("unimplemented"); }\n}\n';
    const text = whole("SupabaseOrderRepository", "@shop/domain", body).replace(/\n}\n$/, later);
    const cell = read(layout(text)).cells.find(({ backend, method }) => backend === "supabase" && method === "find");
    expect(cell).toMatchObject({ state, place: { file: "supabase/src/order.repository.ts", line: 3, column: 9 } });
  });

  test("what is not there is missing, with the class that lacks it", () => {
    const text = whole("SupabaseOrderRepository", "@shop/domain").replace(/ {2}async list.*\n.*\n.*\n/, "");
    expect(gaps(layout(text))).toEqual(["supabase OrderRepository.list missing at supabase/src/order.repository.ts:2"]);
  });

  test("a base from outside may have it: nothing is known then", () => {
    const text =
      'import { Base } from "orm";\n' +
      whole("SupabaseOrderRepository", "@shop/domain")
        .replace("implements", "extends Base implements")
        .replace(/ {2}async list.*\n.*\n.*\n/, "");
    expect(gaps(layout(text))).toEqual(["supabase OrderRepository.list unknown at supabase/src/order.repository.ts:3"]);
  });

  test("what is inherited from the class of another backend is missing in this one", () => {
    const text = `import { MemoryOrderRepository } from "../../memory/src/MemoryOrderRepository.js";
export class SupabaseOrderRepository extends MemoryOrderRepository { async find(id: string) { return id; } }
`;
    expect(gaps(layout(text))).toEqual(["supabase OrderRepository.list missing at supabase/src/order.repository.ts:2"]);
  });
});

test("a class of the same name that implements another interface is no implementation", () => {
  const files = {
    ...layout(""),
    "supabase/src/order.repository.ts":
      'import type { OrderRepository } from "./own.js";\nexport class SupabaseOrderRepository implements OrderRepository { async find() {} async list() {} }\n',
    "supabase/src/own.ts": "export interface OrderRepository { find(): void; list(): void }\n",
    "supabase/src/products.ts": whole("SupabaseProductRepository", "@shop/domain").replaceAll(
      "OrderRepository",
      "ProductRepository",
    ),
    "domain/src/all.ts": 'export * from "./repositories.js";\n',
    "domain/src/repositories.ts": `${INTERFACE}${INTERFACE.replace("Order", "Product")}`,
    "memory/src/products.ts": whole("MemoryProductRepository", "@shop/domain")
      .replaceAll("OrderRepository", "ProductRepository")
      .replace("Productproduct", "Product"),
  };
  expect(gaps(files).filter((gap) => gap.startsWith("supabase OrderRepository"))).toEqual([
    "supabase OrderRepository.find missing at domain/src/repositories.ts:2",
    "supabase OrderRepository.list missing at domain/src/repositories.ts:3",
  ]);
});

test("a factory that hands out the memory one silently is seen, at its place", () => {
  const files = {
    ...layout(""),
    "domain/src/all.ts": 'export * from "./repositories.js";\n',
    "domain/src/repositories.ts": `${INTERFACE}${INTERFACE.replace("Order", "User")}`,
    "supabase/src/user.ts": whole("SupabaseUserRepository", "@shop/domain").replaceAll(
      "OrderRepository",
      "UserRepository",
    ),
    "memory/src/user.ts": whole("MemoryUserRepository", "@shop/domain").replaceAll("OrderRepository", "UserRepository"),
    "supabase/src/index.ts": `import { MemoryOrderRepository } from "../../memory/src/MemoryOrderRepository.js";
import { SupabaseUserRepository } from "./user.js";
export function supabaseRepositories() {
  return { users: new SupabaseUserRepository(), orders: new MemoryOrderRepository() };
}
`,
  };
  expect(gaps(files)).toEqual([
    "supabase OrderRepository.find missing at supabase/src/index.ts:4",
    "supabase OrderRepository.list missing at supabase/src/index.ts:4",
  ]);
  expect(read(files).handOuts).toMatchObject([
    {
      backend: "supabase",
      implementationBackend: "memory",
      by: "supabaseRepositories",
      place: { line: 4, column: 57 },
    },
  ]);
});

test("a cache around another implementation is no backend, and what it lacks is nobody's gap", () => {
  const names = ["Order", "User", "Product"];
  const each = (text: (name: string) => string) => names.map(text).join("");
  const files = {
    "domain/repositories.ts": each((name) => INTERFACE.replace("Order", name)),
    "store/all.ts": each((name) =>
      whole(`Postgres${name}Repository`, "../domain/repositories.js").replaceAll(
        "OrderRepository",
        `${name}Repository`,
      ),
    ),
    "store/cached.ts": whole("CachedOrderRepository", "../domain/repositories.js"),
  };
  expect(gaps(files)).toEqual([]);
  expect(read(files)).toMatchObject({ backends: [{ name: "postgres" }], beside: [{ name: "CachedOrderRepository" }] });
});

test("a repository may say which its backends and interfaces are", () => {
  const files = layout(whole("Orders", "@shop/domain").replace(/ {2}async list.*\n.*\n.*\n/, ""));
  const backends = [
    { name: "live", paths: ["supabase"] },
    { name: "held", paths: ["held"] },
  ];
  expect(gaps(files, { backends })).toEqual([
    "live OrderRepository.list missing at supabase/src/order.repository.ts:2",
    "held OrderRepository.find missing at domain/src/repositories.ts:2",
    "held OrderRepository.list missing at domain/src/repositories.ts:3",
  ]);
  expect(read(files, { interfaces: ["*Store"] }).interfaces).toEqual([]);
});

test("files that say nothing of the interfaces are not parsed", () => {
  const others = Object.fromEntries(
    Array.from({ length: 50 }, (_, at) => [`apps/web/src/${at}.ts`, `export const a${at} = ${at};\n`]),
  );
  const code = openCodeBase(memoryReader({ ...layout(whole("SupabaseOrderRepository", "@shop/domain")), ...others }));
  readImplementations(code);
  expect(code.sources.parsed).toBeLessThan(7);
});
