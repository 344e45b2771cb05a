import { canonicalJson } from "@change-mgmt/domain/change/canonical-json.ts";
import { accept, type Outcome, type Place, type Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { decisionText, requirementsFor } from "@change-mgmt/domain/lifecycle/approval/requirements.ts";
import { obligations, rollbackProcedure } from "@change-mgmt/domain/lifecycle/deployment/procedure.ts";
import { checkWindow } from "@change-mgmt/domain/lifecycle/deployment/window.ts";
import { checklist } from "@change-mgmt/domain/lifecycle/implementation/checklist.ts";
import { testsDue } from "@change-mgmt/domain/lifecycle/implementation/tests-due.ts";
import { validateForm } from "@change-mgmt/domain/lifecycle/requests/form.ts";
import { formatNumber } from "@change-mgmt/domain/lifecycle/requests/number.ts";
import { routeTo } from "@change-mgmt/domain/lifecycle/requests/route.ts";
import { type FactInputs, factsFor, gatherFacts } from "@change-mgmt/domain/process/facts.ts";
import {
  type Facts,
  type Process,
  type Requirement,
  TEST_MOMENTS,
  type Trigger,
} from "@change-mgmt/domain/process/process.ts";
import { evaluateAll } from "@change-mgmt/domain/process/table.ts";
import { limitText } from "@change-mgmt/domain/process/times.ts";
import { nextStage, stageOf } from "@change-mgmt/domain/process/transition.ts";
import { z } from "zod";
import { type ProcessSource, readSource } from "./process-file.ts";
import { checkShape, readYaml } from "./yaml-file.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const facts = z.record(z.string(), z.union([scalar, z.array(scalar)]));

/** What is known of a change, as a worked example gives it. */
export const given = z.strictObject({
  type: z.string(),
  fields: z.record(z.string(), z.unknown()).default({}),
  artifacts: z.array(z.enum(["migration", "external", "manual"])).default([]),
  environments: z.array(z.string()).optional(),
  assessment: z.strictObject({ breaking: z.boolean(), complexity: z.enum(["low", "medium", "high"]) }).optional(),
  componentTeams: z.record(z.string(), z.string()).default({}),
  measured: facts.optional(),
});

export type Given = z.output<typeof given>;

const caseShape = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** Document and line, or the page that says how it is read. */
  source: z.string(),
  given,
  expect: z.strictObject({
    facts: facts.optional(),
    /** "valid", or the codes and pointers of all problems, such as `FIELD_REQUIRED /fields/tables`. */
    form: z.union([z.literal("valid"), z.array(z.string())]).optional(),
    /** A team, or the code of the refusal. */
    route: z.string().optional(),
    /** Every step of the checklist, by id. */
    steps: z.array(z.string()).optional(),
    /** Steps that are among others. */
    stepsInclude: z.array(z.string()).optional(),
    stepsLeaveOut: z.array(z.string()).optional(),
    /** Requirements by environment, each as `id`, with `× count`, how a board decides and its time limit where it has them. */
    approvals: z.record(z.string(), z.array(z.string())).optional(),
    /** Kinds of test, or kinds by the moment they are due, such as `before-approval`. */
    tests: z.union([z.array(z.string()), z.partialRecord(z.enum(TEST_MOMENTS), z.array(z.string()))]).optional(),
    /** Steps of a stage, by id. */
    checklist: z.record(z.string(), z.array(z.string())).optional(),
    /** By environment and moment (RFC 3339), whether a deployment may start: `open`, or the code of the refusal. */
    windows: z.record(z.string(), z.record(z.string(), z.string())).optional(),
    /** Where each act leads, gate by gate passed, from the initial stage: `submit: review`, `deploy production: deploying`. */
    way: z.array(z.string()).optional(),
    /** What takes a deployment back by itself, such as `error-rate > 0.05`. */
    triggers: z.array(z.string()).optional(),
    /** What a change of this sequence number is called in 2026. */
    number: z.record(z.string(), z.string()).optional(),
    rollback: z
      .strictObject({ rehearsed: z.enum(["required", "advised"]), procedure: z.array(z.string()).optional() })
      .optional(),
    afterwards: z.strictObject({ monitoringDays: z.number(), obligations: z.array(z.string()).optional() }).optional(),
  }),
});

const fileShape = z.strictObject({ cases: z.array(caseShape).min(1) });

/** A worked example: what is given and what the process must say. */
export type WorkedCase = z.output<typeof caseShape> & { readonly place: Place };

/** Where a process said something else than its example. */
export interface Difference {
  readonly what: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

export interface CaseResult {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly ok: boolean;
  readonly differences: readonly Difference[];
  readonly place: Place;
}

/** Reads cases.yaml. Refusals: PROCESS_NOT_FOUND, and CASES_INVALID with every problem at its line and column. */
export async function loadCases(source: ProcessSource): Promise<Outcome<readonly WorkedCase[]>> {
  const read = await readSource(source, "cases.yaml");
  if (!read.ok) return read;
  const file = readYaml(read.value.text, read.value.name, "CASES_INVALID");
  if (!file.ok) return file;
  const shape = checkShape(fileShape, file.value, read.value.name, "CASES_INVALID");
  if (!shape.ok) return shape;
  return accept(shape.value.cases.map((worked, index) => ({ ...worked, place: file.value.placeOf(["cases", index]) })));
}

/** Runs every worked example of a process against it. */
export async function runCases(process: Process, source: ProcessSource): Promise<Outcome<readonly CaseResult[]>> {
  const cases = await loadCases(source);
  return cases.ok ? accept(cases.value.map((worked) => runCase(process, worked))) : cases;
}

/** Runs one worked example. */
export function runCase(process: Process, worked: WorkedCase): CaseResult {
  const { id, title, source, place } = worked;
  const differences = comparisons(process, worked).filter(
    ({ expected, actual }) => canonicalJson(expected) !== canonicalJson(actual),
  );
  return { id, title, source, place, ok: differences.length === 0, differences };
}

/** What a process gathers facts from, for what is given. */
export function inputsOf(
  process: Process,
  { environments = [...process.environments], artifacts, ...rest }: Given,
): FactInputs {
  return { ...rest, environments, artifacts: artifacts.map((kind) => ({ kind })) };
}

function comparisons(process: Process, { given, expect }: WorkedCase): readonly Difference[] {
  const { componentTeams } = given;
  const inputs = inputsOf(process, given);
  const known = gatherFacts(process, inputs);
  const ids = checklist(process, known).map((step) => step.id);
  const found: Difference[] = [];
  const compare = (what: string, expected: unknown, actual: unknown) => {
    if (expected !== undefined) found.push({ what, expected, actual: actual ?? null });
  };
  for (const [name, value] of Object.entries(expect.facts ?? {})) compare(`fact ${name}`, value, known[name]);
  const form = validateForm(process, given.fields, inputs);
  compare("form", sorted(expect.form), form.ok ? "valid" : sorted(problemsText(form.refusal)));
  const route = routeTo(process, known, componentTeams);
  compare("route", expect.route, route.ok ? route.value.team : route.refusal.code);
  compare("steps", expect.steps, ids);
  for (const step of expect.stepsInclude ?? []) compare(`step ${step}`, true, ids.includes(step));
  for (const step of expect.stepsLeaveOut ?? []) compare(`step ${step}`, false, ids.includes(step));
  for (const [environment, wanted] of Object.entries(expect.approvals ?? {})) {
    const { requirements } = requirementsFor(process, known, environment);
    const needed = requirements.map(requirementText);
    compare(`approvals for ${environment}`, sorted(wanted), sorted(needed));
  }
  const due = testsDue(process, known) ?? [];
  const { tests } = expect;
  if (Array.isArray(tests)) compare("tests", sorted(tests), sorted(due.map((test) => test.kind)));
  else if (tests !== undefined) {
    for (const moment of TEST_MOMENTS) {
      const kinds = due.filter((test) => test.due === moment).map((test) => test.kind);
      compare(`tests ${moment}`, sorted(tests[moment] ?? []), sorted(kinds));
    }
  }
  for (const [stage, wanted] of Object.entries(expect.checklist ?? {})) {
    const own = checklist(process, known).filter((step) => step.stage === stage);
    compare(
      `steps of ${stage}`,
      wanted,
      own.map((step) => step.id),
    );
  }
  for (const [environment, moments] of Object.entries(expect.windows ?? {})) {
    for (const [at, wanted] of Object.entries(moments)) {
      const window = checkWindow(process, factsFor(process, known, environment), given.fields, at);
      compare(`window for ${environment} at ${at}`, wanted, window.ok ? "open" : window.refusal.code);
    }
  }
  compare("way", expect.way, walk(process, inputs, expect.way ?? []));
  compare("triggers", sorted(expect.triggers), sorted(triggersText(process, known)));
  for (const [seq, wanted] of Object.entries(expect.number ?? {})) {
    compare(`number ${seq}`, wanted, formatNumber(process.number, { seq: Number(seq), now: "2026-01-01T00:00:00Z" }));
  }
  const { procedure, rehearsed } = rollbackProcedure(process, known);
  compare("rollback rehearsed", expect.rollback?.rehearsed, rehearsed);
  compare("rollback procedure", expect.rollback?.procedure, procedure);
  const after = obligations(process, known);
  compare("monitoring days", expect.afterwards?.monitoringDays, after.monitoringDays);
  compare("obligations", sorted(expect.afterwards?.obligations), sorted(after.obligations));
  return found;
}

/** A requirement in words: its id, how many or how a board decides, its time limit. */
export function requirementText(requirement: Requirement): string {
  const { id, count, from, within, due } = requirement;
  return [
    id,
    count === 1 ? "" : `× ${count}`,
    from.board === undefined ? "" : decisionText(requirement),
    within === undefined ? "" : `within ${limitText(within)}`,
    due === undefined ? "" : "until closing",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

/** Walks the acts named, `act: stage` or `act environment: stage`, with every gate open; each as it went. */
function walk(process: Process, inputs: FactInputs, way: readonly string[]): readonly string[] {
  let stage = process.initialStage;
  return way.map((leg) => {
    const [act = ""] = leg.split(":");
    const [trigger, environment] = act.split(" ");
    const deployed = ["deploying", "monitoring", "reviewing"].includes(stageOf(process, stage).status);
    const facts = gatherFacts(process, { ...inputs, measured: { deployed, ...inputs.measured } });
    const seen = environment === undefined ? facts : factsFor(process, facts, environment);
    const moved = nextStage(process, seen, stage, trigger as Trigger, () => accept<true>(true));
    if (!moved.ok) return `${act}: ${moved.refusal.code}`;
    stage = moved.value.to.id;
    return `${act}: ${stage}`;
  });
}

function triggersText(process: Process, facts: Facts): readonly string[] {
  if (process.triggers === undefined) return [];
  const { answers } = evaluateAll(process.triggers, facts);
  return answers
    .flatMap((answer) => answer.triggers)
    .map(({ metric, above, times }) =>
      above !== undefined ? `${metric} > ${above}` : times !== undefined ? `${metric} > ${times} × baseline` : metric,
    );
}

function problemsText(refusal: Refusal): readonly string[] {
  return (refusal.problems ?? []).map(({ code, place }) =>
    place?.pointer === undefined ? code : `${code} ${place.pointer}`,
  );
}

function sorted<T>(value: T): T {
  return Array.isArray(value) ? ([...value].sort() as T) : value;
}
