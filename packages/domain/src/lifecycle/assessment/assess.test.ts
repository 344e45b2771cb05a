import { expect, test } from "vitest";
import { decideAssessment } from "./assess.ts";

const input = {
  facts: { breaking: false },
  impact: "Web shows it.",
  complexity: "low",
  by: "carla",
  now: "2026-01-02T00:00:00Z",
};

test("an assessment records who said what and when, each dependency once", () => {
  expect(decideAssessment({ ...input, dependencies: ["CHG-1", "CHG-1"] })).toEqual({
    ok: true,
    value: {
      impact: "Web shows it.",
      breaking: false,
      complexity: "low",
      dependencies: ["CHG-1"],
      by: "carla",
      at: "2026-01-02T00:00:00Z",
    },
  });
});

test.each([
  [false, undefined, false],
  [false, true, true],
  [true, false, true],
  [true, undefined, true],
])("facts %s and the assessor %s make breaking %s", (known, said, breaking) => {
  const more = said === undefined ? {} : { breaking: said };
  expect(decideAssessment({ ...input, facts: { breaking: known }, ...more })).toMatchObject({ value: { breaking } });
});

test("everything missing is said at once", () => {
  expect(decideAssessment({ ...input, impact: " ", complexity: "huge" })).toMatchObject({
    refusal: {
      code: "ASSESSMENT_INVALID",
      problems: [
        { code: "FIELD_REQUIRED", place: { pointer: "/impact" } },
        { code: "FIELD_VALUE", place: { pointer: "/complexity" } },
      ],
    },
  });
  expect(decideAssessment({ ...input, impact: "" })).toMatchObject({ ok: false });
});
