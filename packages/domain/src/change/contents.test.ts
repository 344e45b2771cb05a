import { expect, test } from "vitest";
import { contentHash } from "./contents.ts";

const contents = { type: "add", fields: { a: 1, b: 2 }, artifacts: [], environments: ["staging"] };

test("the order of fields does not matter and nothing beside the contents does", () => {
  const other = { ...contents, fields: { b: 2, a: 1 }, status: "draft" };
  expect(contentHash(other)).toBe(contentHash(contents));
  expect(contentHash(contents)).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  { type: "remove" },
  { fields: { a: 1, b: 3 } },
  {
    artifacts: [
      { kind: "migration" as const, id: "m", name: "m.sql", up: "select 1", down: null, transactional: true },
    ],
  },
  { environments: ["staging", "production"] },
])("another content has another hash: %j", (part) => {
  expect(contentHash({ ...contents, ...part })).not.toBe(contentHash(contents));
});
