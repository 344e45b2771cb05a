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

/** Schemas and extensions. */
export async function readSchemas(scope: CatalogScope): Promise<SchemaObject[]> {
  const schemas = await readCatalog(
    scope,
    `select n.oid, n.nspname::text as name, d.description from pg_catalog.pg_namespace n ${comment("pg_namespace", "n.oid")}`,
    `${OWN_SCHEMA} and ${notOfExtension("pg_namespace", "n.oid")}`,
  );
  const extensions = await readCatalog(
    scope,
    `select e.oid, e.extname::text as name, e.extversion as version, n.nspname::text as schema
     from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace`,
    "e.extname <> 'plpgsql' and $1::text[] is not null",
  );
  return [
    ...schemas.map((row) => {
      const name = qualifiedName(text(row, "name"));
      located(scope, "pg_namespace", row.oid, objectKey("schema", name));
      return schemaObject("schema", name, null, { comment: row.description });
    }),
    ...extensions.map(({ version, schema, ...row }) => {
      const name = qualifiedName(text(row, "name"));
      located(scope, "pg_extension", row.oid, objectKey("extension", name));
      return schemaObject("extension", name, null, { version, schema });
    }),
  ];
}

/** Enums, domains and composite types. */
export async function readTypes(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select t.oid, t.typarray as array, n.nspname::text as schema, t.typname::text as name, t.typtype::text as typtype, d.description,
       (select array_agg(l.enumlabel::text order by l.enumsortorder) from pg_catalog.pg_enum l where l.enumtypid = t.oid) as labels,
       case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end as type, t.typnotnull as not_null, t.typdefault as default,
       case when t.typtype = 'd' and t.typcollation <> b.typcollation then t.typcollation::regcollation::text end as collation,
       (select array_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
          || case when a.attcollation <> y.typcollation then ' COLLATE ' || a.attcollation::regcollation::text else '' end order by a.attnum)
        from pg_catalog.pg_attribute a join pg_catalog.pg_type y on y.oid = a.atttypid where a.attrelid = t.typrelid and t.typrelid <> 0 and a.attnum > 0 and not a.attisdropped) as attributes,
       (select array_agg(quote_ident(a.attname) || ' ' || e.description order by a.attnum) from pg_catalog.pg_attribute a
        join pg_catalog.pg_description e on e.classoid = 'pg_class'::regclass and e.objoid = t.typrelid and e.objsubid = a.attnum
        where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) as attribute_comments
     from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
     left join pg_catalog.pg_class c on c.oid = t.typrelid and t.typrelid <> 0
     left join pg_catalog.pg_type b on b.oid = t.typbasetype ${comment("pg_type", "t.oid")}`,
    `(t.typtype in ('e', 'd') or (t.typtype = 'c' and c.relkind = 'c')) and ${OWN_SCHEMA} and ${notOfExtension("pg_type", "t.oid")}`,
  );
  return rows.map((row) => {
    const name = qualifiedName(text(row, "schema"), text(row, "name"));
    const comment = row.description;
    const kind = row.typtype === "e" ? "enum" : row.typtype === "c" ? "composite_type" : "domain";
    for (const oid of [row.oid, row.array]) located(scope, "pg_type", oid, objectKey(kind, name));
    if (row.typtype === "e") return schemaObject("enum", name, schemaKey(row), { labels: row.labels ?? [], comment });
    if (row.typtype === "c") {
      return schemaObject("composite_type", name, schemaKey(row), {
        attributes: row.attributes ?? [],
        columnComments: row.attribute_comments,
        comment,
      });
    }
    const { type, default: value, collation } = row;
    const fields = { type, notNull: row.not_null, default: value, collation, comment };
    return schemaObject("domain", name, schemaKey(row), fields);
  });
}

/** CHECK constraints of domains; a domain's NOT NULL is said by the domain, as on majors that do not catalogue it. */
export async function readDomainConstraints(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select k.oid, n.nspname::text as schema, t.typname::text as name, k.conname::text as constraint, pg_get_constraintdef(k.oid) as definition, k.convalidated as validated, d.description
     from pg_catalog.pg_constraint k join pg_catalog.pg_type t on t.oid = k.contypid join pg_catalog.pg_namespace n on n.oid = t.typnamespace
     ${comment("pg_constraint", "k.oid")}`,
    `k.contype = 'c' and ${OWN_SCHEMA} and ${notOfExtension("pg_type", "t.oid")}`,
  );
  return rows.map(({ definition, validated, description, ...row }) => {
    const domain = qualifiedName(text(row, "schema"), text(row, "name"));
    const name = `${domain}.${qualifiedName(text(row, "constraint"))}`;
    located(scope, "pg_constraint", row.oid, objectKey("constraint", name));
    const fields = { table: domain, type: "check", definition, validated, comment: description };
    return schemaObject("constraint", name, objectKey("domain", domain), fields);
  });
}

/** Extended statistics. */
export async function readStatistics(scope: CatalogScope): Promise<SchemaObject[]> {
  const rows = await readCatalog(
    scope,
    `select s.oid, n.nspname::text as schema, s.stxname::text as name, d.description, case when s.stxstattarget >= 0 then s.stxstattarget::int end as target, pg_get_statisticsobjdef(s.oid) as definition,
       tn.nspname::text as table_schema, c.relname::text as table
     from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace
     join pg_catalog.pg_class c on c.oid = s.stxrelid join pg_catalog.pg_namespace tn on tn.oid = c.relnamespace
     ${comment("pg_statistic_ext", "s.oid")}`,
    `${OWN_SCHEMA} and ${notOfExtension("pg_statistic_ext", "s.oid")}`,
  );
  return rows.map((row) => {
    const table = objectKey("table", qualifiedName(text(row, "table_schema"), text(row, "table")));
    const name = qualifiedName(text(row, "schema"), text(row, "name"));
    located(scope, "pg_statistic_ext", row.oid, objectKey("statistics", name));
    return schemaObject("statistics", name, table, {
      definition: inAlphabet(text(row, "definition")),
      target: row.target,
      comment: row.description,
    });
  });
}

/** Statistics name their columns as these stand in the table, which says nothing. */
function inAlphabet(definition: string): string {
  return definition.replace(
    / ON ([^()]+) FROM /,
    (_, columns: string) => ` ON ${columns.split(", ").sort().join(", ")} FROM `,
  );
}

/** Oids below this belong to Postgres itself. */
const FIRST_OWN_OID = 16384;
const OTHER_CATALOGS = [
  "pg_cast",
  "pg_collation",
  "pg_conversion",
  "pg_foreign_data_wrapper",
  "pg_foreign_server",
  "pg_language",
  "pg_opclass",
  "pg_operator",
  "pg_opfamily",
  "pg_transform",
  "pg_ts_config",
  "pg_ts_dict",
  "pg_ts_parser",
  "pg_ts_template",
  "pg_am",
];

/** Everything else that a migration can leave behind, by identity alone, so that coming and going is seen. */
export async function readOthers(scope: CatalogScope): Promise<SchemaObject[]> {
  const catalogs = OTHER_CATALOGS.map(
    (catalog) =>
      `select '${catalog}'::regclass as classid, o.oid from pg_catalog.${catalog} o where o.oid >= ${FIRST_OWN_OID}`,
  );
  // Of user mappings only the view may be read by everybody: their table has passwords in it.
  const mappings = `select 'pg_user_mapping'::regclass, m.umid from pg_catalog.pg_user_mappings m where m.umid >= ${FIRST_OWN_OID}`;
  const ranges = `select 'pg_type'::regclass, t.oid from pg_catalog.pg_type t where t.typtype in ('r', 'b') and t.typelem = 0 and t.oid >= ${FIRST_OWN_OID}`;
  const rows = await readCatalog(
    scope,
    `select o.classid::text as catalog, o.oid, i.type, i.schema, i.identity from (${[...catalogs, mappings, ranges].join(" union all ")}) o
     cross join lateral pg_identify_object(o.classid, o.oid, 0) i`,
    `i.identity is not null and (i.schema is null or (i.schema <> all ($1::text[]) and i.schema !~ '^"?pg_' and i.schema <> 'information_schema'))
     and not exists (select from pg_catalog.pg_depend e where e.classid = o.classid and e.objid = o.oid and e.deptype in ('e', 'i'))`,
  );
  return rows.map((row) => {
    const name = `${text(row, "type")} ${text(row, "identity")}`;
    located(scope, text(row, "catalog"), row.oid, objectKey("other", name));
    return schemaObject("other", name, null, { type: row.type });
  });
}

function schemaKey(row: Readonly<Record<string, unknown>>): string {
  return objectKey("schema", qualifiedName(text(row, "schema")));
}
