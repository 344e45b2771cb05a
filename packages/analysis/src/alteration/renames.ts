import type { SchemaModel, SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { RenameProposal } from "./alteration.ts";

/** Pairs of a table or column that goes and one that comes, which look like one under two names; each side is in one pair at most. */
export function proposeRenames(from: SchemaModel, to: SchemaModel): RenameProposal[] {
  const only = (model: SchemaModel, other: SchemaModel) =>
    Object.entries(model.objects).flatMap(([key, object]) => (other.objects[key] === undefined ? [object] : []));
  const [gone, come] = [only(from, to), only(to, from)];
  const tables = pairs("table", gone, come, (object, model) => columnsOf(object, model), from, to);
  const columns = pairs(
    "column",
    gone,
    come,
    (object) => `${object.of} ${object.fields.type} ${object.fields.notNull}`,
    from,
    to,
  );
  return [
    ...tables,
    ...columns.filter(({ from: name }) => to.objects[from.objects[`column:${name}`]!.of!] !== undefined),
  ];
}

function columnsOf(table: SchemaObject, model: SchemaModel): string {
  const columns = Object.values(model.objects).filter(
    ({ kind, fields }) => kind === "column" && fields.table === table.name,
  );
  if (columns.length === 0) return `none ${table.name}`;
  return columns
    .map(({ name, fields }) => `${name.slice(table.name.length)} ${fields.type}`)
    .sort()
    .join(", ");
}

/** Only where one looks like exactly one. */
function pairs(
  kind: RenameProposal["kind"],
  gone: readonly SchemaObject[],
  come: readonly SchemaObject[],
  shape: (object: SchemaObject, model: SchemaModel) => string,
  from: SchemaModel,
  to: SchemaModel,
): RenameProposal[] {
  const shapes = (objects: readonly SchemaObject[], model: SchemaModel) => {
    const found = new Map<string, SchemaObject[]>();
    for (const object of objects) {
      if (object.kind !== kind) continue;
      const look = shape(object, model);
      found.set(look, [...(found.get(look) ?? []), object]);
    }
    return found;
  };
  const others = shapes(come, to);
  return [...shapes(gone, from)].flatMap(([look, objects]) => {
    const there = others.get(look) ?? [];
    return objects.length === 1 && there.length === 1 ? [{ kind, from: objects[0]!.name, to: there[0]!.name }] : [];
  });
}
