import { expect, test } from "vitest";
import { successionStatement } from "./succession.ts";

const publicKey = "0f".repeat(32);

test("the statement names both keys, a line each, and nothing that could be read in two ways", () => {
  expect(successionStatement("key-1", publicKey)).toBe(`change-mgmt/audit-key/1\nkey-1\n${publicKey}\n`);
  expect(() => successionStatement("key\n1", publicKey)).toThrow(RangeError);
  expect(() => successionStatement("key-1", publicKey.toUpperCase())).toThrow(RangeError);
});
