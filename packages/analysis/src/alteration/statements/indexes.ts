import { changedFields } from "@change-mgmt/domain/schema/fields.ts";
import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "../alteration.ts";
import { lastName, literal, nameParts, quoted, sqlName } from "../identifiers.ts";
import { columnFacts } from "./column-facts.ts";
import { commentIfAny, commentOn } from "./comments.ts";
import { exclusive, share } from "./locks.ts";
import { on } from "./on-table.ts";

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
      ...commentIfAny(object),
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
    ...(fields.indexComment === undefined ? [] : [indexComment(object)]),
    ...commentIfAny(object),
  ];
}

/** The comment of the index behind a constraint. */
function indexComment({ name, fields }: SchemaObject): Draft {
  const schema = nameParts(name).slice(0, -2).map(quoted).join(".");
  const text = fields.indexComment === undefined ? "NULL" : literal(String(fields.indexComment));
  return { sql: `COMMENT ON INDEX ${schema}.${lastName(name)} IS ${text};`, does: "says the comment of its index" };
}

/** Makes an index; building it in a deployment without stopping writes takes CONCURRENTLY, which no transaction allows. */
export function makeIndex(object: SchemaObject): Draft[] {
  const lock = share(object, "ShareLock");
  const needs = object.fields.unique === true ? "no value is there twice" : null;
  return [
    { sql: `${object.fields.definition};`, does: "builds the index", lock, scans: true, needs },
    ...columnFacts(null, object),
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
  if (changed.has("indexComment")) drafts.push(indexComment(after));
  if (after.kind === "index") drafts.push(...columnFacts(before, after));
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
