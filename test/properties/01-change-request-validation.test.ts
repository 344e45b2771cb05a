import type { FieldValues } from "@change-mgmt/domain/change/change.ts";
import { validateForm } from "@change-mgmt/domain/lifecycle/requests/form.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completeForm, componentTeams, dataLayer, REMOVING } from "./data-layer/process.ts";

/** What data-layer-requirements.md 1.1, 1.2, 1.5 and the process's README ask for, said again without the engine. */
function requiredFields(values: FieldValues): string[] {
  const breaking = values.breaking === true || REMOVING.includes(String(values.type));
  return [
    "title",
    "description",
    "type",
    "components",
    ...(values.type === undefined || values.type === "api-endpoint" ? [] : ["tables"]),
    ...(values.type === "api-endpoint" ? ["endpoints"] : []),
    ...(breaking ? ["migrationStrategy", "rollbackPlan"] : []),
  ];
}

function without(values: FieldValues, left: readonly string[]): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([id]) => !left.includes(id)));
}

function problems(values: FieldValues): string[] {
  const outcome = validateForm(dataLayer, values, { componentTeams });
  if (outcome.ok) return [];
  return (outcome.refusal.problems ?? []).map(({ code, place }) => `${code} ${place?.pointer}`).sort();
}

/** Ways to spoil a field, each with the problem it must be called. */
const SPOILED: readonly (readonly [string, unknown, string])[] = [
  ["title", 7, "FIELD_KIND /fields/title"],
  ["title", "x".repeat(201), "FIELD_RANGE /fields/title"],
  ["priority", "urgent", "FIELD_VALUE /fields/priority"],
  ["components", ["nowhere"], "COMPONENT_UNKNOWN /fields/components"],
  ["tables", ["drop table users"], "FIELD_PATTERN /fields/tables"],
  ["endpoints", ["FETCH /api/words"], "FIELD_PATTERN /fields/endpoints"],
  ["breaking", "no", "FIELD_KIND /fields/breaking"],
  ["effort", "endless", "FIELD_VALUE /fields/effort"],
  ["dependencies", ["the other one"], "FIELD_PATTERN /fields/dependencies"],
  ["stakeholders", "carla", "FIELD_KIND /fields/stakeholders"],
  ["colour", "red", "FIELD_UNKNOWN /fields/colour"],
];

describe("Property 1: Change Request Validation (requirements 1.2, 1.5)", () => {
  test("a complete form is accepted", () => {
    fc.assert(
      fc.property(completeForm, (values) => {
        expect(problems(values)).toEqual([]);
      }),
    );
  });

  test("all missing required fields are named, and none that is not required", () => {
    const some = completeForm.chain((values) =>
      fc.tuple(fc.constant(values), fc.subarray(Object.keys(values).filter((id) => id !== "stakeholders"))),
    );
    fc.assert(
      fc.property(some, ([values, left]) => {
        const given = without(values, left);
        const missing = requiredFields(given).filter((id) => left.includes(id));
        expect(problems(given)).toEqual(missing.map((id) => `FIELD_REQUIRED /fields/${id}`).sort());
      }),
    );
  });

  test("every broken rule is named, together with every other", () => {
    const spoiling = fc.tuple(
      completeForm,
      fc.uniqueArray(fc.constantFrom(...SPOILED), { selector: ([id]) => id, minLength: 1 }),
    );
    fc.assert(
      fc.property(spoiling, ([values, spoiled]) => {
        const given = { ...values, ...Object.fromEntries(spoiled.map(([id, value]) => [id, value])) };
        expect(problems(given)).toEqual(expect.arrayContaining(spoiled.map(([, , problem]) => problem)));
      }),
    );
  });

  test("a critical breaking change names the people it affects", () => {
    fc.assert(
      fc.property(completeForm, (values) => {
        const given = without({ ...values, priority: "critical" }, ["stakeholders"]);
        const breaking = values.breaking === true || REMOVING.includes(String(values.type));
        expect(problems(given)).toEqual(breaking ? ["URGENT_BREAKING_CHANGE_UNANNOUNCED /fields/stakeholders"] : []);
      }),
    );
  });
});
