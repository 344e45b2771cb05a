import { afterAll, beforeAll, expect, test } from "vitest";
import { Lives } from "./life/live.ts";

let lives: Lives;
beforeAll(async () => {
  lives = await Lives.open();
});
afterAll(() => lives?.close());

test("whatever people do to changes is accepted and refused as the life of a change is told, and breaks none of its promises", async () => {
  const { reached, refused, accepted, atOnce } = await lives.run(4, 1);
  // Lives that never come far, or never meet a no, would prove little.
  for (const end of ["deploy production post-deployment", "rollback production rolled-back", "closed", "deploying"])
    expect([end, reached[end] ?? 0]).not.toEqual([end, 0]);
  expect(accepted).toBeGreaterThan(70);
  expect(Object.keys(refused).length).toBeGreaterThan(7);
  expect(atOnce).toBeGreaterThan(2);
});
