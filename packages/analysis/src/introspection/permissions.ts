import { type ObjectKind, objectKey, qualifiedName, type SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { type CatalogScope, notOfExtension, OWN_SCHEMA, readCatalog, schemaObject, text } from "./catalog-scope.ts";

/**
 * Permissions given to others than the owner, one object a grantee; an empty list means that what PUBLIC has by default was revoked.
 * MAINTAIN is left out: Postgres 17 adds it to every GRANT ALL, and older majors do not know it.
 */
export async function readGrants(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select * from (
       with objects as (
         select case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' when 'S' then 'sequence' else 'table' end as kind,
           n.nspname::text as schema, c.relname::text as name, null::text as sub, c.relacl as acl, c.relowner as owner, null::text as everyone
         from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relacl is not null and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}
         union all
         select 'column', n.nspname, c.relname, a.attname, a.attacl, c.relowner, null
         from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where a.attacl is not null and not a.attisdropped and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}
         union all
         select 'function', n.nspname, p.proname, oidvectortypes(p.proargtypes), p.proacl, p.proowner, 'EXECUTE'
         from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
         where p.proacl is not null and ${OWN_SCHEMA} and ${notOfExtension("pg_proc", "p.oid")}
         union all
         select case t.typtype when 'e' then 'enum' when 'd' then 'domain' else 'composite_type' end, n.nspname, t.typname, null, t.typacl, t.typowner, 'USAGE'
         from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
         where t.typacl is not null and ${OWN_SCHEMA} and ${notOfExtension("pg_type", "t.oid")}
         union all
         select 'schema', n.nspname, null, null, n.nspacl, n.nspowner, null
         from pg_catalog.pg_namespace n where n.nspacl is not null and ${OWN_SCHEMA} and ${notOfExtension("pg_namespace", "n.oid")}
       )
       select o.kind, o.schema, o.name, o.sub, g.grantee, g.privileges from objects o
       cross join lateral (
         select case when x.grantee = 0 then 'PUBLIC' else pg_get_userbyid(x.grantee)::text end as grantee,
           array_agg(x.privilege_type || case when x.is_grantable then '*' else '' end order by x.privilege_type) as privileges
         from aclexplode(o.acl) x where x.grantee <> o.owner and x.privilege_type <> 'MAINTAIN'
         group by x.grantee
         having not (x.grantee = 0 and o.everyone is not null and array_agg(x.privilege_type) = array[o.everyone])
       ) g
       union all
       select o.kind, o.schema, o.name, o.sub, 'PUBLIC', '{}'::text[] from objects o
       where o.everyone is not null and not exists (select from aclexplode(o.acl) x where x.grantee = 0)
     ) found`,
    "true",
  );
  return rows.map((row) => {
    const kind = row.kind as ObjectKind;
    const on = objectName(kind, row);
    const grantee = text(row, "grantee");
    const fields = { on: `${kind} ${on}`, grantee, privileges: row.privileges };
    return schemaObject("grant", `${kind} ${on} to ${grantee}`, objectKey(kind, on), fields);
  });
}

/** What objects made in future will permit to whom (ALTER DEFAULT PRIVILEGES). */
export async function readDefaultPrivileges(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select pg_get_userbyid(a.defaclrole)::text as role, n.nspname::text as schema, a.defaclobjtype::text as type,
       (select array_agg(x::text order by x::text) from unnest(a.defaclacl) x) as privileges
     from pg_catalog.pg_default_acl a left join pg_catalog.pg_namespace n on n.oid = a.defaclnamespace`,
    `(n.nspname is null or (${OWN_SCHEMA}))`,
  );
  return rows.map((row) => {
    const where = row.schema === null ? "everywhere" : qualifiedName(text(row, "schema"));
    return schemaObject("default_privileges", `${row.role} ${where} ${row.type}`, null, {
      role: row.role,
      schema: row.schema,
      objects: row.type,
      privileges: row.privileges ?? [],
    });
  });
}

function objectName(kind: ObjectKind, row: Readonly<Record<string, unknown>>): string {
  const parts = [row.schema, row.name].filter((part): part is string => typeof part === "string");
  if (kind === "function") return `${qualifiedName(...parts)}(${text(row, "sub")})`;
  return qualifiedName(...parts, ...(typeof row.sub === "string" ? [row.sub] : []));
}
