import { resolve } from "node:path";
import { expect, test } from "vitest";
import { openCodeBase } from "../code-base.ts";
import { diskReader } from "../disk-reader.ts";
import { memoryReader } from "../reader.ts";
import { readCalls } from "./read-calls.ts";

function said(files: Readonly<Record<string, string>>) {
  const { calls, unresolved } = readCalls(openCodeBase(memoryReader(files)));
  return [
    ...calls.map(({ method, segments, behind, by }) => `${by}: ${method} ${behind ? "…" : ""}/${segments.join("/")}`),
    ...unresolved.map(({ why, place }) => `? ${place.file}:${place.line} ${why}`),
  ];
}

test("the calls of the example shop", () => {
  const shop = resolve(import.meta.dirname, "../../../../../examples/shop");
  const { calls, unresolved } = readCalls(openCodeBase(diskReader(shop)));
  expect(unresolved).toEqual([]);
  expect(calls.map(({ by, method, segments }) => `${by} ${method} /${segments.join("/")}`)).toEqual([
    "ShopClient.getUser GET /api/users/{}",
    "ShopClient.getUserByTelegramId GET /api/users/by-telegram/{}",
    "ShopClient.createUser POST /api/users",
    "ShopClient.renameUser PATCH /api/users/{}",
    "ShopClient.listProducts GET /api/products",
    "ShopClient.getProduct GET /api/products/{}",
    "ShopClient.createProduct POST /api/products",
    "ShopClient.listOrders GET /api/orders",
    "ShopClient.getOrder GET /api/orders/{}",
    "ShopClient.placeOrder POST /api/orders",
    "ShopClient.setOrderStatus PUT /api/orders/{}/status",
  ]);
  expect(calls[0]).toMatchObject({
    wrapped: true,
    behind: true,
    place: { file: "data-layer/client/src/index.ts", line: 10, column: 12 },
  });
});

test("a class around fetch: line breaks, nested generics, queries, the same path in a comment, wrappers around wrappers", () => {
  const files = {
    "client.ts": `export class Client {
  constructor(private base: string) {}
  private async request<T>(path: string, init?: RequestInit): Promise<T> {
    // GET /api/nothing
    const url = \`\${this.base}\${path}\`;
    const response = await fetch(url, { ...init, headers: {} });
    return response.json();
  }
  private post<T>(path: string, body: unknown) { return this.request<T>(path, { method: "POST", body: JSON.stringify(body) }); }
  list(query: string) {
    return this.request<Map<string, Array<{ a: Record<string, number[]> }>>>(
      \`/api/words\${query}\`,
    );
  }
  one(id: string, deep = false) { return this.request(\`/api/words/\${encodeURIComponent(id)}?deep=\${deep}#top\`); }
  make(word: unknown) { return this.post("/api/words/create-item", word); }
  drop = (id: string) => this.request("/api/words/" + id, { method: "delete" });
  odd(method: string) { return this.request("/api/odd", { method }); }
}
`,
  };
  expect(said(files)).toEqual([
    "Client.list: GET …/api/words",
    "Client.one: GET …/api/words/{}",
    "Client.make: POST …/api/words/create-item",
    "Client.drop: DELETE …/api/words/{}",
    "? client.ts:18 its method is only known when it runs",
  ]);
});

test("axios, ky, openapi-fetch and bare fetch; calls to others are none of ours", () => {
  const files = {
    "calls.ts": `import axios, { type AxiosInstance } from "axios";
import ky from "ky";
import createClient from "openapi-fetch";
const api = axios.create({ baseURL: "http://localhost:4000/api" });
const http = ky.create({ prefixUrl: "/api" });
const typed = createClient<paths>({ baseUrl: process.env.URL });
export const a = (id: string) => api.get(\`/users/\${id}\`);
export const b = () => api({ url: "/users", method: "post" });
export const c = () => http.put("things", { json: {} });
export const d = () => typed.DELETE("/users/{id}", { params: {} });
export async function e() { return fetch(\`\${process.env.SERVICE}/api/gone\`, { method: "PUT" }); }
export async function f() { return fetch("https://api.example.com/v1/charges"); }
export async function g(anything: string) { return fetch(new URL("/api/h", location.origin)); }
export class Uses { constructor(private readonly http: AxiosInstance) {} all() { return this.http.get("/all"); } }
const cache = new Map(); cache.get("/api/cached");
`,
  };
  expect(said(files)).toEqual([
    "a: GET /api/users/{}",
    "b: POST /api/users",
    "c: PUT /api/things",
    "d: DELETE …/users/{}",
    "e: PUT …/api/gone",
    "g: GET /api/h",
    "Uses.all: GET …/all",
  ]);
});
