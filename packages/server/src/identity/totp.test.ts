import { expect, test } from "vitest";
import { newTotpSecret, randomBase32, totpAddress, totpCode, totpStep } from "./totp.ts";

/** The secret of RFC 6238, appendix B, in base32; its codes there have eight digits, of which the last six are these. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

test.each([
  [59, "287082"],
  [1111111109, "081804"],
  [1111111111, "050471"],
  [1234567890, "005924"],
  [2000000000, "279037"],
  [20000000000, "353130"],
])("at second %i the code is %s, as the standard has it", (second, code) => {
  const step = Math.floor(second / 30);
  expect(totpCode(SECRET, step)).toBe(code);
  expect(totpStep(SECRET, code, new Date(second * 1000), 0)).toBe(step);
});

test("a code is taken one step early or late, and never of a step that was taken before", () => {
  const now = new Date(59_000);
  expect([0, 1, 2, 3].map((step) => totpStep(SECRET, totpCode(SECRET, step), now, -1))).toEqual([0, 1, 2, undefined]);
  expect([0, 1, 2].map((step) => totpStep(SECRET, totpCode(SECRET, step), now, 1))).toEqual([undefined, undefined, 2]);
});

test.each(["", "12345", "1234567", "28708２", "abcdef"])("%j is no code", (code) => {
  expect(totpStep(SECRET, code, new Date(59_000), 0)).toBeUndefined();
});

test("secrets have 160 bits and differ", () => {
  const secrets = Array.from({ length: 20 }, newTotpSecret);
  expect(new Set(secrets).size).toBe(20);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(randomBase32(16)).toMatch(/^[A-Z2-7]{16}$/);
});

test("the address for an app carries what it needs, escaped", () => {
  expect(totpAddress(SECRET, "ada@example.org", "change mgmt")).toBe(
    `otpauth://totp/change%20mgmt:ada%40example.org?secret=${SECRET}&issuer=change%20mgmt&algorithm=SHA1&digits=6&period=30`,
  );
});
