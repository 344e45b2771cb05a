import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newEmbeddedStore } from "../testing/stores.ts";
import { json } from "./json.ts";
import type { Store } from "./store.ts";

let store: Store;

beforeAll(async () => {
  store = await newEmbeddedStore();
});

afterAll(() => store?.close());

async function stored(value: unknown): Promise<unknown> {
  const { rows } = await sql<{ value: unknown }>`SELECT ${json(value)} AS value`.execute(store.db);
  return rows[0]!.value;
}

test("what jsonb can hold comes back as it was, escapes and what looks like them included", async () => {
  const texts = ["", "\\u0000", "\\\\u0000", "\\ud800", "🎉", 'a "b" \\ c', "line\n\u2028", "\u001f"];
  expect(await stored({ texts, none: null, n: 1.5, deep: [[{ "a\\u0000": true }]] })).toEqual({
    texts,
    none: null,
    n: 1.5,
    deep: [[{ "a\\u0000": true }]],
  });
});

test("what jsonb cannot hold becomes U+FFFD, whatever is around it", async () => {
  const texts = fc.array(fc.constantFrom("\\", "\0", "\ud83c", "\udf89", "u0000", "d800", '"', "é"), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(texts, async (parts) => {
      const text = parts.join("");
      expect(await stored([text])).toEqual([text.toWellFormed().replaceAll("\0", "\ufffd")]);
    }),
    { numRuns: 60 },
  );
});
