import { type ObjectKind, objectKey, qualifiedName, type SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { type CatalogScope, notOfExtension, OWN_SCHEMA, readCatalog, schemaObject, text } from "./catalog-scope.ts";

/** Conditions that a row of the catalogs below has to meet, with the extension it is a member of as `m.extension`. */
const MEMBER = (catalog: string, oid: string) =>
  `left join lateral (select x.extname::text as extension, i.initprivs as initial from pg_catalog.pg_depend e join pg_catalog.pg_extension x on x.oid = e.refobjid
     left join pg_catalog.pg_init_privs i on i.classoid = e.classid and i.objoid = e.objid and i.objsubid = 0
     where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e') m on true`;

/** Privileges by grantee of an aclitem array, the owner's own left out. */
const EXPLODED = (acl: string) =>
  `select case when x.grantee = 0 then 'PUBLIC' else pg_get_userbyid(x.grantee)::text end as grantee,
     array_agg(x.privilege_type || case when x.is_grantable then '*' else '' end order by x.privilege_type) as privileges
   from aclexplode(${acl}) x where x.grantee <> o.owner and x.privilege_type <> 'MAINTAIN' group by x.grantee`;

/**
 * Permissions given to others than the owner, one object a grantee; an empty list means that what PUBLIC has by default was revoked.
 * Of the members of an extension what its own script gave is left out, and told as `initially` where something else is in force.
 * MAINTAIN is left out: Postgres 17 adds it to every GRANT ALL, and older majors do not know it.
 */
export async function readGrants(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select * from (
       with objects as (
         select case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' when 'S' then 'sequence' else 'table' end as kind,
           n.nspname::text as schema, c.relname::text as name, null::text as sub, c.relacl as acl, c.relowner as owner, null::text as everyone, m.extension, m.initial
         from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace ${MEMBER("pg_class", "c.oid")}
         where c.relacl is not null and ${OWN_SCHEMA}
         union all
         select 'column', n.nspname, c.relname, a.attname, a.attacl, c.relowner, null, null, null
         from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where a.attacl is not null and not a.attisdropped and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}
         union all
         select 'function', n.nspname, p.proname, oidvectortypes(p.proargtypes), p.proacl, p.proowner, 'EXECUTE', m.extension, m.initial
         from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace ${MEMBER("pg_proc", "p.oid")}
         where p.proacl is not null and ${OWN_SCHEMA}
         union all
         select case t.typtype when 'e' then 'enum' when 'd' then 'domain' else 'composite_type' end, n.nspname, t.typname, null, t.typacl, t.typowner, 'USAGE',
           m.extension, m.initial
         from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace ${MEMBER("pg_type", "t.oid")}
         where t.typacl is not null and ${OWN_SCHEMA}
         union all
         select 'schema', n.nspname, null, null, n.nspacl, n.nspowner, null, null, null
         from pg_catalog.pg_namespace n where n.nspacl is not null and ${OWN_SCHEMA} and ${notOfExtension("pg_namespace", "n.oid")}
       )
       select o.kind, o.schema, o.name, o.sub, o.extension, g.grantee, g.privileges, null::text[] as initially from objects o
       cross join lateral (${EXPLODED("o.acl")}) g
       where o.initial is null and not (g.grantee = 'PUBLIC' and o.everyone is not null and g.privileges = array[o.everyone])
       union all
       select o.kind, o.schema, o.name, o.sub, o.extension, 'PUBLIC', '{}'::text[], null from objects o
       where o.initial is null and o.everyone is not null and not exists (select from aclexplode(o.acl) x where x.grantee = 0)
       union all
       select o.kind, o.schema, o.name, o.sub, o.extension, g.grantee, g.privileges, g.initially from objects o
       cross join lateral (
         select coalesce(b.grantee, i.grantee) as grantee, coalesce(b.privileges, '{}') as privileges, coalesce(i.privileges, '{}') as initially
         from (${EXPLODED("o.acl")}) b full join (${EXPLODED("o.initial")}) i on i.grantee = b.grantee
         where b.privileges is distinct from i.privileges
       ) g where o.initial is not null
     ) found`,
    "true",
  );
  return rows.map((row) => {
    const kind = row.kind as ObjectKind;
    const on = objectName(kind, row);
    const grantee = text(row, "grantee");
    const of =
      row.extension === null ? objectKey(kind, on) : objectKey("extension", qualifiedName(text(row, "extension")));
    const fields = { on: `${kind} ${on}`, grantee, privileges: row.privileges, initially: row.initially };
    return schemaObject("grant", `${kind} ${on} to ${grantee}`, of, fields);
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
