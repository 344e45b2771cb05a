import type { FieldValues } from "@change-mgmt/domain/change/change.ts";
import { checklist, refreshChecklist } from "@change-mgmt/domain/lifecycle/implementation/checklist.ts";
import { type FactInputs, gatherFacts } from "@change-mgmt/domain/process/facts.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { circumstances, completeForm, dataLayer, REMOVING } from "./data-layer/process.ts";

type Rest = Omit<FactInputs, "type" | "fields">;

/** The steps of data-layer-design.md's two workflows for a change, said again without the engine. */
function requiredSteps(fields: FieldValues, rest: Rest): string[] {
  const { environments = [], assessment, measured, artifacts } = rest;
  const breaking =
    REMOVING.includes(String(fields.type)) ||
    [fields.breaking, assessment?.breaking, measured?.breaking].includes(true);
  const when = (holds: boolean, ...steps: string[]) => (holds ? steps : []);
  const complexity = assessment?.complexity ?? "low";
  return [
    ...["validate-form", "assign-number", "route-to-team"],
    ...["affected-components", "detect-dependencies", "impact-report"],
    ...when(breaking, "dependency-mapping"),
    ...["implementation-checklist", "estimate-effort", "templates"],
    ...when(complexity !== "low", "implementation-plan"),
    ...when(complexity === "high", "design-review"),
    ...when(breaking, "migration-strategy", "rollback-plan"),
    ...when(fields.type !== "api-endpoint", "migration-files"),
    "repository-methods",
    ...when(fields.type === "api-endpoint" || fields.endpoints !== undefined, "api-endpoints", "client-methods"),
    ...when(
      artifacts.some(({ kind }) => kind === "migration"),
      "rehearsal",
    ),
    ...["completeness", "breaking-check", "automated-tests"],
    ...when(
      fields.performanceTests === true || ["index", "data-migration"].includes(String(fields.type)),
      "performance-tests",
    ),
    ...when(fields.securityReview === true, "security-review"),
    "code-review",
    ...when(environments.includes("staging"), "integration-tests", "deploy-staging"),
    ...when(environments.includes("production"), "deploy-production"),
    ...["monitor-metrics", "verify-functionality", "update-documentation"],
    ...when(breaking, "extended-monitoring"),
  ];
}

const request = fc.tuple(completeForm, fc.boolean()).map(([values, endpoints]) => {
  const { endpoints: given, ...others } = values;
  return endpoints ? { ...others, endpoints: given } : others;
});

const factsOf = (fields: FieldValues, rest: Rest) =>
  gatherFacts(dataLayer, { ...rest, type: String(fields.type), fields });

describe("Property 4: Checklist Generation Consistency (requirement 2.2)", () => {
  test("every change has all the steps its type and circumstances ask for, and no others", () => {
    fc.assert(
      fc.property(request, circumstances, (fields, rest) => {
        const ids = checklist(dataLayer, factsOf(fields, rest)).map((step) => step.id);
        expect([...ids].sort()).toEqual(requiredSteps(fields, rest).sort());
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  test("whatever becomes known later, the checklist is complete again and no completion is lost", () => {
    const completed = { at: "2026-01-01T00:00:00Z", by: "ben", evidence: [] };
    fc.assert(
      fc.property(
        request,
        circumstances,
        circumstances,
        fc.infiniteStream(fc.boolean()),
        (fields, before, after, done) => {
          const existing = checklist(dataLayer, factsOf(fields, before)).map((step) =>
            done.next().value ? { ...step, completed } : step,
          );
          const { steps } = refreshChecklist(dataLayer, factsOf(fields, after), existing);
          const ids = steps.map((step) => step.id);
          expect(ids).toEqual(expect.arrayContaining(requiredSteps(fields, after)));
          for (const step of existing.filter((candidate) => candidate.completed !== undefined))
            expect(steps).toContainEqual(step);
        },
      ),
    );
  });
});
