import { changedFields } from "@change-mgmt/domain/schema/fields.ts";
import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { AlterationStep, Draft } from "../alteration.ts";
import { list } from "../fates.ts";
import { lastName, literal, nameParts, quoted, sqlName } from "../identifiers.ts";
import { commentIfAny, commentOn, named } from "./comments.ts";
import { changeOptions, exclusive, relationOptions } from "./tables.ts";

const FIRES: Readonly<Record<string, string>> = {
  origin: "ENABLE",
  disabled: "DISABLE",
  replica: "ENABLE REPLICA",
  always: "ENABLE ALWAYS",
};

/** The relation an object sits on, in SQL and as the model names it. */
function on(object: SchemaObject): { sql: string; name: string } {
  const name = object.of?.slice(object.of.indexOf(":") + 1) ?? "";
  return { sql: sqlName(name), name };
}

function share(object: SchemaObject, mode: string): AlterationStep["lock"] {
  return { relation: on(object).name, mode };
}

/** Makes a view, materialized view, routine, trigger, rule, policy, statistics, event trigger or publication. */
export function makeProgram(object: SchemaObject): Draft[] {
  const { fields } = object;
  const definition = `${String(fields.definition ?? "").replace(/;\s*$/, "")};`;
  const name = sqlName(object.name);
  switch (object.kind) {
    case "view":
      return [{ sql: viewSql(object, "CREATE"), does: "makes the view" }, ...viewComments(object)];
    case "materialized_view": {
      const options = fields.options === undefined ? "" : ` WITH (${relationOptions(fields.options)})`;
      const query = String(fields.definition).replace(/;\s*$/, "");
      const data = fields.unpopulated === true ? "WITH NO DATA" : "WITH DATA";
      return [
        { sql: `CREATE MATERIALIZED VIEW ${name}${options} AS\n${query}\n${data};`, does: "makes and fills the view" },
        ...viewComments(object),
      ];
    }
    case "function":
      return [{ sql: definition, does: "makes the routine" }, ...commentIfAny(object)];
    case "trigger":
    case "rule": {
      const enabled = fields.fires === "origin" ? [] : [fires(object)];
      const lock = share(object, object.kind === "trigger" ? "ShareRowExclusiveLock" : "AccessExclusiveLock");
      const sql = object.kind === "rule" ? definition : definition;
      return [{ sql, does: `makes the ${object.kind}`, lock }, ...enabled, ...commentIfAny(object)];
    }
    case "policy":
      return [
        {
          sql: `CREATE POLICY ${lastName(object.name)} ON ${on(object).sql} AS ${fields.permissive === true ? "PERMISSIVE" : "RESTRICTIVE"} FOR ${String(fields.command).toUpperCase()} ${policyParts(object)};`,
          does: "makes the policy",
          lock: exclusive(on(object).name),
        },
        ...commentIfAny(object),
      ];
    case "statistics":
      return [
        { sql: definition, does: "makes the statistics", lock: share(object, "ShareUpdateExclusiveLock") },
        ...commentIfAny(object),
      ];
    case "event_trigger": {
      const tags = list(fields.tags).map(literal);
      const when = tags.length > 0 ? ` WHEN TAG IN (${tags.join(", ")})` : "";
      const sql = `CREATE EVENT TRIGGER ${name} ON ${fields.event}${when} EXECUTE FUNCTION ${fields.function};`;
      const enabled = fields.fires === "origin" ? [] : [fires(object)];
      return [{ sql, does: "makes the event trigger" }, ...enabled, ...commentIfAny(object)];
    }
    default:
      return [{ sql: publicationSql(object), does: "makes the publication" }, ...commentIfAny(object)];
  }
}

function viewSql({ name, fields }: SchemaObject, create: string): string {
  const options = fields.options === undefined ? "" : ` WITH (${relationOptions(fields.options)})`;
  return `${create} VIEW ${sqlName(name)}${options} AS\n${String(fields.definition).replace(/;\s*$/, "")};`;
}

function viewComments(view: SchemaObject): Draft[] {
  return [...commentIfAny(view), ...columnComments(view, list(view.fields.columnComments))];
}

function columnComments({ name }: SchemaObject, comments: readonly string[], gone = false): Draft[] {
  return comments.map((comment) => {
    const column = /^(?:"(?:[^"]|"")*"|\S+)/.exec(comment)![0];
    const text = gone ? "NULL" : literal(comment.slice(column.length + 1));
    return { sql: `COMMENT ON COLUMN ${sqlName(name)}.${column} IS ${text};`, does: `says the comment of ${column}` };
  });
}

function fires(object: SchemaObject): Draft {
  const how = FIRES[String(object.fields.fires)]!;
  if (object.kind === "event_trigger") {
    return { sql: `ALTER EVENT TRIGGER ${sqlName(object.name)} ${how};`, does: "decides when it fires" };
  }
  return {
    sql: `ALTER TABLE ${object.kind === "trigger" ? "ONLY " : ""}${on(object).sql} ${how} ${object.kind.toUpperCase()} ${lastName(object.name)};`,
    does: "decides when it fires",
    lock: share(object, "ShareRowExclusiveLock"),
  };
}

/** How a trigger made by the statement on its parent fires, where that is out of the ordinary. */
export function firesIfUnusual(trigger: SchemaObject): Draft[] {
  return trigger.fields.fires === "origin" ? [] : [fires(trigger)];
}

function policyParts({ fields }: SchemaObject): string {
  const roles = list(fields.roles).map((role) => (role === "PUBLIC" ? role : quoted(role)));
  return [
    `TO ${roles.join(", ")}`,
    ...(fields.using === undefined ? [] : [`USING (${fields.using})`]),
    ...(fields.check === undefined ? [] : [`WITH CHECK (${fields.check})`]),
  ].join(" ");
}

function publicationSql({ name, fields }: SchemaObject): string {
  const objects = publicationObjects(fields);
  const target = fields.allTables === true ? " FOR ALL TABLES" : objects === "" ? "" : ` FOR ${objects}`;
  return `CREATE PUBLICATION ${sqlName(name)}${target} WITH (${publicationOptions(fields)});`;
}

function publicationObjects(fields: SchemaObject["fields"]): string {
  const tables = list(fields.tables).map((table) => `TABLE ONLY ${table}`);
  const schemas = list(fields.schemas).map((schema) => `TABLES IN SCHEMA ${schema}`);
  return [...tables, ...schemas].join(", ");
}

function publicationOptions(fields: SchemaObject["fields"]): string {
  return `publish = '${list(fields.operations).join(", ")}', publish_via_partition_root = ${fields.viaRoot === true}`;
}

/** Changes in place what can be changed so. */
export function alterProgram(before: SchemaObject, after: SchemaObject): Draft[] {
  const changed = changedFields(before, after);
  const { fields } = after;
  const name = sqlName(after.name);
  const drafts: Draft[] = [];
  switch (after.kind) {
    case "view":
      if (changed.has("definition") || changed.has("columns")) {
        const sql = viewSql(after, "CREATE OR REPLACE");
        drafts.push({ sql, does: "replaces the view", lock: exclusive(after.name) });
      } else if (changed.has("options")) drafts.push(...options());
      if (changed.has("columnComments")) drafts.push(...changedColumnComments());
      break;
    case "materialized_view":
      if (changed.has("options")) drafts.push(...options());
      if (changed.has("unpopulated")) {
        const data = fields.unpopulated === true ? "WITH NO DATA" : "WITH DATA";
        drafts.push({
          sql: `REFRESH MATERIALIZED VIEW ${name} ${data};`,
          does: "fills or empties it",
          lock: exclusive(after.name),
        });
      }
      if (changed.has("columnComments")) drafts.push(...changedColumnComments());
      break;
    case "function":
      if (changed.has("definition")) {
        drafts.push({ sql: `${String(fields.definition).replace(/;\s*$/, "")};`, does: "replaces the routine" });
      }
      break;
    case "policy":
      if (["roles", "using", "check"].some((field) => changed.has(field))) {
        const sql = `ALTER POLICY ${lastName(after.name)} ON ${on(after).sql} ${policyParts(after)};`;
        drafts.push({ sql, does: "changes the policy", lock: exclusive(on(after).name) });
      }
      break;
    case "publication":
      drafts.push(...alterPublication(before, after, changed));
      break;
    default:
      if (changed.has("fires")) drafts.push(fires(after));
  }
  if (changed.has("comment")) drafts.push(commentOn(after));
  return drafts;

  function options(): Draft[] {
    const word = after.kind === "view" ? "VIEW" : "MATERIALIZED VIEW";
    return changeOptions(before.fields.options, fields.options).map((part) => ({
      sql: `ALTER ${word} ${name} ${part};`,
      does: "changes options",
      lock: exclusive(after.name),
    }));
  }

  function changedColumnComments(): Draft[] {
    const [was, is] = [list(before.fields.columnComments), list(fields.columnComments)];
    const said = is.map((one) => /^(?:"(?:[^"]|"")*"|\S+)/.exec(one)![0]);
    const gone = was.filter((one) => !said.includes(/^(?:"(?:[^"]|"")*"|\S+)/.exec(one)![0]));
    return [
      ...columnComments(after, gone, true),
      ...columnComments(
        after,
        is.filter((one) => !was.includes(one)),
      ),
    ];
  }
}

function alterPublication(before: SchemaObject, after: SchemaObject, changed: ReadonlySet<string>): Draft[] {
  const name = sqlName(after.name);
  const drafts: Draft[] = [];
  if (changed.has("tables") || changed.has("schemas")) {
    const [was, is] = [publicationObjects(before.fields), publicationObjects(after.fields)];
    const sql =
      is === ""
        ? `ALTER PUBLICATION ${name} DROP ${was.replace(/(TABLE ONLY (?:[^(,\s"]|"(?:[^"]|"")*")+)[^,]*/g, "$1")};`
        : `ALTER PUBLICATION ${name} SET ${is};`;
    drafts.push({ sql, does: "changes what is published" });
  }
  if (changed.has("operations") || changed.has("viaRoot")) {
    drafts.push({
      sql: `ALTER PUBLICATION ${name} SET (${publicationOptions(after.fields)});`,
      does: "changes how it is published",
    });
  }
  return drafts;
}

/** Drops what makeProgram makes. */
export function dropProgram(object: SchemaObject): Draft[] {
  const lock = ["trigger", "rule", "policy"].includes(object.kind)
    ? exclusive(on(object).name)
    : ["view", "materialized_view"].includes(object.kind)
      ? exclusive(object.name)
      : null;
  return [{ sql: `DROP ${named(object)};`, does: `drops the ${object.kind.replaceAll("_", " ")}`, lock }];
}

/** Makes a constraint of a table or a domain. */
export function makeConstraint(object: SchemaObject, partitioned: boolean): Draft[] {
  const { fields } = object;
  const name = lastName(object.name);
  if (object.of?.startsWith("domain:")) {
    return [
      {
        sql: `ALTER DOMAIN ${on(object).sql} ADD CONSTRAINT ${name} ${fields.definition};`,
        does: "adds the check",
        needs: "every value passes",
      },
    ];
  }
  const kind = String(fields.type);
  const foreign = kind === "foreign key";
  const indexed = ["primary key", "unique", "exclusion"].includes(kind);
  const needs =
    fields.validated === false
      ? null
      : foreign
        ? `every row has its counterpart in ${fields.references}`
        : "every row satisfies it";
  return [
    {
      sql: `ALTER TABLE ${indexed && partitioned ? "ONLY " : ""}${on(object).sql} ADD CONSTRAINT ${name} ${fields.definition};`,
      does: `adds the ${kind === "check" || kind === "not null" ? `${kind} constraint` : kind}`,
      needs,
      lock: share(object, foreign ? "ShareRowExclusiveLock" : "AccessExclusiveLock"),
      scans: fields.validated !== false,
    },
    ...indexMarks(object),
    ...commentIfAny(object),
  ];
}

/** Makes an index; building it in a deployment without stopping writes takes CONCURRENTLY, which no transaction allows. */
export function makeIndex(object: SchemaObject): Draft[] {
  const lock = share(object, "ShareLock");
  const needs = object.fields.unique === true ? "no value is there twice" : null;
  return [
    { sql: `${object.fields.definition};`, does: "builds the index", lock, scans: true, needs },
    ...indexMarks(object),
    ...commentIfAny(object),
  ];
}

function indexMarks(object: SchemaObject): Draft[] {
  const name = lastName(object.name);
  return [
    ...(object.fields.replicaIdentity === true
      ? [
          {
            sql: `ALTER TABLE ${on(object).sql} REPLICA IDENTITY USING INDEX ${name};`,
            does: "identifies rows for replicas by it",
            lock: exclusive(on(object).name),
          },
        ]
      : []),
    ...(object.fields.clustered === true
      ? [
          {
            sql: `ALTER TABLE ${on(object).sql} CLUSTER ON ${name};`,
            does: "is what CLUSTER orders by",
            lock: share(object, "ShareUpdateExclusiveLock"),
          },
        ]
      : []),
  ];
}

/** Changes marks, comment and validity. */
export function alterIndexOrConstraint(before: SchemaObject, after: SchemaObject): Draft[] {
  const changed = changedFields(before, after);
  const drafts: Draft[] = [];
  if (after.kind === "constraint" && changed.has("definition")) {
    const table = after.of?.startsWith("domain:") ? "DOMAIN" : "TABLE";
    drafts.push({
      sql: `ALTER ${table} ${on(after).sql} VALIDATE CONSTRAINT ${lastName(after.name)};`,
      does: "holds the rows that exist to the constraint",
      needs: "every row satisfies it",
      lock: table === "TABLE" ? share(after, "ShareUpdateExclusiveLock") : null,
      scans: true,
    });
  }
  drafts.push(
    ...indexMarks({
      ...after,
      fields: {
        ...(changed.has("replicaIdentity") && { replicaIdentity: after.fields.replicaIdentity ?? null }),
        ...(changed.has("clustered") && { clustered: after.fields.clustered ?? null }),
      },
    }),
  );
  if (changed.has("clustered") && after.fields.clustered !== true) {
    drafts.push({
      sql: `ALTER TABLE ${on(after).sql} SET WITHOUT CLUSTER;`,
      does: "is not what CLUSTER orders by any more",
    });
  }
  if (changed.has("comment")) drafts.push(commentOn(after));
  return drafts;
}

export function dropConstraint(object: SchemaObject): Draft[] {
  const domain = object.of?.startsWith("domain:") === true;
  return [
    {
      sql: `ALTER ${domain ? "DOMAIN" : "TABLE"} ${on(object).sql} DROP CONSTRAINT ${lastName(object.name)};`,
      does: `drops the constraint`,
      lock: domain ? null : exclusive(on(object).name),
    },
  ];
}

export function dropIndex(object: SchemaObject): Draft[] {
  return [{ sql: `DROP INDEX ${sqlName(object.name)};`, does: "drops the index", lock: exclusive(on(object).name) }];
}

/** The index of a partition becomes a part of the index of its parent; nothing happens if it is one already. */
export function linkIndex(object: SchemaObject): Draft[] {
  const parts = nameParts(String(object.fields.partitionOf));
  // A constraint is named by its table, its index by the schema.
  const parent = (object.kind === "constraint" ? [parts[0]!, parts.at(-1)!] : parts).map(quoted).join(".");
  const own = nameParts(object.name);
  const child = (object.kind === "constraint" ? [own[0]!, own.at(-1)!] : own).map(quoted).join(".");
  return [
    {
      sql: `ALTER INDEX ${parent} ATTACH PARTITION ${child};`,
      does: "joins the index of the parent",
      lock: exclusive(on(object).name),
    },
  ];
}
