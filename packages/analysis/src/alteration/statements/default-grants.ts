import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "../alteration.ts";
import { list } from "../field-list.ts";
import { nameParts } from "../identifiers.ts";
import type { Sides } from "../sides.ts";
import { aclItem, changeDefaults, revokeAll, standardGrant } from "./permissions.ts";

const LETTER: Readonly<Record<string, string>> = {
  table: "r",
  view: "r",
  materialized_view: "r",
  sequence: "S",
  function: "f",
  enum: "T",
  domain: "T",
  composite_type: "T",
  schema: "n",
};

/** Takes back what default privileges in force give on an object that is made, so that its own grants say all there is. */
export function defaultsTaken(object: SchemaObject, sides: Sides): Draft[] {
  const letter = LETTER[object.kind];
  if (letter === undefined) return [];
  const schema = object.kind === "schema" ? undefined : nameParts(object.name)[0];
  const drafts = new Map<string, Draft>();
  for (const { fields } of inForce(sides, schema)) {
    if (fields.objects !== letter) continue;
    const grantees = list(fields.privileges).map((item) => aclItem(item)[0]);
    for (const grantee of grantees) {
      const standard = grantee === "" && standardGrant(object) !== undefined;
      if (grantee !== fields.role && !standard)
        drafts.set(grantee, revokeAll(object, grantee === "" ? "PUBLIC" : grantee));
    }
    const missing = fields.schema === undefined && !grantees.includes("") ? standardGrant(object) : undefined;
    if (missing && !sides.to.objects.has(`grant:${object.kind} ${object.name} to PUBLIC`))
      drafts.set("PUBLIC", missing);
  }
  return [...drafts.values()];
}

/** What makes an extension, with default privileges out of force meanwhile: what its script makes is not known by name. */
export function pastDefaults(extension: SchemaObject, drafts: readonly Draft[], sides: Sides): Draft[] {
  const entries = inForce(sides, String(extension.fields.schema));
  return [
    ...entries.flatMap((entry) => changeDefaults(entry, undefined)),
    ...drafts,
    ...entries.flatMap((entry) => changeDefaults(undefined, entry)),
  ];
}

/** Default privileges that hold in a schema while things are made: those that go or change did so before, and new ones come last. */
function inForce({ from, to }: Sides, schema: string | undefined): SchemaObject[] {
  return from.keysOf("default_privileges").flatMap((key) => {
    const entry = to.objects.get(key);
    const holds = entry && (entry.fields.schema === undefined || entry.fields.schema === schema);
    return holds ? [entry] : [];
  });
}
