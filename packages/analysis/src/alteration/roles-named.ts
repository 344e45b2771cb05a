import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { list } from "./field-list.ts";
import { aclItem } from "./statements/permissions.ts";

/** The roles that permissions and policies of schemas speak of, which no schema has. */
export function rolesNamed(models: readonly SchemaModel[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { kind, fields } of models.flatMap((model) => Object.values(model.objects))) {
    if (kind === "grant") names.add(String(fields.grantee));
    if (kind === "policy") for (const role of list(fields.roles)) names.add(role);
    if (kind !== "default_privileges") continue;
    names.add(String(fields.role));
    for (const item of list(fields.privileges)) names.add(aclItem(item)[0]);
  }
  for (const everybody of ["PUBLIC", ""]) names.delete(everybody);
  return names;
}
