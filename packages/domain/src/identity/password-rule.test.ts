import { expect, test } from "vitest";
import { checkPassword, normalPassword } from "./password-rule.ts";

const ADA = { handle: "ada.lovelace", name: "Ada Byron Lovelace", email: "countess@example.org" };

test.each([
  ["exactly twelve characters", "bvzgrxwqpltk"],
  ["words with spaces", "four pigeons under glass"],
  ["twelve characters outside the basic plane", "🐘🦒🐘🐙🦀🐳🦩🐧🐝🦊🐢🐌"],
  ["the longest", "abcdefgh".repeat(32)],
])("%s will do", (_, password) => {
  expect(checkPassword(password, ADA)).toEqual({ ok: true, value: true });
});

test.each([
  ["eleven characters", "bvzgrxwqplt"],
  ["eleven characters of two units each", "🐘🦒🐘🐙🦀🐳🦩🐧🐝🦊🐢"],
  ["nothing", ""],
  ["more than 256 characters", "abcdefgh".repeat(33)],
  ["one of the most common", "Password1234"],
  ["a repetition of three characters", "abcabcabcabcabc"],
  ["the handle", "Ada.Lovelace"],
  ["the name, closed up", "adabyronlovelace"],
  ["the address", "countess@example.org"],
  ["what stands before the @, twice", "countesscountess"],
])("%s is refused, without the password in the words", (_, password) => {
  const refused = checkPassword(password, ADA);
  expect(refused).toMatchObject({ ok: false, refusal: { code: "PASSWORD_WEAK", place: { pointer: "/password" } } });
  if (password !== "") expect(JSON.stringify(refused)).not.toContain(password);
});

test("somebody without an address is held against the rest", () => {
  expect(checkPassword("ada-lovelace-", { ...ADA, email: null })).toMatchObject({ ok: false });
  expect(checkPassword("countess@example.org", { ...ADA, email: null })).toEqual({ ok: true, value: true });
});

test("letters composed in two ways are the same password", () => {
  expect(normalPassword("e\u0301le\u0300ve")).toBe(normalPassword("\u00e9l\u00e8ve"));
});
