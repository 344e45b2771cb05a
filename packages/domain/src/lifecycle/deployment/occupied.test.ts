import { expect, test } from "vitest";
import type { Occupation } from "../../change/situation.ts";
import { aSituation } from "../../testing/a-situation.ts";
import { aChange } from "../../testing/builders.ts";
import { checkFree, checkNotUnderWay } from "./occupied.ts";

const change = { ...aChange(), number: "CHG-7" };
const occupation: Occupation = {
  environment: "live",
  deployment: "d1",
  change: "CHG-13",
  direction: "deploy",
  state: "waiting",
  waitsFor: "Restart it",
};
const situation = (more: Partial<Occupation> = {}) => aSituation({ occupied: [{ ...occupation, ...more }] });
const free = (more: Partial<Occupation> = {}, environment = "live") => checkFree(situation(more), environment);
const own = (more: Partial<Occupation> = {}, environment = "live") =>
  checkNotUnderWay(change, situation({ change: "CHG-7", ...more }), environment);
const refusal = (message: unknown) => ({ refusal: { code: "ENVIRONMENT_BUSY", message } });

test("who has an environment is named, with what that waits for and where to see it", () => {
  expect(free()).toMatchObject({
    refusal: {
      code: "ENVIRONMENT_BUSY",
      message: `CHG-13's deployment to live has it at this moment; it waits for the sign-off of "Restart it".`,
      hint: "One at a time per environment: have it signed off, let go on or stopped.",
      details: { deployment: "d1", change: "CHG-13" },
    },
  });
  expect(free({ waitsFor: null })).toMatchObject(refusal(expect.stringContaining("it waits for a person.")));
  expect(free({ state: "requested" })).toMatchObject(refusal(expect.stringContaining("it waits for a worker.")));
  expect(free({ state: "running", direction: "rollback" })).toMatchObject(
    refusal("CHG-13's rollback in live has it at this moment; it is running."),
  );
  expect(free({}, "staging")).toMatchObject({ ok: true });
});

test("a change that is at work there itself is told so, and of others this says nothing", () => {
  expect(own()).toMatchObject(refusal(expect.stringMatching(/^CHG-7 is being deployed to live at this moment; /)));
  expect(own({ direction: "rollback" })).toMatchObject(
    refusal(expect.stringMatching(/^CHG-7 is being rolled back in/)),
  );
  expect(own({}, "staging")).toMatchObject({ ok: true });
  expect(own({ change: "CHG-13" })).toMatchObject({ ok: true });
});
