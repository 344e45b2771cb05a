import { expect, test } from "vitest";
import type { EnvironmentFact } from "../../change/situation.ts";
import { checkWatchOver } from "./watch-over.ts";

test("a watch is over when there is none, and each that goes on says what it waits for", () => {
  const fact: EnvironmentFact = { environment: "staging", state: "deployed", at: null };
  expect(checkWatchOver(fact)).toEqual({ ok: true, value: true });
  for (const state of ["watching", "held", "asking", "triggered"] as const) {
    const until = "2026-01-01T01:00:00.000Z";
    const outcome = checkWatchOver({ ...fact, watch: { state, until } });
    expect(outcome).toMatchObject({
      ok: false,
      refusal: {
        code: "WATCH_OPEN",
        message: expect.stringContaining("The deployment to staging"),
        details: { watch: state },
      },
    });
  }
});
