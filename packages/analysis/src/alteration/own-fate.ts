import { changedFields } from "@change-mgmt/domain/schema/fields.ts";
import type { FieldValue, SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Fate } from "./fates.ts";
import { list } from "./field-list.ts";
import { hasIdentity, ownedSequence } from "./owned-sequences.ts";
import { parentsOf, type Sides } from "./sides.ts";

/** What becomes of an object that is on both sides, by itself; what cannot be done is told to `refuse`. */
export function ownFate(
  before: SchemaObject,
  after: SchemaObject,
  sides: Sides,
  refuse: (object: SchemaObject, reason: string) => void,
): Fate {
  const changed = changedFields(before, after);
  changed.delete("position");
  const beside = (...fields: string[]) => [...changed].every((name) => fields.includes(name));
  if (before.kind === "column") return columnFate(before, after, changed, sides);
  if (before.kind === "sequence" && hasIdentity(before, sides.from) !== hasIdentity(after, sides.to)) return "remake";
  const owned = changed.delete("owner");
  if (changed.size === 0) return owned ? "alter" : "keep";
  switch (before.kind) {
    case "enum":
      return isSubsequence(before.fields.labels, after.fields.labels) ? "alter" : "retype";
    case "domain":
      return changed.has("type") || changed.has("collation") ? "retype" : "alter";
    case "composite_type":
      if (appendsOnly(before.fields.attributes, after.fields.attributes)) return "alter";
      return compositeFate(after, sides, refuse);
    case "constraint":
      // From NOT VALID to valid; the definition says the former.
      if (changed.has("definition") && String(before.fields.definition) === `${after.fields.definition} NOT VALID`) {
        return beside("definition", "validated", "comment", "inherited", "partitionOf") ? "alter" : "remake";
      }
      return beside("comment", "indexComment", "inherited", "partitionOf", "replicaIdentity", "clustered", "columns")
        ? "alter"
        : "remake";
    case "index":
      return beside("comment", "partitionOf", "replicaIdentity", "clustered", "columnStatistics") ? "alter" : "remake";
    case "view":
      return startsWith(after.fields.columns, before.fields.columns) ? "alter" : "remake";
    case "materialized_view":
      return beside("comment", "options", "columnComments", "columnSettings", "unpopulated") ? "alter" : "remake";
    case "function":
      if (/^CREATE AGGREGATE/.test(String(before.fields.definition))) return beside("comment") ? "alter" : "remake";
      return beside("comment", "definition", "securityDefiner", "language") && sameRoutineKind(before, after)
        ? "alter"
        : "remake";
    case "trigger":
      return beside("comment", "fires", "inherited") ? "alter" : "remake";
    case "rule":
    case "event_trigger":
      return beside("comment", "fires") ? "alter" : "remake";
    case "statistics":
      return beside("comment") ? "alter" : "remake";
    case "policy": {
      const cleared = ["using", "check"].some((name) => changed.has(name) && after.fields[name] === undefined);
      return !cleared && beside("comment", "roles", "using", "check") ? "alter" : "remake";
    }
    case "publication":
      return changed.has("allTables") ? "remake" : "alter";
    case "table":
      if (parentsOf(after).length > 0 && after.fields.inherits !== undefined && changed.has("inherits")) {
        for (const key of sides.to.childrenOf(`table:${after.name}`)) {
          const column = sides.to.objects.get(key)!;
          if (column.kind === "column" && column.fields.inherited === true) {
            refuse(column, "the table exists already, and a column it comes to inherit would also be its own");
          }
        }
      }
      return "alter";
    default:
      return "alter";
  }
}

/** Columns of a composite type move over one by one; those with a default or of an array of it cannot. */
function compositeFate(
  after: SchemaObject,
  { from }: Sides,
  refuse: (object: SchemaObject, reason: string) => void,
): Fate {
  for (const key of from.neededBy(`composite_type:${after.name}`)) {
    const column = from.objects.get(key);
    if (
      column?.kind !== "column" ||
      (!String(column.fields.type).endsWith("[]") && column.fields.default === undefined)
    )
      continue;
    refuse(after, `its attributes change, and ${column.name} holds a list of it or has a default`);
  }
  return "retype";
}

function columnFate(
  before: SchemaObject,
  after: SchemaObject,
  changed: ReadonlySet<string>,
  { from, to }: Sides,
): Fate {
  const [was, is] = [before.fields.generated, after.fields.generated];
  const retyped = changed.has("type") && was !== undefined && is !== undefined;
  if (was !== is && (is !== undefined || String(was).startsWith("virtual"))) return "remake";
  if (retyped) return "remake";
  // The sequence behind an identity is part of the column.
  const sequence = (side: typeof from, column: SchemaObject) =>
    column.fields.identity === undefined ? undefined : ownedSequence(side, column)?.name;
  if (changed.has("identity") || sequence(from, before) !== sequence(to, after)) return "alter";
  return [...changed].some((name) => name !== "default") ? "alter" : "keep";
}

function sameRoutineKind(before: SchemaObject, after: SchemaObject): boolean {
  const kind = ({ fields }: SchemaObject) => /^CREATE (?:OR REPLACE )?(\w+)/.exec(String(fields.definition))?.[1];
  const window = ({ fields }: SchemaObject) => /\n WINDOW\b/.test(String(fields.definition));
  return kind(before) === kind(after) && window(before) === window(after);
}

function isSubsequence(part: FieldValue | undefined, whole: FieldValue | undefined): boolean {
  const rest = list(part);
  for (const item of list(whole)) if (item === rest[0]) rest.shift();
  return rest.length === 0;
}

/** Attributes are `name type`; those that stay keep their order and type, and new ones come last. */
function appendsOnly(before: FieldValue | undefined, after: FieldValue | undefined): boolean {
  const [was, is] = [list(before), list(after)];
  const kept = was.filter((attribute) => is.includes(attribute));
  const reused = is.slice(kept.length).some((one) => was.some((old) => attributeName(old) === attributeName(one)));
  return !reused && kept.every((attribute, at) => is[at] === attribute);
}

/** The name of a composite type's attribute given as `name type`. */
export function attributeName(attribute: string): string {
  return /^(?:"(?:[^"]|"")*"|\S+)/.exec(attribute)![0];
}

function startsWith(whole: FieldValue | undefined, part: FieldValue | undefined): boolean {
  return list(part).every((item, at) => list(whole)[at] === item);
}
