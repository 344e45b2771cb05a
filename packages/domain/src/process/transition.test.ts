import { expect, test } from "vitest";
import { accept, refuse } from "../change/refusal.ts";
import { aProcess } from "../testing/builders.ts";
import type { Gate, Stage } from "./process.ts";
import { nextStage, possibleTriggers, stageOf } from "./transition.ts";

const pass = () => accept<true>(true);
const no = refuse("NOT_VALIDATED", "Not validated.", "Validate it.");

test("a transition whose gates pass leads on and says why", () => {
  const moved = nextStage(aProcess(), {}, "draft", "submit", pass);
  expect(moved).toMatchObject({
    ok: true,
    value: {
      to: { id: "review" },
      explanation: { id: "submit", met: true, reason: "submit leads from Draft to Review" },
    },
  });
});

test("a gate that does not pass refuses with its own words", () => {
  const gates = (gate: Gate) => (gate === "validated" ? no : pass());
  expect(nextStage(aProcess(), {}, "review", "ready", gates)).toEqual(no);
  expect(nextStage(aProcess(), {}, "review", "ready", { validated: no, "approved-all": no })).toEqual(no);
});

test("a gate that nobody judged does not pass", () => {
  expect(nextStage(aProcess(), {}, "ready", "deploy", {})).toMatchObject({
    ok: false,
    refusal: { code: "GATE_NOT_JUDGED" },
  });
});

test("what is not possible is refused with what is", () => {
  expect(nextStage(aProcess(), {}, "draft", "deploy", pass)).toMatchObject({
    refusal: {
      code: "NO_TRANSITION",
      hint: "Possible from here: submit, cancel.",
      details: { possible: ["submit", "cancel"] },
    },
  });
  expect(nextStage(aProcess(), {}, "closed", "deploy", pass)).toMatchObject({
    refusal: { hint: "Nothing moves a change from here any more." },
  });
});

const fork: Stage = {
  id: "draft",
  title: "Draft",
  status: "draft",
  steps: [],
  transitions: [
    { on: "submit", to: "review", when: { breaking: true }, gates: [] },
    { on: "submit", to: "ready", gates: ["form"] },
    { on: "submit", to: "closed", gates: ["validated"] },
  ],
};
const forked = aProcess({ stages: [fork, ...aProcess().stages.slice(1)] });

test("transitions are tried in the order written, and conditions decide", () => {
  expect(nextStage(forked, { breaking: true }, "draft", "submit", pass)).toMatchObject({
    value: { to: { id: "review" } },
  });
  expect(nextStage(forked, { breaking: false }, "draft", "submit", pass)).toMatchObject({
    value: { to: { id: "ready" } },
  });
  expect(nextStage(forked, {}, "draft", "submit", { form: no, validated: pass() })).toMatchObject({
    value: { to: { id: "closed" } },
  });
  const unpassed = refuse("FORM_INVALID", "a", "b");
  expect(nextStage(forked, {}, "draft", "submit", { form: unpassed, validated: no })).toEqual(unpassed);
  expect(possibleTriggers(forked, {}, "draft")).toEqual(["submit"]);
});

test("a stage the process does not have is a bug", () => {
  expect(() => stageOf(aProcess(), "nowhere")).toThrow("no stage nowhere");
});

test("what a stage refuses is refused with its reason", () => {
  const refusals = [
    { on: "cancel" as const, when: { breaking: true }, because: "It breaks." },
    { on: "close" as const, because: "Never." },
  ];
  const [draft, ...rest] = aProcess().stages;
  const stages = [{ ...draft!, refusals, transitions: draft!.transitions.slice(0, 1) }, ...rest];
  const refused = (facts: Record<string, boolean>) => nextStage(aProcess({ stages }), facts, "draft", "cancel", pass);
  expect(refused({ breaking: true })).toMatchObject({
    refusal: { code: "NO_TRANSITION", message: '"cancel" is not possible in stage "Draft": It breaks.' },
  });
  expect(nextStage(aProcess({ stages }), {}, "draft", "close", pass)).toMatchObject({
    refusal: { message: expect.stringContaining("Never.") },
  });
  expect(refused({ breaking: false })).toMatchObject({
    refusal: { message: '"cancel" is not possible in stage "Draft".' },
  });
});
