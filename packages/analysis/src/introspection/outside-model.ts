import type { OutsideModel } from "@change-mgmt/domain/schema/model.ts";
import { type CatalogScope, place, readCatalog, text } from "./catalog-scope.ts";
import type { Owner } from "./owners.ts";

/** The objects that were read with their owners and tablespaces, by keys; what is in the database's own tablespace names none. */
export async function readOutsideModel(
  scope: CatalogScope,
  owners: ReadonlyMap<string, Owner>,
): Promise<Record<string, OutsideModel>> {
  const rows = await readCatalog(
    scope,
    `select o.catalog, o.oid, ts.spcname::text as tablespace from (
       select 'pg_class' as catalog, c.oid, c.reltablespace from pg_catalog.pg_class c
       union all
       select 'pg_constraint', k.oid, c.reltablespace from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conindid where k.contype in ('p', 'u', 'x')
     ) o join pg_catalog.pg_tablespace ts on ts.oid = o.reltablespace`,
    "$1::text[] is not null",
  );
  const found: Record<string, OutsideModel> = {};
  for (const [key, { role }] of owners) found[key] = { owner: role };
  for (const row of rows) {
    const key = scope.keys.get(text(row, "catalog"))?.get(place(Number(row.oid), 0));
    if (key !== undefined) found[key] = { ...found[key], tablespace: text(row, "tablespace") };
  }
  return found;
}
