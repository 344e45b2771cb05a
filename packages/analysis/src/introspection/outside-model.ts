import type { OutsideModel } from "@change-mgmt/domain/schema/model.ts";
import { type CatalogScope, place, readCatalog, text } from "./catalog-scope.ts";

const TABLESPACE = "(select ts.spcname::text from pg_catalog.pg_tablespace ts where ts.oid = c.reltablespace)";
const OWNER = (role: string) => `pg_get_userbyid(${role})::text`;

/** Owners and tablespaces of the objects that were read, by keys; an index has its table's owner, and what is in the database's own tablespace names none. */
export async function readOutsideModel(scope: CatalogScope): Promise<Record<string, OutsideModel>> {
  const rows = await readCatalog(
    scope,
    `select o.* from (
       select 'pg_class' as catalog, c.oid, case when c.relkind not in ('i', 'I') then ${OWNER("c.relowner")} end as owner, ${TABLESPACE} as tablespace
       from pg_catalog.pg_class c where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
       union all
       select 'pg_constraint', k.oid, null, ${TABLESPACE} from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conindid where k.contype in ('p', 'u', 'x')
       union all select 'pg_proc', p.oid, ${OWNER("p.proowner")}, null from pg_catalog.pg_proc p
       union all select 'pg_type', t.oid, ${OWNER("t.typowner")}, null from pg_catalog.pg_type t where t.typtype in ('e', 'd')
       union all select 'pg_namespace', n.oid, ${OWNER("n.nspowner")}, null from pg_catalog.pg_namespace n
     ) o`,
    "$1::text[] is not null",
  );
  const found: Record<string, OutsideModel> = {};
  for (const row of rows) {
    const key = scope.keys.get(text(row, "catalog"))?.get(place(Number(row.oid), 0));
    if (key === undefined || (row.owner === null && row.tablespace === null)) continue;
    found[key] = {
      ...(row.owner === null ? {} : { owner: text(row, "owner") }),
      ...(row.tablespace === null ? {} : { tablespace: text(row, "tablespace") }),
    };
  }
  return found;
}
