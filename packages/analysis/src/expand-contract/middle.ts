import { type Judgement, judgeDifferences } from "@change-mgmt/domain/schema/breaking.ts";
import { diffSchemas, type SchemaDifference } from "@change-mgmt/domain/schema/diff.ts";
import { type FieldValue, type SchemaModel, type SchemaObject, schemaModel } from "@change-mgmt/domain/schema/model.ts";
import type { Obstacle } from "../alteration/alteration.ts";
import { list } from "../alteration/field-list.ts";

/** The schema on which old and new code can both run, as far as statements on the schema alone lead there. */
export interface Middle {
  readonly model: SchemaModel;
  readonly breaks: readonly Judgement[];
  /** Breaks for which no order of deployments is known. */
  readonly obstacles: readonly Obstacle[];
}

/** Kinds whose removal allows more than was allowed, so that new code may need it at once. */
const LIMITS: ReadonlySet<FieldValue | undefined> = new Set(["check", "foreign key", "exclusion"]);

/** Whatever breaks nobody is as it shall be; whatever breaks somebody is as it was; what is added and would break is without its demand. */
export function middleOf(before: SchemaModel, target: SchemaModel): Middle {
  const breaks = judgeDifferences(diffSchemas(before, target)).filter(({ breaking }) => breaking);
  const objects: Record<string, SchemaObject> = { ...target.objects };
  const obstacles: Obstacle[] = [];
  for (const [key, object] of Object.entries(before.objects)) {
    if (target.objects[key] !== undefined) continue;
    if (object.kind === "constraint" && LIMITS.has(object.fields.type)) continue;
    objects[key] = needsNoValue(object, before);
  }
  for (const { difference } of breaks) {
    const { change, kind, object, before: was, after: is } = difference;
    const key = `${kind}:${object}`;
    const why = impossible(difference);
    if (why !== null) obstacles.push({ kind, object, reason: why });
    if (change === "altered") objects[key] = kind === "enum" ? withAllLabels(was!, is!) : was!;
    else if (change === "added" && kind === "column")
      objects[key] = { ...is!, fields: { ...is!.fields, notNull: false } };
    else if (change === "added") delete objects[key];
  }
  return {
    model: schemaModel(before.serverVersion, Object.values(objects), needsOfBoth(before, target)),
    breaks,
    obstacles,
  };
}

/** A column that goes has to bear that new code says nothing of it. */
function needsNoValue(object: SchemaObject, before: SchemaModel): SchemaObject {
  const { kind, of, fields } = object;
  if (kind !== "column" || fields.notNull !== true || fields.inherited === true) return object;
  if (["default", "identity", "generated"].some((name) => fields[name] !== undefined)) return object;
  const name = object.name.slice(String(fields.table).length + 1);
  const isKey = Object.values(before.objects).some(
    (other) => other.of === of && other.fields.type === "primary key" && list(other.fields.columns).includes(name),
  );
  return isKey ? object : { ...object, fields: { ...fields, notNull: false } };
}

/** The labels of both, those of before in their order, new ones where the new order has them. */
function withAllLabels(was: SchemaObject, is: SchemaObject): SchemaObject {
  const labels = list(was.fields.labels);
  const wanted = list(is.fields.labels);
  for (const [at, label] of wanted.entries()) {
    if (labels.includes(label)) continue;
    const previous = wanted.slice(0, at).findLast((one) => labels.includes(one));
    labels.splice(previous === undefined ? 0 : labels.indexOf(previous) + 1, 0, label);
  }
  return { ...is, fields: { ...is.fields, labels } };
}

function impossible({ change, kind, fields, after }: SchemaDifference): string | null {
  switch (kind) {
    case "policy":
      return "no order of deployments lets two versions of the code see different rows; only people can tell who may be shown less";
    case "table":
      return change === "altered" ? "row security and partitioning hold for old and new code alike" : null;
    case "grant":
      return change === "added" ? "a permission is there or not, for old and new code alike" : null;
    case "function":
      return change === "altered" && fields.includes("returns")
        ? "two functions cannot have the same name and arguments; give the one that returns another type a new name"
        : null;
    case "domain":
    case "composite_type":
      return change === "altered"
        ? "a type is the same for old and new code; make another one and change the columns to it"
        : null;
    case "column":
      return change === "altered" && fields.includes("generated") && after?.fields.generated !== undefined
        ? "a column is generated or written; add another one"
        : null;
    case "publication":
    case "extension":
    case "schema":
      return change === "altered" ? "it is the same for old and new code" : null;
    default:
      return null;
  }
}

function needsOfBoth(before: SchemaModel, target: SchemaModel): Record<string, string[]> {
  const needs: Record<string, string[]> = {};
  for (const model of [before, target]) {
    for (const [key, all] of Object.entries(model.dependencies ?? {}))
      needs[key] = [...new Set([...(needs[key] ?? []), ...all])];
  }
  return needs;
}
