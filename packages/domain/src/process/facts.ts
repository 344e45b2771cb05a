import type { Artifact, Assessment, FieldValues } from "../change/change.ts";
import { members } from "./conditions.ts";
import type { BandLevel, Facts, FormField, Process, Scalar } from "./process.ts";
import { STANDING, standingFact } from "./standing.ts";
import { evaluate, evaluateAll } from "./table.ts";

/** What facts are gathered from. `measured` is what the engine knows: rehearsals, what is deployed. */
export interface FactInputs {
  readonly type: string;
  readonly fields: FieldValues;
  readonly artifacts: readonly Pick<Artifact, "kind">[];
  readonly environment?: string;
  /** The environments the change goes through, in promotion order; the process's own when left out. */
  readonly environments?: readonly string[];
  readonly assessment?: Pick<Assessment, "breaking" | "complexity"> | null;
  /** Component name → owning team. */
  readonly componentTeams?: Readonly<Record<string, string>>;
  readonly measured?: Facts;
}

/** Facts that the engine gives for every change, whatever its process; the last two where an environment is asked about. */
export const GIVEN_FACTS: readonly string[] = [
  "type",
  "environments",
  "artifact",
  "component",
  "componentTeam",
  "environment",
  "lastEnvironment",
];

type Fact = Scalar | readonly Scalar[] | undefined;

/**
 * Everything tables may ask about a change: type, environment, environments, lastEnvironment, artifact, component, componentTeam,
 * breaking and complexity from the assessment, form fields with `fact`, measured facts, then bands, derived facts and scores in order.
 * A boolean that any source says is true stays true, and of an ordered dimension the highest value stands: flags add requirements and never
 * take one away.
 */
export function gatherFacts(process: Process, inputs: FactInputs): Facts {
  const environments = inputs.environments ?? process.environments;
  const components = componentsOf(process, inputs.fields);
  const facts: Record<string, Fact> = {};
  for (const [name, value] of Object.entries(inputs.measured ?? {})) raise(process, facts, name, value);
  for (const field of process.form.fields) {
    if (field.fact !== undefined)
      raise(process, facts, field.fact, fieldFact(field, inputs.fields[field.id] ?? field.default));
    if (field.factWhenFilled !== undefined)
      raise(process, facts, field.factWhenFilled, isFilled(inputs.fields[field.id]));
  }
  const builtIn: Record<string, Fact> = {
    type: inputs.type,
    environment: inputs.environment,
    environments,
    lastEnvironment: inputs.environment === undefined ? undefined : environments.at(-1) === inputs.environment,
    artifact: distinct(inputs.artifacts.map((artifact) => artifact.kind)),
    component: components,
    componentTeam: distinct(components.flatMap((component) => ownerOf(component, inputs.componentTeams ?? {}))),
    breaking: inputs.assessment?.breaking,
    complexity: inputs.assessment?.complexity,
  };
  for (const [name, value] of Object.entries(builtIn)) raise(process, facts, name, value);
  return conclude(process, facts, inputs.fields);
}

/** The same facts seen for one environment: `environment` and `lastEnvironment` set, everything derived concluded again. */
export function factsFor(process: Process, facts: Facts, environment: string): Facts {
  const lastEnvironment = members(facts.environments ?? process.environments).at(-1) === environment;
  return conclude(process, { ...facts, environment, lastEnvironment }, {});
}

/** Whether a field value says anything: not absent, blank or empty. */
export function isFilled(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "string") return value.trim() !== "";
  return !Array.isArray(value) || value.length > 0;
}

/** The affected components a form names, in the order given. */
export function componentsOf(process: Process, fields: FieldValues): readonly string[] {
  return distinct(
    process.form.fields.filter((field) => field.kind === "components").flatMap((field) => texts(fields[field.id])),
  );
}

function conclude(process: Process, gathered: Facts, fields: FieldValues): Facts {
  const facts: Record<string, Fact> = { ...gathered };
  for (const [name, dimension] of Object.entries(process.dimensions)) {
    if (dimension.default !== undefined && facts[name] === undefined) facts[name] = dimension.default;
  }
  for (const band of process.bands ?? []) {
    const number = facts[band.from] ?? fields[band.from];
    if (typeof number === "number") facts[band.name] = levelOf(number, band.levels);
  }
  for (const derived of process.derived) {
    const { matched } = evaluate(derived.table, facts);
    const values = distinct(matched.map((row) => row.then.value));
    const ordered = process.dimensions[derived.name]?.ordered === true;
    if (derived.table.hit === "collect" && !ordered) raise(process, facts, derived.name, values);
    else if (ordered || values.length === 1 || values.every((value) => typeof value === "boolean"))
      for (const value of values) raise(process, facts, derived.name, value);
    // Rows that contradict each other conclude nothing, and what is not known grants nothing.
    else facts[derived.name] = undefined;
  }
  for (const score of process.scores ?? []) {
    const points = evaluateAll(score.table, facts).answers.reduce((sum, answer) => sum + answer.points, 0);
    // Rounded, because 0.1 + 0.6 would otherwise fall on the wrong side of a threshold.
    const total = Math.round(Math.min(points, score.cap) * 1e6) / 1e6;
    facts[`${score.name}Score`] = total;
    facts[score.name] = levelOf(total, score.levels);
  }
  const standing = standingFact(process, facts);
  if (standing !== undefined) facts[STANDING] = standing;
  return facts;
}

function raise({ dimensions }: Process, facts: Record<string, Fact>, name: string, value: Fact): void {
  if (value === undefined) return;
  const known = facts[name];
  const order = dimensions[name]?.ordered === true ? dimensions[name].values : [];
  const rank = (fact: Fact) => (typeof fact === "object" ? -1 : order.indexOf(fact as Scalar));
  if (typeof value === "boolean" && typeof known === "boolean") facts[name] = value || known;
  else if (rank(known) <= rank(value)) facts[name] = value;
}

function ownerOf(component: string, teams: Readonly<Record<string, string>>): readonly string[] {
  return Object.hasOwn(teams, component) ? [teams[component]!] : [];
}

function levelOf(number: number, levels: readonly BandLevel[]): Fact {
  return levels.find((level) => level.upTo === undefined || number <= level.upTo)?.value;
}

function fieldFact(field: FormField, value: unknown): Fact {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return field.kind === "choice" ? value : undefined;
  return Array.isArray(value) ? texts(value) : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((member) => typeof member === "string") : [];
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
