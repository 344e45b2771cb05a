import { expect, test } from "vitest";
import type { Change, Vote } from "../../change/change.ts";
import type { EnvironmentFact, Situation } from "../../change/situation.ts";
import type { Gate, Process } from "../../process/process.ts";
import { aMigration, aRehearsal, aReport, aSituation } from "../../testing/a-situation.ts";
import { aChange, aPerson, aProcess, aRow, aTable } from "../../testing/builders.ts";
import { checklist } from "../implementation/checklist.ts";
import { checkGate } from "./gates.ts";

const small = aProcess();
const carrying = aChange({ artifacts: [aMigration()] });
const people = [aPerson()];

function judge(gate: Gate, change: Change, situation: Partial<Situation> = {}, environment?: string, process = small) {
  const asked = environment === undefined ? {} : { environment };
  return checkGate(gate, { process, change, situation: aSituation({ people, ...situation }), ...asked });
}

function code(...asked: Parameters<typeof judge>): string {
  const outcome = judge(...asked);
  return outcome.ok ? "open" : outcome.refusal.code;
}

function vote(change: Change, overrides: Partial<Vote> = {}): Change {
  const { contentHash } = change;
  const cast = { id: "v", requirement: "owning-team", voter: "ben", at: "2026-01-02T00:00:00Z", contentHash };
  return { ...change, votes: [{ ...cast, decision: "approve", ...overrides }] };
}

test("form: closed with every problem at its field", () => {
  expect(code("form", aChange())).toBe("open");
  expect(judge("form", aChange({ fields: { components: ["web"] } }))).toMatchObject({
    refusal: {
      code: "FORM_INVALID",
      problems: [{ place: { pointer: "/fields/title" } }, { place: { pointer: "/fields/components" } }],
    },
  });
});

test("steps: closed by open steps of this stage and of those before it, and says how each is completed", () => {
  const done = { at: "2026-01-02T00:00:00Z", by: "ben", evidence: [] };
  const steps = checklist(small, { breaking: true });
  expect(judge("steps", aChange({ stage: "deploying", steps }))).toMatchObject({
    refusal: {
      code: "STEPS_OPEN",
      message: "Not done yet: Write it; Look at it; Deploy.",
      hint: "Complete with their evidence: write, look. The engine completes steps on deployment.succeeded.",
      details: { steps: ["write", "look", "deployed"] },
    },
  });
  const [write, look] = steps;
  expect(judge("steps", aChange({ stage: "review", steps: [write!, { ...look!, completed: done }] }))).toMatchObject({
    refusal: { hint: "Complete with their evidence: write." },
  });
  expect(judge("steps", aChange({ stage: "deploying", steps: steps.slice(2) }))).toMatchObject({
    refusal: { hint: "The engine completes steps on deployment.succeeded." },
  });
  expect(code("steps", aChange({ stage: "review", steps: [{ ...write!, completed: done }, ...steps.slice(2)] }))).toBe(
    "open",
  );
});

test("rehearsed: closed until every migration ran, and says which did not", () => {
  const two = aChange({ artifacts: [aMigration(), aMigration({ id: "m2", name: "m2.sql" })] });
  const second = (overrides = {}) => ({
    rehearsals: [aRehearsal(two), aRehearsal(two, { artifact: "m2", ...overrides })],
  });
  expect(code("rehearsed", aChange())).toBe("open");
  expect(code("rehearsed", two, second())).toBe("open");
  expect(judge("rehearsed", two, { rehearsals: [aRehearsal(two)] })).toMatchObject({
    refusal: {
      code: "NOT_REHEARSED",
      message: "m2.sql: The rehearsal of this content has not ended yet.",
      details: { artifact: "m2" },
    },
  });
  expect(judge("rehearsed", two, second({ outcome: "failed", message: "line 3: no" }))).toMatchObject({
    refusal: { code: "REHEARSAL_FAILED", message: "m2.sql: line 3: no" },
  });
  const elsewhere = second({ outcome: "not-rehearsable" });
  expect(code("rehearsed", two, elsewhere)).toBe("NOT_REHEARSED");
  expect(code("rehearsed", two, { ...elsewhere, reports: [aReport(two, { kind: "validation" })] })).toBe("open");
});

test("rehearsed: the way back must be proven where the process asks for it", () => {
  const required = aProcess({ rollback: aTable("rollback", { procedure: [], rehearsed: "required" }) });
  for (const rollback of ["differs", "fails", "absent", "not-rehearsable"] as const) {
    const rehearsals = [aRehearsal(carrying, { rollback, message: "what was found" })];
    expect(code("rehearsed", carrying, { rehearsals }, undefined, small)).toBe("open");
    expect(judge("rehearsed", carrying, { rehearsals }, undefined, required)).toMatchObject({
      refusal: {
        code: "ROLLBACK_NOT_PROVEN",
        message: expect.stringMatching(/^m1\.sql: /),
        hint: expect.stringMatching(/./),
      },
    });
  }
  for (const rollback of ["exact", "column-order"] as const) {
    expect(code("rehearsed", carrying, { rehearsals: [aRehearsal(carrying, { rollback })] }, undefined, required)).toBe(
      "open",
    );
  }
});

test("validated: closed by a failed check, and by one that could not be established", () => {
  const rehearsals = [aRehearsal(carrying)];
  expect(code("validated", carrying, { rehearsals })).toBe("open");
  expect(judge("validated", carrying, { rehearsals, reports: [aReport(carrying, { failed: 1 })] })).toMatchObject({
    refusal: {
      code: "VALIDATION_FAILED",
      message: '"The report on tests is for this content and without failures" does not hold: 1 failed, 3 passed.',
      hint: "Mend what failed and hand in a new report.",
      details: { checks: ["report:tests"] },
    },
  });
  expect(judge("validated", carrying)).toMatchObject({
    refusal: {
      code: "VALIDATION_INCONCLUSIVE",
      message: expect.stringContaining('"m1.sql runs on a rehearsal database" could not be established:'),
      details: { checks: ["rehearsal:m1:up"] },
    },
  });
});

test("validated: what failed is said before what is not known, and one hint is said once", () => {
  const reports = [aReport(carrying, { failed: 1 }), aReport(carrying, { kind: "coverage", failed: 2 })];
  expect(judge("validated", carrying, { reports })).toMatchObject({
    refusal: {
      hint: "Mend what failed and hand in a new report.",
      details: { checks: ["report:coverage", "report:tests"] },
    },
  });
});

test("approved: for the environment asked about, by votes on this content", () => {
  expect(code("approved", vote(aChange()), {}, "staging")).toBe("open");
  expect(code("approved", vote(aChange(), { environment: "production" }), {}, "staging")).toBe("NOT_APPROVED");
  expect(code("approved", vote(aChange(), { contentHash: "before the edit" }), {}, "staging")).toBe("NOT_APPROVED");
  expect(judge("approved", aChange(), {}, "staging")).toMatchObject({
    refusal: {
      code: "NOT_APPROVED",
      message:
        "Not approved for staging: Owning team: 1 × a member of the owning team (0 of 1 given; could be given by ben).",
      details: { environment: "staging", missing: ["owning-team"] },
    },
  });
});

test("approved: a rejection is said with its reason", () => {
  expect(judge("approved", vote(aChange(), { decision: "reject", comment: "Too wide." }), {}, "staging")).toMatchObject(
    {
      refusal: { code: "NOT_APPROVED", message: "ben rejected it for staging: Too wide." },
    },
  );
  expect(judge("approved", vote(aChange(), { decision: "reject" }), {}, "staging")).toMatchObject({
    refusal: { message: "ben rejected it for staging." },
  });
});

test("approved: an environment the process does not speak of is not approved", () => {
  const silent = aProcess({ approvals: aTable("approvals", { requirements: [] }, { hit: "collect", rows: [] }) });
  expect(judge("approved", vote(aChange()), {}, "staging", silent)).toMatchObject({
    refusal: { code: "NOT_APPROVED", message: expect.stringContaining("no row says what staging needs") },
  });
});

test("approved-all: every environment of the change, of which there must be one", () => {
  expect(code("approved-all", vote(aChange()))).toBe("open");
  expect(judge("approved-all", vote(aChange(), { environment: "staging" }))).toMatchObject({
    refusal: { code: "NOT_APPROVED", details: { environment: "production" } },
  });
  expect(code("approved-all", vote(aChange({ environments: [] })))).toBe("NO_ENVIRONMENT");
});

test.each<[Gate]>([["approved"], ["previous-environment"]])(
  "%s: closed where the environment is not said or not gone through",
  (gate) => {
    const change = vote(aChange());
    expect(judge(gate, change)).toMatchObject({
      refusal: { code: "NO_ENVIRONMENT", hint: "Name one of its environments: staging, production." },
    });
    expect(judge(gate, change, {}, "moon")).toMatchObject({
      refusal: { code: "NO_ENVIRONMENT", message: 'The change does not go through an environment "moon".' },
    });
    expect(judge(gate, aChange({ environments: [] }), {}, "staging")).toMatchObject({
      refusal: { hint: "Name one of its environments: it has none." },
    });
  },
);

test.each<[EnvironmentFact["state"] | undefined, string]>([
  [undefined, "production comes after staging, and the change is not deployed there."],
  ["not-deployed", "production comes after staging, and the change is not deployed there."],
  ["deploying", "production comes after staging, and the change is still being deployed there."],
  ["failed", "production comes after staging, and a deployment or rollback of the change failed there."],
  ["rolling-back", "production comes after staging, and the change is being rolled back there."],
  ["rolled-back", "production comes after staging, and the change was rolled back there."],
])("previous-environment: closed while it is %s there", (state, message) => {
  const environments = state === undefined ? [] : [{ environment: "staging", state, at: null }];
  expect(judge("previous-environment", aChange(), { environments }, "production")).toMatchObject({
    refusal: { code: "PREVIOUS_ENVIRONMENT", message, hint: "Deploy to staging first." },
  });
  expect(code("previous-environment", aChange(), { environments }, "staging")).toBe("open");
});

test("previous-environment: open once it is deployed there", () => {
  const environments = [{ environment: "staging", state: "deployed" as const, at: null }];
  expect(code("previous-environment", aChange(), { environments }, "production")).toBe("open");
});

test("a deployment that is watched keeps a change open, and one that is held or set off keeps the next environment closed", () => {
  const until = "2026-01-01T01:00:00.000Z";
  const watched = (state: "watching" | "held" | "asking"): Partial<Situation> => ({
    environments: [{ environment: "staging", state: "deployed", at: "2026-01-01T00:00:00Z", watch: { state, until } }],
  });
  const codes = (state: "watching" | "held" | "asking") => [
    code("previous-environment", aChange(), watched(state), "production"),
    code("obligations", aChange(), watched(state), undefined, watching(0)),
  ];
  expect(codes("watching")).toEqual(["open", "WATCH_OPEN"]);
  expect(codes("held")).toEqual(["WATCH_OPEN", "WATCH_OPEN"]);
  expect(codes("asking")).toEqual(["WATCH_OPEN", "WATCH_OPEN"]);
});

function watching(days: number, obligations: readonly string[] = []): Process {
  return aProcess({ afterwards: aTable("afterwards", { monitoringDays: days, obligations }) });
}

const deployed = (...times: (string | null)[]): Partial<Situation> => ({
  environments: times.map((at, index) => ({ environment: `e${index}`, state: "deployed", at })),
});

test("obligations: steps that are owed, whatever stage they belong to", () => {
  const steps = checklist(small, { breaking: true });
  expect(judge("obligations", aChange({ stage: "draft", steps }), {}, undefined, watching(0, ["look"]))).toMatchObject({
    refusal: {
      code: "OBLIGATIONS_OPEN",
      message: "Still owed: Look at it.",
      hint: "Complete with their evidence: look.",
      details: { steps: ["look"] },
    },
  });
  const done = { at: "2026-01-02T00:00:00Z", by: "ben", evidence: [] };
  const complete = steps.map((step) => ({ ...step, completed: done }));
  expect(code("obligations", aChange({ steps: complete }), {}, undefined, watching(0, ["look"]))).toBe("open");
  expect(code("obligations", aChange({ steps: [] }), {}, undefined, watching(0, ["look"]))).toBe("open");
});

test("obligations: what the process does not say is not taken for nothing", () => {
  const rows = [aRow("breaking", { breaking: true }, { monitoringDays: 7, obligations: [] })];
  const partial = aProcess({ afterwards: aTable("afterwards", { monitoringDays: 0, obligations: [] }, { rows }) });
  expect(judge("obligations", aChange(), {}, undefined, partial)).toMatchObject({
    refusal: { code: "OBLIGATIONS_OPEN", message: expect.stringContaining("no row matches") },
  });
});

test("obligations: the change is watched from its last deployment on, to the millisecond", () => {
  const last = deployed("2026-01-01T00:00:00Z", "2026-01-03T00:00:00.001Z");
  expect(judge("obligations", aChange(), last, undefined, watching(7))).toMatchObject({
    refusal: {
      code: "MONITORING_PERIOD",
      message: "The change is watched for 7 days after its deployment, until 2026-01-10T00:00:00.001Z.",
      details: { until: "2026-01-10T00:00:00.001Z" },
    },
  });
  expect(code("obligations", aChange(), deployed("2026-01-03T00:00:00Z"), undefined, watching(7))).toBe("open");
  expect(judge("obligations", aChange(), deployed("2026-01-09T12:00:00Z"), undefined, watching(1))).toMatchObject({
    refusal: { message: expect.stringContaining("watched for one day after") },
  });
});

test("obligations: nothing is watched that is nowhere, and what was deployed nobody knows when is watched from now", () => {
  const back: Partial<Situation> = {
    environments: [{ environment: "staging", state: "rolled-back", at: "2026-01-09T00:00:00Z" }],
  };
  expect(code("obligations", aChange(), back, undefined, watching(7))).toBe("open");
  expect(code("obligations", aChange(), deployed(null), undefined, watching(7))).toBe("MONITORING_PERIOD");
  expect(code("obligations", aChange(), deployed(null), undefined, watching(0))).toBe("open");
});

test("tests: what is due by then has passed on this content, and where nobody can tell, nothing has", () => {
  const process = aProcess({ testing: aTable("testing", { tests: ["unit"], due: "before-deployment" as const }) });
  const change = aChange();
  expect(code("tested-before-approval", change, {}, undefined, process)).toBe("open");
  expect(judge("tested-before-deployment", change, {}, undefined, process)).toMatchObject({
    refusal: { code: "TESTS_OPEN", details: { tests: ["unit"] } },
  });
  const reports = [aReport(change, { kind: "unit" })];
  expect(code("tested-after-deployment", change, { reports }, undefined, process)).toBe("open");
  const nothing = { tests: [], due: "before-approval" as const };
  const silent = aProcess({ testing: aTable("testing", nothing, { rows: [] }) });
  expect(judge("tested-before-approval", change, {}, undefined, silent)).toMatchObject({
    refusal: { code: "TESTS_OPEN", message: expect.stringContaining("does not say") },
  });
});

test("window: it is looked at for the environment a deployment is for", () => {
  const window = { days: ["SU" as const], from: "02:00", to: "06:00", zone: "UTC" };
  const process = aProcess({ windows: aTable("windows", { windows: [window] }) });
  const at = (now: string) => code("window", aChange(), { now }, "staging", process);
  expect(at("2026-01-04T03:00:00.000Z")).toBe("open");
  expect(at("2026-01-05T03:00:00.000Z")).toBe("OUTSIDE_WINDOW");
  expect(code("window", aChange(), {}, undefined, process)).toBe("NO_ENVIRONMENT");
});

test("obligations: what may be approved until closing is asked for then", () => {
  const requirements = [{ id: "cab", title: "CAB", from: {}, count: 1, due: "closing" as const }];
  expect(
    code("obligations", aChange(), {}, undefined, aProcess({ approvals: aTable("approvals", { requirements }) })),
  ).toBe("NOT_APPROVED");
});
