import type { SchemaModel, SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { RenameProposal } from "./alteration.ts";

/** Pairs of a table or column that goes and one that comes, which look like one under two names; each side is in one pair at most. */
export function proposeRenames(from: SchemaModel, to: SchemaModel): RenameProposal[] {
  const [gone, come] = [only(from, to), only(to, from)];
  const looks = (objects: readonly SchemaObject[], model: SchemaModel) => {
    const tables = new Set(objects.filter(({ kind }) => kind === "table").map(({ name }) => name));
    const columns = columnsOf(tables, model);
    return ({ name }: SchemaObject) => columns.get(name) ?? `none ${name}`;
  };
  const tables = pairs("table", gone, come, looks(gone, from), looks(come, to));
  const column = ({ of, fields }: SchemaObject) => `${of} ${fields.type} ${fields.notNull}`;
  const columns = pairs("column", gone, come, column, column);
  return [
    ...tables,
    ...columns.filter(({ from: name }) => to.objects[from.objects[`column:${name}`]!.of!] !== undefined),
  ];
}

/** What one model has and the other has not. */
function only(model: SchemaModel, other: SchemaModel): SchemaObject[] {
  const found: SchemaObject[] = [];
  for (const key in model.objects) if (other.objects[key] === undefined) found.push(model.objects[key]!);
  return found;
}

/** The columns of some tables, each table's as one text. */
function columnsOf(tables: ReadonlySet<string>, model: SchemaModel): Map<string, string> {
  const found = new Map<string, string[]>();
  if (tables.size === 0) return new Map();
  for (const key in model.objects) {
    const { kind, name, fields } = model.objects[key]!;
    if (kind !== "column" || !tables.has(String(fields.table))) continue;
    const table = String(fields.table);
    const text = `${name.slice(table.length)} ${fields.type}`;
    const columns = found.get(table);
    if (columns) columns.push(text);
    else found.set(table, [text]);
  }
  return new Map([...found].map(([table, columns]) => [table, columns.sort().join(", ")]));
}

/** Only where one looks like exactly one. */
function pairs(
  kind: RenameProposal["kind"],
  gone: readonly SchemaObject[],
  come: readonly SchemaObject[],
  before: (object: SchemaObject) => string,
  after: (object: SchemaObject) => string,
): RenameProposal[] {
  const shapes = (objects: readonly SchemaObject[], shape: (object: SchemaObject) => string) => {
    const found = new Map<string, SchemaObject[]>();
    for (const object of objects) {
      if (object.kind !== kind) continue;
      const look = shape(object);
      const alike = found.get(look);
      if (alike) alike.push(object);
      else found.set(look, [object]);
    }
    return found;
  };
  const others = shapes(come, after);
  return [...shapes(gone, before)].flatMap(([look, objects]) => {
    const there = others.get(look) ?? [];
    return objects.length === 1 && there.length === 1 ? [{ kind, from: objects[0]!.name, to: there[0]!.name }] : [];
  });
}
