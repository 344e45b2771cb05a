import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { type Judgement, judgeDifferences } from "@change-mgmt/domain/schema/breaking.ts";
import { diffSchemas } from "@change-mgmt/domain/schema/diff.ts";
import { type SchemaModel, schemaModel } from "@change-mgmt/domain/schema/model.ts";
import { applyRename, type Renamed, readRename } from "./accept-renames.ts";
import type { Alteration } from "./alteration.ts";
import { type OutsideDifference, outsideDifferences } from "./outside-differences.ts";
import { type AlterationOptions, planAlteration } from "./plan.ts";

/** Two schemas held against each other: what differs, what that means, and the way from one to the other. */
export interface SchemaComparison {
  readonly from: SchemaModel;
  readonly to: SchemaModel;
  readonly judgements: readonly Judgement[];
  readonly alteration: Alteration;
  /** Owners and tablespaces that differ, where they are known of both sides. */
  readonly outside: readonly OutsideDifference[];
}

export interface ComparisonOptions extends AlterationOptions {
  /** Only what is in these schemas; all of them when empty. */
  readonly schemas: readonly string[];
  /** As `readRename` reads them, each taken for sure. */
  readonly renames: readonly string[];
}

/** Compares two schemas that were read with their dependencies. Refuses what readRename refuses. */
export function compareWithPlan(
  first: SchemaModel,
  second: SchemaModel,
  options: ComparisonOptions,
): Outcome<SchemaComparison> {
  const [from, to] = [first, second].map((model) => onlySchemas(model, options.schemas)) as [SchemaModel, SchemaModel];
  let renamed: Renamed = { model: from, steps: [] };
  for (const text of options.renames) {
    const rename = readRename(text, renamed.model, to);
    if (!rename.ok) return rename;
    renamed = applyRename(renamed, rename.value, to);
  }
  const planned = planAlteration(renamed.model, to, options);
  const early = planned.steps.filter(({ phase }) => phase < (planned.steps.at(-1)?.phase ?? 1)).length;
  const steps = [
    ...planned.steps.slice(0, early),
    ...renamed.steps.map((step) => ({ ...step, phase: planned.steps.at(-1)?.phase ?? 1 })),
    ...planned.steps.slice(early),
  ];
  return accept({
    from,
    to,
    judgements: judgeDifferences(diffSchemas(from, to)),
    alteration: { ...planned, steps },
    outside: outsideDifferences(first, second, to.objects),
  });
}

/** A model with nothing but what is in some schemas; all of it when none is named. */
export function onlySchemas(model: SchemaModel, schemas: readonly string[]): SchemaModel {
  if (schemas.length === 0) return model;
  const wanted = new Set(schemas.map((name) => `schema:${name}`));
  const belongs = (key: string | undefined): boolean => {
    if (key === undefined) return false;
    return wanted.has(key) || belongs(model.objects[key]?.of);
  };
  const objects = Object.entries(model.objects)
    .filter(([key]) => belongs(key))
    .map(([, object]) => object);
  return schemaModel(model.serverVersion, objects, model.dependencies);
}
