import { objectKey, qualifiedName, type SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import {
  type CatalogScope,
  comment,
  notOfExtension,
  OWN_SCHEMA,
  readCatalog,
  schemaObject,
  text,
} from "./catalog-scope.ts";

const ON_TABLE = "n.nspname::text as schema, c.relname::text as table, c.relkind::text as relkind";
const FIRES: Readonly<Record<string, string>> = { O: "origin", D: "disabled", R: "replica", A: "always" };
const COMMANDS: Readonly<Record<string, string>> = { "*": "all", r: "select", a: "insert", w: "update", d: "delete" };

/** Functions, procedures, window functions and aggregates; those that a range type makes for itself are left out. */
export async function readFunctions(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select n.nspname::text as schema, p.proname::text as name, oidvectortypes(p.proargtypes) as types, pg_get_function_arguments(p.oid) as arguments,
       pg_get_function_result(p.oid) as returns, l.lanname::text as language, p.prosecdef as definer,
       case when p.prokind = 'a' then concat_ws(' ', 'aggregate', g.aggtransfn::regproc, format_type(g.aggtranstype, null), nullif(g.aggfinalfn::oid, 0)::regproc, g.agginitval)
         else pg_get_functiondef(p.oid) end as definition, d.description
     from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace join pg_catalog.pg_language l on l.oid = p.prolang
     left join pg_catalog.pg_aggregate g on g.aggfnoid = p.oid ${comment("pg_proc", "p.oid")}`,
    `${OWN_SCHEMA} and not exists (select from pg_catalog.pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype in ('e', 'i'))`,
  );
  return rows.map((row) => {
    const name = `${qualifiedName(text(row, "schema"), text(row, "name"))}(${text(row, "types")})`;
    return schemaObject("function", name, schemaKey(row), {
      arguments: row.arguments,
      returns: row.returns,
      language: row.language,
      securityDefiner: row.definer,
      definition: row.definition,
      comment: row.description,
    });
  });
}

/** Triggers that people made, with whether they fire. */
export async function readTriggers(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select ${ON_TABLE}, t.tgname::text as name, pg_get_triggerdef(t.oid) as definition, t.tgenabled::text as enabled, d.description
     from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace ${comment("pg_trigger", "t.oid")}`,
    `not t.tgisinternal and ${OWN_SCHEMA} and ${notOfExtension("pg_trigger", "t.oid")}`,
  );
  return rows.map((row) =>
    schemaObject("trigger", onTable(row), relationKey(row), {
      definition: row.definition,
      fires: FIRES[text(row, "enabled")] ?? row.enabled,
      comment: row.description,
    }),
  );
}

/** Rewrite rules other than those that make a view a view. */
export async function readRules(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select ${ON_TABLE}, r.rulename::text as name, pg_get_ruledef(r.oid) as definition, r.ev_enabled::text as enabled, d.description
     from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace ${comment("pg_rewrite", "r.oid")}`,
    `r.rulename <> '_RETURN' and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}`,
  );
  return rows.map((row) =>
    schemaObject("rule", onTable(row), relationKey(row), {
      definition: row.definition,
      fires: FIRES[text(row, "enabled")] ?? row.enabled,
      comment: row.description,
    }),
  );
}

/** Row security policies. */
export async function readPolicies(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select ${ON_TABLE}, p.polname::text as name, p.polpermissive as permissive, p.polcmd::text as command,
       (select array_agg(case when u.role = 0 then 'PUBLIC' else pg_get_userbyid(u.role)::text end order by 1) from unnest(p.polroles) u(role)) as roles,
       pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check, d.description
     from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace ${comment("pg_policy", "p.oid")}`,
    `${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}`,
  );
  return rows.map((row) =>
    schemaObject("policy", onTable(row), relationKey(row), {
      table: qualifiedName(text(row, "schema"), text(row, "table")),
      permissive: row.permissive,
      command: COMMANDS[text(row, "command")] ?? row.command,
      roles: [...(row.roles as string[])].sort(),
      using: row.using,
      check: row.check,
      comment: row.description,
    }),
  );
}

/** Event triggers and publications: they belong to the database and not to a schema. */
export async function readDatabaseWide(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select * from (
       select 'event_trigger' as kind, ev.evtname::text as name,
         concat_ws(' ', 'on', ev.evtevent, 'when', ev.evttags::text, 'execute', ev.evtfoid::regprocedure, 'enabled', ev.evtenabled) as definition
       from pg_catalog.pg_event_trigger ev where ${notOfExtension("pg_event_trigger", "ev.oid")}
       union all
       select 'publication', p.pubname::text,
         concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot,
           (select string_agg(concat_ws(' ', r.prrelid::regclass::text, r.prattrs::text, pg_get_expr(r.prqual, r.prrelid)), ', ' order by r.prrelid::regclass::text)
            from pg_catalog.pg_publication_rel r where r.prpubid = p.oid),
           (select string_agg(quote_ident(ns.nspname), ', ' order by ns.nspname) from pg_catalog.pg_publication_namespace pn
            join pg_catalog.pg_namespace ns on ns.oid = pn.pnnspid where pn.pnpubid = p.oid))
       from pg_catalog.pg_publication p where ${notOfExtension("pg_publication", "p.oid")}
     ) found`,
    "$1::text[] is not null",
  );
  return rows.map((row) =>
    schemaObject(row.kind as "event_trigger" | "publication", qualifiedName(text(row, "name")), null, {
      definition: row.definition,
    }),
  );
}

type Row = Readonly<Record<string, unknown>>;

function onTable(row: Row): string {
  return qualifiedName(text(row, "schema"), text(row, "table"), text(row, "name"));
}

function schemaKey(row: Row): string {
  return objectKey("schema", qualifiedName(text(row, "schema")));
}

function relationKey(row: Row): string {
  const kind = row.relkind === "m" ? "materialized_view" : row.relkind === "v" ? "view" : "table";
  return objectKey(kind, qualifiedName(text(row, "schema"), text(row, "table")));
}
