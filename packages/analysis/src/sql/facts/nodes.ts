import type { Name } from "@change-mgmt/domain/schema/rules/actions.ts";

/** Fields of a parse tree node. */
export type Fields = Readonly<Record<string, unknown>>;

/** The type of a node and its fields: `["ColumnDef", {…}]`. */
export function only(node: unknown): readonly [string, Fields] {
  const [entry] = Object.entries((node ?? {}) as Fields);
  return [entry?.[0] ?? "", (entry?.[1] ?? {}) as Fields];
}

/** The fields of a node of the given type; undefined for any other. */
export function as(type: string, node: unknown): Fields | undefined {
  return (node as Fields | undefined)?.[type] as Fields | undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The text of a String node; null for any other. */
export function string(node: unknown): string | null {
  return text(as("String", node)?.sval);
}

/** The parts of a name that is given as a list of String nodes or wrapped in a List, TypeName or ObjectWithArgs node. */
export function parts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => string(item) ?? []);
  const [type, fields] = only(value);
  if (type === "String") return [String(fields.sval)];
  if (type === "List") return parts(fields.items);
  if (type === "TypeName") return parts(fields.names).filter((part, at) => at > 0 || part !== "pg_catalog");
  return type === "ObjectWithArgs" ? parts(fields.objname) : [];
}

/** A name from its parts; a database in front is left out. */
export function nameOf(names: readonly string[]): Name {
  return { schema: names.at(-2) ?? null, name: names.at(-1) ?? "" };
}

/** The name of a RangeVar, bare or wrapped. */
export function relation(value: unknown): Name {
  const fields = as("RangeVar", value) ?? (value as Fields | undefined) ?? {};
  return {
    schema: text(fields.schemaname) ?? (fields.relpersistence === "t" ? "pg_temp" : null),
    name: text(fields.relname) ?? "",
  };
}

/** `OBJECT_MATVIEW` in words. */
export function objectWord(type: unknown): string {
  const word = String(type)
    .replace(/^OBJECT_/, "")
    .toLowerCase()
    .replaceAll("_", " ");
  const words: Readonly<Record<string, string>> = { matview: "materialized view", tabconstraint: "constraint" };
  return words[word] ?? word;
}

/** The options of a statement by name: `[name, argument]`. */
export function options(value: unknown): (readonly [string, unknown])[] {
  return list(value).flatMap((item) => {
    const element = as("DefElem", item);
    return element ? [[String(element.defname), element.arg] as const] : [];
  });
}

/** Whether an option that may stand alone is switched on. */
export function isOn(argument: unknown): boolean {
  if (argument === undefined) return true;
  const [type, fields] = only(argument);
  if (type === "Boolean") return fields.boolval === true;
  const word = String(fields.sval ?? fields.ival ?? (type === "Integer" ? 0 : "true")).toLowerCase();
  return !["false", "off", "no", "0"].includes(word);
}

/** The value of an A_Const node: undefined when it is none. */
export function constant(node: unknown): string | number | boolean | null | undefined {
  const fields = as("A_Const", node);
  if (fields === undefined) return undefined;
  if (fields.isnull === true) return null;
  const number = fields.ival as Fields | undefined;
  if (number) return Number(number.ival ?? 0);
  const decimal = fields.fval as Fields | undefined;
  if (decimal) return Number(decimal.fval);
  const truth = fields.boolval as Fields | undefined;
  if (truth) return truth.boolval === true;
  return text((fields.sval as Fields | undefined)?.sval) ?? "";
}

/** Every fields object in a tree, from the outside in. */
export function walk(value: unknown): Fields[] {
  const found: Fields[] = [];
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Fields[]): void {
  if (value === null || typeof value !== "object") return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
    return;
  }
  found.push(value as Fields);
  for (const key in value) collect((value as Fields)[key], found);
}

/** The roles of a list of RoleSpec nodes; `public` for everybody. */
export function roles(value: unknown): string[] {
  return list(value).map((item) => {
    const spec = as("RoleSpec", item) ?? {};
    return spec.roletype === "ROLESPEC_PUBLIC"
      ? "public"
      : (text(spec.rolename) ?? String(spec.roletype).toLowerCase());
  });
}
