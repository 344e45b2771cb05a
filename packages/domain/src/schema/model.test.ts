import { expect, test } from "vitest";
import { objectKey, qualifiedName, type SchemaObject, schemaHash, schemaModel } from "./model.ts";

const users: SchemaObject = { kind: "table", name: "public.users", fields: { rowSecurity: false } };
const mood: SchemaObject = { kind: "enum", name: "public.mood", fields: { labels: ["a", "b"] } };

test("keeps objects by key in code unit order", () => {
  const model = schemaModel("18.6", [users, mood]);
  expect(Object.keys(model.objects)).toEqual(["enum:public.mood", "table:public.users"]);
  expect(objectKey("enum", mood.name)).toBe("enum:public.mood");
});

test("refuses to hide one object behind another of the same key", () => {
  expect(() => schemaModel("18.6", [users, users])).toThrow("table:public.users");
});

test("hashes what a schema is, not where it was read nor in what order", () => {
  const hash = schemaHash(schemaModel("18.6", [users, mood]));
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(schemaHash(schemaModel("15.18", [mood, users]))).toBe(hash);
  expect(schemaHash(schemaModel("18.6", [users, { ...mood, fields: { labels: ["b", "a"] } }]))).not.toBe(hash);
});

test("quotes only the identifiers that need it", () => {
  expect(qualifiedName("public", "users", "id_2")).toBe("public.users.id_2");
  expect(qualifiedName("My Schema", 'a"b', "größe")).toBe('"My Schema"."a""b"."größe"');
  expect(qualifiedName("a.b")).toBe('"a.b"');
});

test("dependencies are carried along and take no part in the hash", () => {
  const table = { kind: "table", name: "public.t", fields: {} } as const;
  const connected = schemaModel("18.0", [table], { "view:public.v": ["table:public.t"] });
  expect(connected.dependencies).toEqual({ "view:public.v": ["table:public.t"] });
  expect(schemaHash(connected)).toBe(schemaHash(schemaModel("15.1", [table])));
});
