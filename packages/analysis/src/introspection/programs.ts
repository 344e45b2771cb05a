import { objectKey, qualifiedName, type SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import {
  type CatalogScope,
  comment,
  located,
  notOfExtension,
  OWN_SCHEMA,
  readCatalog,
  schemaObject,
  text,
} from "./catalog-scope.ts";

const ON_TABLE = "n.nspname::text as schema, c.relname::text as table, c.relkind::text as relkind";
const FIRES: Readonly<Record<string, string>> = { O: "origin", D: "disabled", R: "replica", A: "always" };
const COMMANDS: Readonly<Record<string, string>> = { "*": "all", r: "select", a: "insert", w: "update", d: "delete" };

/** The whole CREATE AGGREGATE statement of `p` and `g`, which Postgres has no function for. */
const AGGREGATE = `concat('CREATE AGGREGATE ', p.oid::regproc, '(', pg_get_function_identity_arguments(p.oid), ') (', concat_ws(', ',
           'SFUNC = ' || g.aggtransfn::regproc, 'STYPE = ' || format_type(g.aggtranstype, null), 'SSPACE = ' || nullif(g.aggtransspace, 0),
           'FINALFUNC = ' || nullif(g.aggfinalfn::oid, 0)::regproc, case when g.aggfinalextra then 'FINALFUNC_EXTRA' end,
           case g.aggfinalmodify when 's' then 'FINALFUNC_MODIFY = SHAREABLE' when 'w' then 'FINALFUNC_MODIFY = READ_WRITE' end,
           'COMBINEFUNC = ' || nullif(g.aggcombinefn::oid, 0)::regproc, 'SERIALFUNC = ' || nullif(g.aggserialfn::oid, 0)::regproc,
           'DESERIALFUNC = ' || nullif(g.aggdeserialfn::oid, 0)::regproc, 'INITCOND = ' || quote_literal(g.agginitval),
           'MSFUNC = ' || nullif(g.aggmtransfn::oid, 0)::regproc, 'MINVFUNC = ' || nullif(g.aggminvtransfn::oid, 0)::regproc,
           'MSTYPE = ' || case when g.aggmtranstype <> 0 then format_type(g.aggmtranstype, null) end,
           'MFINALFUNC = ' || nullif(g.aggmfinalfn::oid, 0)::regproc, 'MINITCOND = ' || quote_literal(g.aggminitval),
           'SORTOP = ' || (select 'OPERATOR(' || quote_ident(sn.nspname) || '.' || so.oprname || ')' from pg_catalog.pg_operator so
             join pg_catalog.pg_namespace sn on sn.oid = so.oprnamespace where so.oid = g.aggsortop),
           case p.proparallel when 's' then 'PARALLEL = SAFE' when 'r' then 'PARALLEL = RESTRICTED' end,
           case when g.aggkind = 'h' then 'HYPOTHETICAL' end), ')')`;

/** Functions, procedures, window functions and aggregates; those that a range type makes for itself are left out. */
export async function readFunctions(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select p.oid, n.nspname::text as schema, p.proname::text as name, oidvectortypes(p.proargtypes) as types, pg_get_function_arguments(p.oid) as arguments,
       pg_get_function_result(p.oid) as returns, l.lanname::text as language, p.prosecdef as definer,
       case when p.prokind = 'a' then ${AGGREGATE}
         else pg_get_functiondef(p.oid) end as definition, d.description
     from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace join pg_catalog.pg_language l on l.oid = p.prolang
     left join pg_catalog.pg_aggregate g on g.aggfnoid = p.oid ${comment("pg_proc", "p.oid")}`,
    `${OWN_SCHEMA} and not exists (select from pg_catalog.pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype in ('e', 'i'))`,
  );
  return rows.map((row) => {
    const name = `${qualifiedName(text(row, "schema"), text(row, "name"))}(${text(row, "types")})`;
    located(scope, "pg_proc", row.oid, objectKey("function", name));
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
    `select t.oid, ${ON_TABLE}, t.tgname::text as name, pg_get_triggerdef(t.oid) as definition, t.tgenabled::text as enabled,
       case when t.tgparentid <> 0 then true end as inherited, d.description
     from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace ${comment("pg_trigger", "t.oid")}`,
    `not t.tgisinternal and ${OWN_SCHEMA} and ${notOfExtension("pg_trigger", "t.oid")}`,
  );
  return rows.map((row) => {
    located(scope, "pg_trigger", row.oid, objectKey("trigger", onTable(row)));
    return schemaObject("trigger", onTable(row), relationKey(row), {
      definition: row.definition,
      fires: FIRES[text(row, "enabled")] ?? row.enabled,
      inherited: row.inherited,
      comment: row.description,
    });
  });
}

/** Rewrite rules other than those that make a view a view. */
export async function readRules(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select r.oid, ${ON_TABLE}, r.rulename::text as name, pg_get_ruledef(r.oid) as definition, r.ev_enabled::text as enabled, d.description
     from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace ${comment("pg_rewrite", "r.oid")}`,
    `r.rulename <> '_RETURN' and ${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}`,
  );
  return rows.map((row) => {
    located(scope, "pg_rewrite", row.oid, objectKey("rule", onTable(row)));
    return schemaObject("rule", onTable(row), relationKey(row), {
      definition: row.definition,
      fires: FIRES[text(row, "enabled")] ?? row.enabled,
      comment: row.description,
    });
  });
}

/** Row security policies. */
export async function readPolicies(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select p.oid, ${ON_TABLE}, p.polname::text as name, p.polpermissive as permissive, p.polcmd::text as command,
       (select array_agg(case when u.role = 0 then 'PUBLIC' else pg_get_userbyid(u.role)::text end order by 1) from unnest(p.polroles) u(role)) as roles,
       pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check, d.description
     from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace ${comment("pg_policy", "p.oid")}`,
    `${OWN_SCHEMA} and ${notOfExtension("pg_class", "c.oid")}`,
  );
  return rows.map((row) => {
    located(scope, "pg_policy", row.oid, objectKey("policy", onTable(row)));
    return schemaObject("policy", onTable(row), relationKey(row), {
      table: qualifiedName(text(row, "schema"), text(row, "table")),
      permissive: row.permissive,
      command: COMMANDS[text(row, "command")] ?? row.command,
      roles: [...(row.roles as string[])].sort(),
      using: row.using,
      check: row.check,
      comment: row.description,
    });
  });
}

/** Event triggers and publications: they belong to the database and not to a schema. */
export async function readDatabaseWide(scope: CatalogScope): Promise<SchemaObject[]> {
  return [...(await readEventTriggers(scope)), ...(await readPublications(scope))];
}

async function readEventTriggers(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select ev.oid, ev.evtname::text as name, ev.evtevent::text as event, ev.evttags::text[] as tags,
       ev.evtfoid::regprocedure::text as function, ev.evtenabled::text as enabled, d.description
     from pg_catalog.pg_event_trigger ev ${comment("pg_event_trigger", "ev.oid")}`,
    `$1::text[] is not null and ${notOfExtension("pg_event_trigger", "ev.oid")}`,
  );
  return rows.map((row) => {
    const name = qualifiedName(text(row, "name"));
    located(scope, "pg_event_trigger", row.oid, objectKey("event_trigger", name));
    const fires = FIRES[text(row, "enabled")] ?? row.enabled;
    const { event, tags, description } = row;
    return schemaObject("event_trigger", name, null, {
      event,
      tags,
      function: row.function,
      fires,
      comment: description,
    });
  });
}

async function readPublications(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select p.oid, p.pubname::text as name, p.puballtables as all_tables, p.pubviaroot as via_root, d.description,
       array_remove(array[case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
         case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end], null) as operations,
       (select array_agg(r.prrelid::regclass::text
          || coalesce((select ' (' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) || ')' from pg_catalog.pg_attribute a
            where a.attrelid = r.prrelid and a.attnum = any (r.prattrs::int2[])), '')
          || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '') order by r.prrelid::regclass::text)
        from pg_catalog.pg_publication_rel r where r.prpubid = p.oid) as tables,
       (select array_agg(quote_ident(ns.nspname) order by ns.nspname) from pg_catalog.pg_publication_namespace pn
        join pg_catalog.pg_namespace ns on ns.oid = pn.pnnspid where pn.pnpubid = p.oid) as schemas
     from pg_catalog.pg_publication p ${comment("pg_publication", "p.oid")}`,
    `$1::text[] is not null and ${notOfExtension("pg_publication", "p.oid")}`,
  );
  return rows.map((row) => {
    const name = qualifiedName(text(row, "name"));
    located(scope, "pg_publication", row.oid, objectKey("publication", name));
    const { operations, tables, schemas, description } = row;
    return schemaObject("publication", name, null, {
      allTables: row.all_tables,
      operations,
      viaRoot: row.via_root,
      tables,
      schemas,
      comment: description,
    });
  });
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
