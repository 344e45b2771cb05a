import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { accept, type Outcome, type Place, type Problem, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkProcess } from "@change-mgmt/domain/process/check.ts";
import { processHash } from "@change-mgmt/domain/process/hash.ts";
import type { DecisionTable, Dimension, Process, Tables } from "@change-mgmt/domain/process/process.ts";
import { NOT_STANDING, STANDING } from "@change-mgmt/domain/process/standing.ts";
import { type ProcessShape, processShape } from "./process-shape.ts";
import { checkShape, readYaml, refuseFile, type YamlFile } from "./yaml-file.ts";

/** Where a process is read from: a folder, or the texts of its files by name. */
export type ProcessSource = string | { readonly files: Readonly<Record<string, string>> };

/** A process with its hash and what the check found; one with problems may be looked at but not go into force. */
export interface LoadedProcess {
  readonly process: Process;
  readonly hash: string;
  readonly problems: readonly Problem[];
}

/** Dimensions whose facts the engine itself gives; a process does not declare them. */
export const BUILT_IN_DIMENSIONS = [
  "type",
  "environment",
  "environments",
  "lastEnvironment",
  "artifact",
  "component",
  "componentTeam",
  "deployed",
  STANDING,
] as const;

/**
 * Reads and checks process.yaml. Refusals: PROCESS_NOT_FOUND, and PROCESS_INVALID with every problem of syntax and shape at its line and
 * column. What the check of a well-formed process finds is not refused but returned.
 */
export async function loadProcess(source: ProcessSource): Promise<Outcome<LoadedProcess>> {
  const read = await readSource(source, "process.yaml");
  return read.ok ? parseProcess(read.value.text, read.value.name) : read;
}

/** Reads one file of a process; refused as PROCESS_NOT_FOUND when it is not there. */
export async function readSource(
  source: ProcessSource,
  name: string,
): Promise<Outcome<{ text: string; name: string }>> {
  const path = typeof source === "string" ? join(source, name) : name;
  const text = typeof source === "string" ? await readIfThere(path) : source.files[name];
  if (text !== undefined) return accept({ text, name: path });
  return refuse(
    "PROCESS_NOT_FOUND",
    `There is no ${path}.`,
    "A process is a folder with process.yaml and cases.yaml.",
    {
      place: { file: path },
    },
  );
}

/** As `loadProcess`, from the text of process.yaml. */
export function parseProcess(text: string, fileName: string): Outcome<LoadedProcess> {
  const file = readYaml(text, fileName, "PROCESS_INVALID");
  if (!file.ok) return file;
  const shape = checkShape(processShape, file.value, fileName, "PROCESS_INVALID");
  if (!shape.ok) return shape;
  const reserved = Object.keys(shape.value.dimensions).filter((name) =>
    BUILT_IN_DIMENSIONS.some((known) => known === name),
  );
  if (reserved.length > 0) {
    return refuseFile(
      "PROCESS_INVALID",
      fileName,
      reserved.map((name) => ({
        code: "DIMENSION_RESERVED",
        message: `The dimension "${name}" is given by the engine.`,
        hint: "Remove it: it can be used without being declared.",
        place: file.value.placeOfKey(["dimensions"], name),
      })),
    );
  }
  const process = assemble(shape.value, file.value);
  return accept({ process, hash: processHash(process), problems: checkProcess(process) });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw error;
  }
}

function assemble(shape: ProcessShape, { placeOf }: YamlFile): Process {
  const table = <T>(
    id: string,
    path: readonly PropertyKey[],
    content: Omit<DecisionTable<T>, "id">,
  ): DecisionTable<T> => ({
    ...content,
    id,
    rows: content.rows.map((row, index) => ({ ...row, place: placeOf([...path, "rows", index]) })),
    place: placeOf(path),
  });
  const tables = <T>(
    key: string,
    path: readonly PropertyKey[],
    content: Omit<DecisionTable<T>, "id"> | readonly DecisionTable<T>[],
  ): Tables<T> =>
    "rows" in content ? table(key, path, content) : content.map((one, index) => table(one.id, [...path, index], one));
  const placed = <T>(items: readonly T[], path: readonly PropertyKey[]): (T & { readonly place: Place })[] =>
    items.map((item, index) => ({ ...item, place: placeOf([...path, index]) }));
  const { windows, triggers, template, ...rest } = shape;
  return {
    ...rest,
    dimensions: { ...builtIn(shape), ...shape.dimensions },
    derived: shape.derived.map((fact, index) => ({
      ...fact,
      table: table(fact.table.id ?? fact.name, ["derived", index, "table"], fact.table),
    })),
    scores: shape.scores.map((score, index) => ({
      ...score,
      table: tables(score.name, ["scores", index, "table"], score.table),
    })),
    form: {
      fields: placed(shape.form.fields, ["form", "fields"]).map((field) => {
        const choices = field.id === "type" ? shape.types : field.id === STANDING ? shape.standing : undefined;
        return field.kind === "choice" && field.values === undefined && choices !== undefined
          ? { ...field, values: choices.map(({ id }) => id) }
          : field;
      }),
      rules: placed(shape.form.rules, ["form", "rules"]),
    },
    routing: table("routing", ["routing"], shape.routing),
    stages: placed(shape.stages, ["stages"]).map((stage, index) => ({
      ...stage,
      steps: placed(stage.steps, ["stages", index, "steps"]),
      transitions: placed(stage.transitions, ["stages", index, "transitions"]),
      ...(stage.refusals === undefined ? {} : { refusals: placed(stage.refusals, ["stages", index, "refusals"]) }),
    })),
    approvals: tables("approvals", ["approvals"], shape.approvals),
    testing: tables("testing", ["testing"], shape.testing),
    rollback: tables("rollback", ["rollback"], shape.rollback),
    afterwards: tables("afterwards", ["afterwards"], shape.afterwards),
    ...(shape.workingTime === undefined ? {} : { workingTime: shape.workingTime }),
    ...(shape.boards === undefined ? {} : { boards: placed(shape.boards, ["boards"]) }),
    ...(windows === undefined ? {} : { windows: tables("windows", ["windows"], windows) }),
    ...(shape.freezes === undefined ? {} : { freezes: placed(shape.freezes, ["freezes"]) }),
    ...(triggers === undefined ? {} : { triggers: tables("triggers", ["triggers"], triggers) }),
    ...(shape.standing === undefined ? {} : { standing: placed(shape.standing, ["standing"]) }),
    ...(template === undefined
      ? {}
      : { template: { ...template, entries: placed(template.entries, ["template", "entries"]) } }),
    place: placeOf([]),
  };
}

function builtIn({
  types,
  environments,
  standing = [],
}: ProcessShape): Partial<Record<(typeof BUILT_IN_DIMENSIONS)[number], Dimension>> {
  return {
    type: { title: "Type of change", values: types.map((type) => type.id) },
    environment: { title: "Environment it is about to reach", values: environments },
    environments: { title: "Environments the change goes through", values: environments, many: true },
    lastEnvironment: { title: "Whether this environment is the last", values: [true, false] },
    artifact: { title: "Kinds of artifact it carries", values: ["migration", "external", "manual"], many: true },
    component: { title: "Affected components", values: [], open: true, many: true },
    componentTeam: { title: "Teams that own the affected components", values: [], open: true, many: true },
    deployed: { title: "Whether it is deployed anywhere", values: [true, false], default: false },
    ...(standing.length === 0
      ? {}
      : {
          [STANDING]: {
            title: "The standing change that it is",
            values: [NOT_STANDING, ...standing.map(({ id }) => id)],
            default: NOT_STANDING,
          },
        }),
  };
}
