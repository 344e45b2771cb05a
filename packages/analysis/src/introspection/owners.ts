import { objectKey, type SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { type CatalogScope, place, readCatalog, text } from "./catalog-scope.ts";

/** Whose an object is. */
export interface Owner {
  readonly role: string;
  /** Whether it says something of the object: it is another than the role that asks, of an object that did not come with the database. */
  readonly telling: boolean;
}

const OWNED: readonly (readonly [catalog: string, owner: string, where: string])[] = [
  ["pg_class", "relowner", "o.relkind in ('r', 'p', 'v', 'm', 'S', 'f')"],
  ["pg_namespace", "nspowner", "true"],
  ["pg_proc", "proowner", "true"],
  [
    "pg_type",
    "typowner",
    "o.typtype in ('e', 'd') or (o.typtype = 'c' and o.typrelid in (select oid from pg_catalog.pg_class where relkind = 'c'))",
  ],
  ["pg_statistic_ext", "stxowner", "true"],
  ["pg_event_trigger", "evtowner", "true"],
  ["pg_publication", "pubowner", "true"],
];

/** The owners of the objects that were read, by keys; what has its table's owner, as an index does, is not among them. */
export async function readOwners(scope: CatalogScope): Promise<ReadonlyMap<string, Owner>> {
  const each = OWNED.map(
    ([catalog, owner, where]) =>
      `select '${catalog}' as catalog, o.oid, o.${owner} as owner from pg_catalog.${catalog} o where ${where}`,
  );
  const rows = await readCatalog(
    scope,
    `select f.catalog, f.oid, pg_get_userbyid(f.owner)::text as role,
       f.oid >= 16384 and f.owner <> (select r.oid from pg_catalog.pg_roles r where r.rolname = current_user) as telling
     from (${each.join(" union all ")}) f`,
    "$1::text[] is not null",
  );
  const owners = new Map<string, Owner>();
  for (const row of rows) {
    const key = scope.keys.get(text(row, "catalog"))?.get(place(Number(row.oid), 0));
    if (key !== undefined) owners.set(key, { role: text(row, "role"), telling: row.telling === true });
  }
  return owners;
}

/** The objects with their owners, where that is another than the role that asks; what it owns itself says nothing of it. */
export function withOwners(objects: readonly SchemaObject[], owners: ReadonlyMap<string, Owner>): SchemaObject[] {
  return objects.map((object) => {
    const owner = owners.get(objectKey(object.kind, object.name));
    return owner?.telling ? { ...object, fields: { ...object.fields, owner: owner.role } } : object;
  });
}
