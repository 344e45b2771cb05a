import type { Change, FieldValues, MigrationArtifact, Vote } from "@change-mgmt/domain/change/change.ts";
import type { EnvironmentFact, RehearsalFact, ReportFact, Situation } from "@change-mgmt/domain/change/situation.ts";
import { checkGate } from "@change-mgmt/domain/lifecycle/deployment/gates.ts";
import { validateChange } from "@change-mgmt/domain/lifecycle/implementation/validation.ts";
import { moveBy, refresh, settle } from "@change-mgmt/domain/lifecycle/settle.ts";
import { TRIGGERS } from "@change-mgmt/domain/process/process.ts";
import { nextStage, stageOf } from "@change-mgmt/domain/process/transition.ts";
import { aMigration, aRehearsal, aReport, aSituation } from "@change-mgmt/domain/testing/a-situation.ts";
import { aChange, aPerson } from "@change-mgmt/domain/testing/builders.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyLife, live } from "./data-layer/life.ts";
import { completeForm, componentTeams, dataLayer } from "./data-layer/process.ts";

type Rehearsal = Partial<RehearsalFact> | "missing" | "of other content";
type Report = Partial<ReportFact>;

/** A defect takes its fields, artifacts, first rehearsal or reports from what is sound, and spoils them. */
interface Defect {
  readonly fields?: (fields: FieldValues) => FieldValues;
  readonly empty?: true;
  readonly rehearsal?: Rehearsal;
  readonly report?: Report;
}

const DEFECTS: Readonly<Record<string, Defect>> = {
  "a field is missing": { fields: ({ title, ...fields }) => fields },
  "a component is unknown": { fields: (fields) => ({ ...fields, components: ["nowhere"] }) },
  "a field is malformed": { fields: (fields) => ({ ...fields, tables: ["1st"] }) },
  "nothing to deploy": { empty: true },
  "not rehearsed": { rehearsal: "missing" },
  "rehearsed before the edit": { rehearsal: "of other content" },
  "does not run": { rehearsal: { outcome: "failed" } },
  "cannot be rehearsed": { rehearsal: { outcome: "not-rehearsable", rollback: "not-rehearsable" } },
  "rollback leaves a difference": { rehearsal: { rollback: "differs" } },
  "rollback fails": { rehearsal: { rollback: "fails" } },
  "rollback cannot be rehearsed": { rehearsal: { rollback: "not-rehearsable" } },
  "tests fail": { report: { failed: 1 } },
  "nothing was tested": { report: { passed: 0 } },
  "tests of other content": { report: { contentHash: "before the edit" } },
  "coverage fails": { report: { kind: "coverage", failed: 3 } },
};

const someDefects = fc.shuffledSubarray(Object.keys(DEFECTS), { minLength: 1 });
const states = fc.constantFrom<EnvironmentFact["state"]>("not-deployed", "deployed", "failed", "rolled-back");

/** Everything about a change but its defects. */
const soundness = fc.record({
  fields: completeForm,
  migrations: fc.integer({ min: 1, max: 3 }),
  staging: states,
  done: fc.func(fc.boolean()),
});
type Sound = typeof soundness extends fc.Arbitrary<infer T> ? T : never;

const environments = ["staging", "production"];

/** A change in a stage with these defects and no others, approved by everybody for what it says now. */
function build({ fields, migrations, staging, done }: Sound, defects: readonly string[], stage: string) {
  const found = defects.map((name) => DEFECTS[name]!);
  const values = found.reduce<FieldValues>((all, defect) => defect.fields?.(all) ?? all, fields);
  const artifacts: readonly MigrationArtifact[] = found.some((defect) => defect.empty)
    ? []
    : Array.from({ length: migrations }, (_, index) => aMigration({ id: `m${index}`, name: `${index}.sql` }));
  const bare = aChange({
    fields: values,
    type: String(fields.type),
    artifacts,
    environments,
    requester: "the-requester",
    stage,
    status: stageOf(dataLayer, stage).status,
  });
  const { contentHash } = bare;
  const rehearsals = artifacts.flatMap(({ id }, index): RehearsalFact[] => {
    const spoiled = index === 0 ? found.flatMap((defect) => defect.rehearsal ?? [])[0] : undefined;
    if (spoiled === "missing") return [];
    if (spoiled === "of other content") return [aRehearsal({ contentHash: "before the edit" }, { artifact: id })];
    return [aRehearsal(bare, { ...spoiled, artifact: id })];
  });
  const given = found.flatMap((defect) => defect.report ?? []);
  const reports = (given.length === 0 ? [{}] : given.slice(0, 1)).map((report) => aReport(bare, report));
  const stakeholders = fields.stakeholders as string[];
  const situation: Situation = aSituation({
    componentTeams,
    rehearsals,
    reports,
    environments: [{ environment: "staging", state: staging, at: "2026-01-01T00:00:00Z" }],
    people: [
      aPerson({ handle: "b-en" }),
      aPerson({ handle: "c-arla", roles: ["architect"] }),
      ...stakeholders.map((handle) => aPerson({ handle, teams: [] })),
    ],
  });
  const voters = [
    ["owning-team", "b-en"],
    ["architecture", "c-arla"],
    ...stakeholders.map((handle) => ["stakeholders", handle]),
  ];
  const votes = voters.map(([requirement, voter], index): Vote => {
    const at = "2026-01-01T00:00:00Z";
    return { id: `v${index}`, requirement: requirement!, voter: voter!, decision: "approve", contentHash, at };
  });
  const change = refresh({ ...bare, votes }, { process: dataLayer, situation });
  const completed = { at: "2026-01-01T00:00:00Z", by: "b-en", evidence: [] };
  const steps = change.steps.map((step) => (done(step.id) ? { ...step, completed } : step));
  return { change: { ...change, steps }, situation };
}

const anyStage = fc.constantFrom(...dataLayer.stages.map((stage) => stage.id));
const deployFrom = ["ready", "failed", "rolled-back"];
const allDone = { done: () => true };

function gateOf(change: Change, situation: Situation): string {
  const gate = checkGate("validated", { process: dataLayer, change, situation });
  return gate.ok ? "open" : gate.refusal.code;
}

describe("Property 11: Validation Failure Blocking (requirement 4.5)", () => {
  test("a change with any defect has not passed its validation, and the gate says what stands in the way", () => {
    fc.assert(
      fc.property(soundness, someDefects, anyStage, (sound, defects, stage) => {
        const { change, situation } = build(sound, defects, stage);
        const { result, checks } = validateChange(dataLayer, change, situation);
        expect(result).not.toBe("passed");
        const gate = checkGate("validated", { process: dataLayer, change, situation });
        const named = checks.filter((check) => check.result === result).map((check) => check.id);
        expect(gate).toMatchObject({
          ok: false,
          refusal: {
            code: result === "failed" ? "VALIDATION_FAILED" : "VALIDATION_INCONCLUSIVE",
            hint: expect.stringMatching(/\S/),
            details: { checks: named },
          },
        });
        expect(named).not.toEqual([]);
      }),
    );
  });

  test("by no act, from no stage and for no environment does it get to be deployed", () => {
    fc.assert(
      fc.property(soundness, someDefects, anyStage, (sound, defects, stage) => {
        const { change, situation } = build(sound, defects, stage);
        const setting = { process: dataLayer, situation };
        for (const trigger of TRIGGERS) {
          for (const environment of [undefined, ...environments]) {
            const moved = moveBy(trigger, change, setting, environment);
            if (moved.ok) expect(moved.value.change.status).not.toBe("deploying");
          }
        }
        const { moves } = settle(change, setting, []);
        expect(moves.map(({ toStatus }) => toStatus)).not.toContain("deploying");
        expect(moves.map(({ toStatus }) => toStatus)).not.toContain("approved");
      }),
    );
  });

  test("were every other gate open, the validation alone would keep it from being deployed", () => {
    const facts = (change: Change, environment: string) => ({ ...change.facts, environment });
    fc.assert(
      fc.property(soundness, someDefects, (sound, defects) => {
        for (const stage of deployFrom) {
          const { change, situation } = build(sound, defects, stage);
          for (const environment of environments) {
            const next = nextStage(dataLayer, facts(change, environment), stage, "deploy", (gate) =>
              gate === "validated"
                ? checkGate(gate, { process: dataLayer, change, situation })
                : { ok: true, value: true },
            );
            expect(next).toMatchObject({ ok: false, refusal: { code: expect.stringMatching(/^VALIDATION_/) } });
          }
        }
      }),
    );
  });

  test("it stays blocked until the last defect is resolved, and goes on then", () => {
    fc.assert(
      fc.property(soundness, someDefects, fc.constantFrom(...deployFrom), (sound, defects, stage) => {
        for (let resolved = 0; resolved <= defects.length; resolved++) {
          const { change, situation } = build({ ...sound, ...allDone }, defects.slice(resolved), stage);
          const moved = moveBy("deploy", change, { process: dataLayer, situation }, "staging");
          const expected = resolved === defects.length;
          expect(gateOf(change, situation) === "open").toBe(expected);
          expect(moved.ok && moved.value.change.status === "deploying").toBe(expected);
        }
      }),
    );
  });

  test("whatever happens to a change in its life, what is deployed was validated at that moment", () => {
    fc.assert(
      fc.property(anyLife, (acts) => {
        for (const { before, after } of live(acts)) {
          if (after.change.status !== "deploying" || before.change.status === "deploying") continue;
          expect(validateChange(dataLayer, before.change, before.situation).result).toBe("passed");
        }
      }),
      { numRuns: 300 },
    );
  });
});
