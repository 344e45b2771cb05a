import { changedFields } from "./fields.ts";
import type { FieldValue, ObjectKind, SchemaModel, SchemaObject } from "./model.ts";

/** One fact that tells two schemas apart, without judgement. */
export interface SchemaDifference {
  readonly change: "added" | "removed" | "altered";
  readonly kind: ObjectKind;
  /** Qualified name of the object. */
  readonly object: string;
  /** In words: which fields differ, from what to what. */
  readonly detail: string;
  /** The fields that differ when altered; `columnOrder` on a table means only the order of its columns. */
  readonly fields: readonly string[];
  readonly before: SchemaObject | null;
  readonly after: SchemaObject | null;
}

/** How well a schema was restored; `column-order` means that nothing differs but the order of columns. */
export type SchemaEquality = "exact" | "column-order" | "differs";

/**
 * The differences that lead from one schema to the other, in the order of their keys.
 * What comes or goes with its table, view or schema is not listed again.
 */
export function diffSchemas(from: SchemaModel, to: SchemaModel): SchemaDifference[] {
  const differences: SchemaDifference[] = [];
  const reordered = columnOrders(from, to);
  for (const key of keysOfEither(from, to)) {
    const before = from.objects[key] ?? null;
    const after = to.objects[key] ?? null;
    if (before && after) {
      const difference = altered(before, after);
      if (difference) differences.push(difference);
      const order = reordered.get(key);
      if (order) {
        const detail = `column order ${order.before.join(", ")} → ${order.after.join(", ")}`;
        differences.push({ ...about(after), change: "altered", detail, fields: ["columnOrder"], before, after });
      }
    } else if (after) {
      if (!goesWithAnother(after, to, from)) differences.push(one("added", after, null, after));
    } else if (before && !goesWithAnother(before, from, to)) {
      differences.push(one("removed", before, before, null));
    }
  }
  return differences;
}

/** Keys of both models in order, each once; a model has its own in order already. */
function* keysOfEither(from: SchemaModel, to: SchemaModel): Generator<string> {
  const [some, others] = [Object.keys(from.objects), Object.keys(to.objects)];
  for (let [a, b] = [0, 0]; a < some.length || b < others.length; ) {
    const [one, other] = [some[a], others[b]];
    // As long as this goes on, one of the two is there.
    const next = other === undefined || (one !== undefined && one <= other) ? one! : other;
    yield next;
    if (one === next) a++;
    if (other === next) b++;
  }
}

/** Whether two schemas are equal, and if not, whether only the order of columns differs. */
export function compareSchemas(before: SchemaModel, after: SchemaModel): SchemaEquality {
  const differences = diffSchemas(before, after);
  if (differences.length === 0) return "exact";
  return differences.every((difference) => difference.fields.includes("columnOrder")) ? "column-order" : "differs";
}

function about(object: SchemaObject): { kind: ObjectKind; object: string } {
  return { kind: object.kind, object: object.name };
}

function one(
  change: "added" | "removed",
  object: SchemaObject,
  before: SchemaObject | null,
  after: SchemaObject | null,
): SchemaDifference {
  const type = object.fields.type;
  const detail = `${words(object.kind)} ${change}${typeof type === "string" ? ` (${type})` : ""}`;
  return { ...about(object), change, detail, fields: [], before, after };
}

/** True when an ancestor is missing from the other schema too: the ancestor's difference says it all. */
function goesWithAnother(object: SchemaObject, own: SchemaModel, other: SchemaModel): boolean {
  for (let of = object.of; of !== undefined; of = own.objects[of]?.of) {
    if (own.objects[of] && !other.objects[of]) return true;
  }
  return false;
}

function altered(before: SchemaObject, after: SchemaObject): SchemaDifference | null {
  const changed = changedFields(before, after);
  // Positions shift when a neighbour comes or goes; order is compared per table instead.
  changed.delete("position");
  if (changed.size === 0) return null;
  const fields = [...changed].sort();
  const detail = fields.map((name) => describe(name, before.fields[name], after.fields[name])).join("; ");
  return { ...about(after), change: "altered", detail, fields, before, after };
}

const LONG = 120;

function describe(name: string, from: FieldValue | undefined, to: FieldValue | undefined): string {
  if (Array.isArray(from) && Array.isArray(to)) {
    const gone = from.filter((item) => !to.includes(item)).map((item) => `−${item}`);
    const come = to.filter((item) => !from.includes(item)).map((item) => `+${item}`);
    const changed = [...gone, ...come];
    return `${words(name)} ${changed.length > 0 ? changed.join(", ") : `reordered to ${to.join(", ")}`}`;
  }
  const [was, is] = [show(from), show(to)];
  const tooLong = was.length + is.length > LONG || `${was}${is}`.includes("\n");
  return tooLong ? `${words(name)} changed` : `${words(name)} ${was} → ${is}`;
}

function show(value: FieldValue | undefined): string {
  if (value === undefined || value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function words(name: string): string {
  return name
    .replace(/([A-Z])/g, " $1")
    .replaceAll("_", " ")
    .toLowerCase();
}

/** Tables whose common columns stand in another order. */
function columnOrders(from: SchemaModel, to: SchemaModel): Map<string, { before: string[]; after: string[] }> {
  const tables = new Map<string, { was: SchemaObject; is: SchemaObject }[]>();
  for (const key in from.objects) {
    const [was, is] = [from.objects[key]!, to.objects[key]];
    if (was.kind !== "column" || was.of === undefined || is === undefined) continue;
    const columns = tables.get(was.of);
    if (columns) columns.push({ was, is });
    else tables.set(was.of, [{ was, is }]);
  }
  const orders = new Map<string, { before: string[]; after: string[] }>();
  for (const [table, columns] of tables) {
    columns.sort((a, b) => Number(a.was.fields.position) - Number(b.was.fields.position));
    const moves = columns.some(
      ({ is }, at) => at > 0 && Number(columns[at - 1]!.is.fields.position) > Number(is.fields.position),
    );
    if (!moves) continue;
    const names = () => columns.map(({ was }) => was.name.slice(table.length - table.indexOf(":")));
    const before = names();
    columns.sort((a, b) => Number(a.is.fields.position) - Number(b.is.fields.position));
    orders.set(table, { before, after: names() });
  }
  return orders;
}
