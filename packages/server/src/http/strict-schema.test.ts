import { expect, test } from "vitest";
import { z } from "zod";
import { strictly } from "./strict-schema.ts";

const keysRefused = (schema: z.ZodType, value: unknown) =>
  strictly(schema)
    .safeParse(value)
    .error?.issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? [[issue.path, issue.keys]] : []));

const inner = z.object({ a: z.string() });

test.each([
  ["an object", inner, { a: "", x: 1 }, [], ["x"]],
  ["a list", z.array(inner), [{ a: "" }, { a: "", x: 1 }], [1], ["x"]],
  ["an optional member", z.object({ o: inner.optional() }), { o: { a: "", x: 1 } }, ["o"], ["x"]],
  ["a nullable member", z.object({ o: inner.nullable() }), { o: { a: "", x: 1 } }, ["o"], ["x"]],
  ["a member with a default", z.object({ o: inner.default({ a: "" }) }), { o: { a: "", x: 1 } }, ["o"], ["x"]],
  ["a record", z.record(z.string(), inner), { k: { a: "", x: 1 } }, ["k"], ["x"]],
  [
    "a discriminated union",
    z.discriminatedUnion("t", [z.object({ t: z.literal("n") }), z.object({ t: z.literal("s"), v: inner })]),
    { t: "s", v: { a: "", x: 1 } },
    ["v"],
    ["x"],
  ],
])("unknown members are refused inside %s", (_name, schema, value, path, keys) => {
  expect(schema.safeParse(value).success).toBe(true);
  expect(keysRefused(schema, value)).toEqual([[path, keys]]);
});

test("what is declared open stays open", () => {
  const schema = z.object({ free: z.record(z.string(), z.unknown()), loose: z.looseObject({ a: z.string() }) });
  const value = { free: { x: { y: 1 } }, loose: { a: "", more: 1 } };
  expect(strictly(schema).parse(value)).toEqual(value);
});

test("checks, defaults and a schema's own errors stay", () => {
  const schema = z
    .object({ list: z.array(z.string()).max(1).default([]) })
    .refine((value) => value.list[0] !== "no", "not no");
  expect(strictly(schema).parse({})).toEqual({ list: [] });
  expect(strictly(schema).safeParse({ list: ["a", "b"] }).success).toBe(false);
  expect(strictly(schema).safeParse({ list: ["no"] }).error?.issues[0]?.message).toBe("not no");
});

test("a schema that contains itself is refused at any depth", () => {
  const Tree = z.object({
    name: z.string(),
    get children(): z.ZodArray<typeof Tree> {
      return z.array(Tree);
    },
  });
  const value = { name: "a", children: [{ name: "b", children: [{ name: "c", children: [], x: 1 }] }] };
  expect(keysRefused(Tree, value)).toEqual([[["children", 0, "children", 0], ["x"]]]);
});

test.each(["0x10", "1e1", "+5", " 5", "5.0", "", "five"])("%j is no number in an address", (text) => {
  const limit = strictly(z.object({ limit: z.coerce.number().int().default(50) }));
  expect(limit.safeParse({ limit: text }).success).toBe(false);
  expect(limit.parse({ limit: "5" })).toEqual({ limit: 5 });
  expect(limit.parse({})).toEqual({ limit: 50 });
});
