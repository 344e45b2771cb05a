import type { ObjectKind, SchemaModel, SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Alteration, AlterationStep, Draft, Obstacle } from "./alteration.ts";
import { decideFates, type Fates } from "./fates.ts";
import { inOrder } from "./order.ts";
import { proposeRenames } from "./renames.ts";
import { makeSides, type Sides } from "./sides.ts";
import type { PlannedTask } from "./task-list.ts";
import { makeTasks } from "./tasks.ts";

export interface AlterationOptions {
  /** Drops and makes again what cannot be changed in place, such as a table that becomes partitioned; its rows are lost. */
  readonly recreate?: boolean;
}

/**
 * The ordered statements that lead from one schema to another, both read with their dependencies. Pure.
 * What it cannot do is an obstacle that names the object; nothing is left out silently. Owners, tablespaces and roles are no part of it; of the first two `outsideDifferences` tells.
 */
export function planAlteration(from: SchemaModel, to: SchemaModel, options: AlterationOptions = {}): Alteration {
  const obstacles: Obstacle[] = [];
  const remade = tablesToRemake(from, to, options.recreate === true, obstacles);
  const sides = makeSides(from, to, remade);
  const fates = decideFates(sides, remade);
  obstacles.push(...fates.obstacles);
  const tasks = makeTasks(sides, fates);
  const { ordered, stuck } = inOrder(tasks);
  for (const task of stuck) {
    obstacles.push({ ...aboutOf(task), reason: `it waits for what waits for it: ${[...task.after].join(", ")}` });
  }
  return {
    steps: toSteps(ordered, fates),
    obstacles,
    columnOrder: otherColumnOrder(sides, fates, ordered),
    renames: proposeRenames(from, to),
  };
}

/** Tables whose columns will stand in another order than wanted: those that stay come first, new ones after them as they are added. */
function otherColumnOrder({ from, to }: Sides, fates: Fates, tasks: readonly PlannedTask[]): string[] {
  const tables: string[] = [];
  const turns = new Map(tasks.map(({ id }, at) => [id, at]));
  for (const key of to.keysOf("table")) {
    if (!from.objects.has(key) || fates.of(key) === "remake") continue;
    const columns = to.childrenOf(key).filter((child) => child.startsWith("column:"));
    const position = (column: string) => {
      const stays = from.objects.get(column);
      const added = stays === undefined || fates.of(column) === "remake";
      return added ? 10_000 + (turns.get(`make ${column}`) ?? 0) : Number(stays.fields.position);
    };
    const wanted = [...columns].sort(
      (a, b) => Number(to.objects.get(a)!.fields.position) - Number(to.objects.get(b)!.fields.position),
    );
    const coming = [...columns].sort((a, b) => position(a) - position(b));
    if (wanted.some((column, at) => coming[at] !== column)) tables.push(to.objects.get(key)!.name);
  }
  return tables;
}

function aboutOf({ object }: PlannedTask): { kind: ObjectKind; object: string } {
  return { kind: object.kind, object: object.name };
}

/** Tables that are something else afterwards: partitioned or not, foreign or not, of a type or not. */
function tablesToRemake(from: SchemaModel, to: SchemaModel, recreate: boolean, obstacles: Obstacle[]): Set<string> {
  const remade = new Set<string>();
  const refuse = ({ kind, name }: SchemaObject, reason: string) => obstacles.push({ kind, object: name, reason });
  for (const key in to.objects) {
    const after = to.objects[key]!;
    if (after.kind !== "table") continue;
    const before = from.objects[key];
    if (before === undefined) {
      if (after.fields.foreign === true) refuse(after, "making a foreign table is not supported");
      if (after.fields.ofType !== undefined) refuse(after, "making a table of a type is not supported");
      continue;
    }
    const differs = ["partitionKey", "foreign", "ofType"].filter((name) => before.fields[name] !== after.fields[name]);
    if (differs.length === 0) continue;
    if (differs.includes("partitionKey") && differs.length === 1 && recreate) remade.add(key);
    else if (differs.includes("partitionKey"))
      refuse(after, "a table cannot be partitioned otherwise in place; its rows have to be copied into a new table");
    else refuse(after, "a table cannot become foreign or of a type, or stop being it, in place");
  }
  // What inherits from a table that is made anew is made anew with it.
  for (let size = 0; size !== remade.size; ) {
    size = remade.size;
    for (const key in from.objects) {
      const { kind, fields } = from.objects[key]!;
      const parents = kind === "table" && Array.isArray(fields.inherits) ? (fields.inherits as string[]) : [];
      if (to.objects[key] && parents.some((parent) => remade.has(`table:${parent}`))) remade.add(key);
    }
  }
  return remade;
}

const UNCHECKED_BODIES: Omit<AlterationStep, "phase"> = {
  sql: "SET check_function_bodies = off;",
  kind: "function",
  object: "",
  does: "lets bodies of functions speak of what is made later",
  lossy: null,
  needs: null,
  transactional: true,
  lock: null,
  rewrites: false,
  scans: false,
};

/** A label added to an enum can be used only after it was committed, so it comes in a phase before whatever says it. */
function toSteps(tasks: readonly PlannedTask[], fates: Fates): AlterationStep[] {
  const steps: Omit<AlterationStep, "phase">[] = tasks.flatMap(({ object, drafts }) =>
    drafts.map((draft) => toStep(object, draft)),
  );
  const labels = steps.filter(({ kind, sql }) => kind === "enum" && /^ALTER TYPE .* ADD VALUE /.test(sql));
  const others = steps.filter((step) => !labels.includes(step));
  const said = labels.some(({ sql }) => {
    const label = /ADD VALUE (E?'(?:[^']|'')*')/.exec(sql)![1]!;
    return others.some(
      (step) =>
        step.sql.includes(label) &&
        !/^(?:CREATE|COMMENT ON) (?:OR REPLACE )?(?:FUNCTION|PROCEDURE|TYPE)/.test(step.sql),
    );
  });
  const routines = [...fates.changed].some(([key, fate]) => key.startsWith("function:") && fate !== "drop");
  const rest = (said ? others : steps).map((step) => ({ ...step, phase: said ? 2 : 1 }));
  if (routines) rest.unshift({ ...UNCHECKED_BODIES, phase: said ? 2 : 1 });
  return [...(said ? labels.map((step) => ({ ...step, phase: 1 })) : []), ...rest];
}

function toStep(object: SchemaObject, draft: Draft): Omit<AlterationStep, "phase"> {
  return {
    sql: draft.sql,
    kind: object.kind,
    object: object.name,
    does: draft.does,
    lossy: draft.lossy ?? null,
    needs: draft.needs ?? null,
    transactional: draft.transactional ?? true,
    lock: draft.lock ?? null,
    rewrites: draft.rewrites ?? false,
    scans: draft.scans ?? false,
  };
}
