import { expect, test } from "vitest";
import { isExposed } from "./exposed.ts";

test("a database is reached by everybody where its tool or its SQL says so, and not otherwise", () => {
  const policy = "CREATE POLICY own ON notes USING (auth.uid() = owner);";
  expect(isExposed(["goose", "supabase"], [])).toBe(true);
  expect(isExposed([undefined], ["SELECT 1", policy])).toBe(true);
  expect(isExposed([undefined, "goose"], ["CREATE TABLE auth (id int)"])).toBe(false);
  expect(isExposed([], [])).toBe(false);
});
