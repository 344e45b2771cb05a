import type { FieldValue, ObjectKind, SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { QueryFunction } from "./query-function.ts";
import { STEADY_SETTINGS } from "./steady-settings.ts";

type Row = Readonly<Record<string, unknown>>;

/** One introspection: whom to ask and which schemas to leave out. */
export interface CatalogScope {
  readonly query: QueryFunction;
  readonly ignoreSchemas: readonly string[];
  /** Keys of the objects by where the catalog keeps them (`pg_class 16400 0`), filled in by the readers. */
  readonly keys: Map<string, string>;
}

/** Remembers where the catalog keeps an object, so that dependencies can be told by keys. */
export function located(scope: CatalogScope, catalog: string, oid: unknown, key: string, sub: unknown = 0): void {
  scope.keys.set(`${catalog} ${oid} ${sub}`, key);
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
  const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return {
    kind,
    name,
    ...(of === null ? {} : { of }),
    fields: Object.fromEntries(given) as Record<string, FieldValue>,
  };
}

/** A text column of a catalog row. */
export function text(row: Row, name: string): string {
  return row[name] as string;
}
