import type { FieldValue, SchemaObject } from "./model.ts";

/** Whether two values of a field are equal; one that is missing equals null. */
export function sameValue(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => item === b[at]);
  return (a ?? null) === (b ?? null);
}

/** Names of the fields in which two objects differ, in no particular order. */
export function changedFields(before: SchemaObject, after: SchemaObject): Set<string> {
  const changed = new Set<string>();
  for (const name in before.fields) if (!sameValue(before.fields[name], after.fields[name])) changed.add(name);
  for (const name in after.fields) if (!sameValue(before.fields[name], after.fields[name])) changed.add(name);
  return changed;
}
