import { expect, test } from "vitest";
import { tamper } from "./tamper.ts";

test("every damage to an export is found and placed, and no clean export is refused", async () => {
  const { found, clean, wrong } = await tamper(300, 1);
  expect(wrong).toEqual([]);
  expect(clean).toBe(300);
  expect(Object.values(found).every((codes) => Object.keys(codes).length > 0)).toBe(true);
});
