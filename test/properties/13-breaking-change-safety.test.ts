import type { Change, FieldValues, Vote } from "@change-mgmt/domain/change/change.ts";
import { evaluateApprovals } from "@change-mgmt/domain/lifecycle/approval/quorum.ts";
import { requirementsFor } from "@change-mgmt/domain/lifecycle/approval/requirements.ts";
import { obligations, rollbackProcedure } from "@change-mgmt/domain/lifecycle/deployment/procedure.ts";
import { checklist, openSteps, refreshChecklist } from "@change-mgmt/domain/lifecycle/implementation/checklist.ts";
import { validateForm } from "@change-mgmt/domain/lifecycle/requests/form.ts";
import { type FactInputs, gatherFacts } from "@change-mgmt/domain/process/facts.ts";
import { aChange, aPerson } from "@change-mgmt/domain/testing/builders.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyType, circumstances, completeForm, dataLayer, REMOVING } from "./data-layer/process.ts";

/** A change that at least one source calls breaking, with everything else at random. */
const breakingInputs: fc.Arbitrary<FactInputs> = fc
  .tuple(
    completeForm,
    circumstances,
    anyType,
    fc.constantFrom("type", "form", "assessment", "measurement"),
    fc.constantFrom(...REMOVING),
  )
  .map(([fields, rest, type, source, removing]) => {
    const named = source === "type" ? removing : type;
    const values: FieldValues = { ...fields, type: named, breaking: source === "form" || fields.breaking };
    const assessed = { breaking: true, complexity: "low" as const };
    return {
      ...rest,
      type: named,
      fields: values,
      ...(source === "assessment" ? { assessment: assessed } : {}),
      ...(source === "measurement" ? { measured: { breaking: true } } : {}),
    };
  });

const ADDITIONS = ["dependency-mapping", "migration-strategy", "rollback-plan", "extended-monitoring"];

const people = [
  aPerson({ handle: "ben" }),
  aPerson({ handle: "dora" }),
  aPerson({ handle: "carla", roles: ["architect"], teams: [] }),
];

describe("Property 13: Breaking Change Safety Enforcement (requirement 5.5)", () => {
  test("whatever says that a change is breaking, the additional steps are on its checklist", () => {
    fc.assert(
      fc.property(breakingInputs, (inputs) => {
        const facts = gatherFacts(dataLayer, inputs);
        expect(facts.breaking).toBe(true);
        expect(checklist(dataLayer, facts).map((step) => step.id)).toEqual(expect.arrayContaining(ADDITIONS));
      }),
    );
  });

  test("a change found to be breaking only when it is validated stays there until the steps it has passed by are made up for", () => {
    const completed = { at: "2026-01-01T00:00:00Z", by: "ben", evidence: [] };
    fc.assert(
      fc.property(completeForm, circumstances, (fields, rest) => {
        const calm = gatherFacts(dataLayer, {
          ...rest,
          type: "add-field",
          fields: { ...fields, breaking: false },
          assessment: { breaking: false, complexity: "low" },
          measured: {},
        });
        const done = checklist(dataLayer, calm).map((step) => ({ ...step, completed }));
        const { steps } = refreshChecklist(dataLayer, { ...calm, breaking: true }, done);
        const open = openSteps(dataLayer, { stage: "validation", steps }).map((step) => step.id);
        expect(open).toEqual(["dependency-mapping", "migration-strategy", "rollback-plan"]);
      }),
    );
  });

  test("its last environment takes the architecture team as well, and a longer time of watching", () => {
    fc.assert(
      fc.property(breakingInputs, (inputs) => {
        const facts = gatherFacts(dataLayer, inputs);
        const ids = requirementsFor(dataLayer, facts, inputs.environments!.at(-1)!).requirements.map(
          (requirement) => requirement.id,
        );
        expect(ids).toEqual(expect.arrayContaining(["owning-team", "architecture"]));
        const calm = gatherFacts(dataLayer, { type: "add-field", fields: {}, artifacts: [] });
        expect(obligations(dataLayer, facts).monitoringDays).toBeGreaterThan(
          obligations(dataLayer, calm).monitoringDays,
        );
      }),
    );
  });

  test("its migration must have been taken back in rehearsal", () => {
    fc.assert(
      fc.property(breakingInputs, (inputs) => {
        const facts = gatherFacts(dataLayer, { ...inputs, artifacts: [...inputs.artifacts, { kind: "migration" }] });
        expect(rollbackProcedure(dataLayer, facts).rehearsed).toBe("required");
      }),
    );
  });

  test("its form asks for migration strategy and rollback plan", () => {
    fc.assert(
      fc.property(breakingInputs, ({ fields, ...inputs }) => {
        const { migrationStrategy, rollbackPlan, ...others } = fields;
        const outcome = validateForm(dataLayer, others, inputs);
        const pointers = outcome.ok ? [] : outcome.refusal.problems!.map((problem) => problem.place?.pointer);
        expect(pointers).toEqual(["/fields/migrationStrategy", "/fields/rollbackPlan"]);
      }),
    );
  });

  test("no votes approve it for production unless an architect is among them, on this very content", () => {
    const someVotes = fc.array(
      fc.record({
        voter: fc.constantFrom("anna", "ben", "dora", "carla", "ghost"),
        requirement: fc.constantFrom("owning-team", "architecture"),
        decision: fc.constantFrom("approve" as const, "reject" as const, "abstain" as const),
        current: fc.boolean(),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(breakingInputs, someVotes, (inputs, given) => {
        const { stakeholders, ...fields } = inputs.fields;
        const facts = gatherFacts(dataLayer, { ...inputs, fields });
        const change: Change = aChange({ type: inputs.type, fields });
        const votes = given.map(
          ({ current, ...vote }, index): Vote => ({
            ...vote,
            id: `v${index}`,
            contentHash: current ? change.contentHash : "of something else",
            at: "2026-01-01T00:00:00Z",
          }),
        );
        const judged = evaluateApprovals({
          process: dataLayer,
          change: { ...change, votes },
          environment: "production",
          facts,
          people,
        });
        const counts = (voters: string[], requirement: string) =>
          given.some((vote, index) => {
            const first =
              given.findIndex(
                (other) => other.voter === vote.voter && other.requirement === requirement && other.current,
              ) === index;
            return (
              first &&
              vote.current &&
              vote.decision === "approve" &&
              vote.requirement === requirement &&
              voters.includes(vote.voter)
            );
          });
        const allowed = counts(["carla"], "architecture") && counts(["ben", "dora"], "owning-team");
        if (judged.met) expect(allowed).toBe(true);
        const rejected = given.some((vote) => vote.current && vote.decision === "reject");
        if (allowed && !rejected) expect(judged.met).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
