import { expect, test } from "vitest";
import { checkNotHeld } from "./hold.ts";

const hold = { reason: "Restored from a backup", by: "restore", since: "2026-01-10T00:00:00.000Z" };

test("while deployments are held, who holds them, since when and why is said", () => {
  expect(checkNotHeld({ hold: null })).toEqual({ ok: true, value: true });
  expect(checkNotHeld({ hold })).toMatchObject({
    refusal: {
      code: "DEPLOYMENTS_HELD",
      message: "Deployments are held since 2026-01-10T00:00:00.000Z by restore: Restored from a backup.",
    },
  });
  expect(checkNotHeld({ hold: { ...hold, reason: "Fire!" } })).toMatchObject({
    refusal: { message: expect.stringMatching(/: Fire!$/) },
  });
});
