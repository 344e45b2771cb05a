import type { FieldValue } from "@change-mgmt/domain/schema/model.ts";

/** The items of a field that is a list; none where it is not. */
export function list(value: FieldValue | undefined): string[] {
  return Array.isArray(value) ? [...(value as readonly string[])] : [];
}
