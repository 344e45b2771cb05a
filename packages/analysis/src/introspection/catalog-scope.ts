import type { FieldValue, ObjectKind, SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { QueryFunction } from "./query-function.ts";
import { STEADY_SETTINGS } from "./steady-settings.ts";

type Row = Readonly<Record<string, unknown>>;

/** One introspection: whom to ask and which schemas to leave out. */
export interface CatalogScope {
  readonly query: QueryFunction;
  readonly ignoreSchemas: readonly string[];
  /** Keys of the objects by the catalog that keeps them (`pg_class`) and their place in it, filled in by the readers. */
  readonly keys: Map<string, Map<number, string>>;
}

/** An object's place in its catalog as one number: its oid, and the column it is where it is one. */
export function place(oid: number, sub: number): number {
  return oid * 4096 + sub;
}

/** Remembers where the catalog keeps an object, so that dependencies can be told by keys. */
export function located(scope: CatalogScope, catalog: string, oid: unknown, key: string, sub: unknown = 0): void {
  const keys = scope.keys.get(catalog);
  const at = place(Number(oid), Number(sub));
  if (keys) keys.set(at, key);
  else scope.keys.set(catalog, new Map([[at, key]]));
}

/** A catalog query with `$1` = ignored schemas; `where` and what follows it are appended to the steady conditions. */
export async function readCatalog(scope: CatalogScope, select: string, where: string): Promise<Row[]> {
  const { rows } = await scope.query(`${select} where ${STEADY_SETTINGS} and ${where}`, [scope.ignoreSchemas]);
  return rows;
}

/** Condition: a schema of the user's own. */
export const OWN_SCHEMA = "n.nspname <> all ($1::text[]) and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

/** Condition: the object is not a member of an extension. */
export function notOfExtension(catalog: string, oid: string): string {
  return `not exists (select from pg_catalog.pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;
}

/** Join that gives an object's comment as `d.description`. */
export function comment(catalog: string, oid: string, sub = "0"): string {
  return `left join pg_catalog.pg_description d on d.classoid = '${catalog}'::regclass and d.objoid = ${oid} and d.objsubid = ${sub}`;
}

/** Makes an object; fields without a value are left out. */
export function schemaObject(kind: ObjectKind, name: string, of: string | null, fields: Row): SchemaObject {
  const given: Record<string, FieldValue> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== null && value !== undefined) given[name] = value as FieldValue;
  }
  return of === null ? { kind, name, fields: given } : { kind, name, of, fields: given };
}

/** A text column of a catalog row. */
export function text(row: Row, name: string): string {
  return row[name] as string;
}
