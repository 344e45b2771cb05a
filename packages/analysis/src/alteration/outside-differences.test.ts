import { schemaModel } from "@change-mgmt/domain/schema/model.ts";
import { expect, test } from "vitest";
import { outsideDifferences } from "./outside-differences.ts";

const table = (name: string) => ({ kind: "table", name, fields: {} }) as const;
const model = schemaModel("18.6", [table("public.a"), table("public.b")]);

test("tells of each object whose owner or tablespace is another, and of nothing where they were not read", () => {
  const from = {
    ...model,
    outside: { "table:public.a": { owner: "app" }, "table:public.b": { owner: "app", tablespace: "fast" } },
  };
  const to = { ...model, outside: { "table:public.a": { owner: "ops" }, "table:public.b": { owner: "app" } } };
  expect(outsideDifferences(from, to, model.objects)).toEqual([
    { object: "public.a", what: "owner", from: "app", to: "ops" },
    { object: "public.b", what: "tablespace", from: "fast", to: null },
  ]);
  expect(outsideDifferences(from, model, model.objects)).toEqual([]);
  expect(outsideDifferences(from, to, {})).toEqual([]);
  const alone = { ...schemaModel("18.6", []), outside: {} };
  expect(outsideDifferences(from, alone, model.objects)).toEqual([]);
});
