import { changedFields } from "@change-mgmt/domain/schema/fields.ts";
import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "../alteration.ts";
import { list } from "../field-list.ts";
import { lastName, literal, nameParts, quoted, sqlName } from "../identifiers.ts";
import { attributeName } from "../own-fate.ts";
import { columnFacts } from "./column-facts.ts";
import { commentIfAny } from "./comments.ts";

/** Makes a schema, an extension, an enum, a domain (without its checks) or a composite type. */
export function makeType(object: SchemaObject): Draft[] {
  const name = sqlName(object.name);
  const { fields } = object;
  const sql = {
    schema: () => `CREATE SCHEMA ${name};`,
    extension: () => `CREATE EXTENSION ${name} WITH SCHEMA ${quoted(String(fields.schema))};`,
    enum: () => `CREATE TYPE ${name} AS ENUM (${list(fields.labels).map(literal).join(", ")});`,
    domain: () => `CREATE DOMAIN ${name} AS ${domainParts(object)};`,
    composite_type: () => `CREATE TYPE ${name} AS (${list(fields.attributes).join(", ")});`,
  }[object.kind as "schema"]();
  const ofAttributes = object.kind === "composite_type" ? columnFacts(null, object) : [];
  return [{ sql, does: `makes the ${words(object)}` }, ...commentIfAny(object), ...ofAttributes];
}

function domainParts({ fields }: SchemaObject): string {
  return [
    fields.type,
    ...(fields.collation === undefined ? [] : [`COLLATE ${fields.collation}`]),
    ...(fields.default === undefined ? [] : [`DEFAULT ${fields.default}`]),
    ...(fields.notNull === true ? ["NOT NULL"] : []),
  ].join(" ");
}

/** Changes what can be changed in place. */
export function alterType(before: SchemaObject, after: SchemaObject): Draft[] {
  const changed = changedFields(before, after);
  const name = sqlName(after.name);
  if (after.kind === "enum" && changed.has("labels")) return addLabels(before, after);
  if (after.kind === "composite_type" && !changed.has("attributes")) return columnFacts(before, after);
  if (after.kind === "composite_type") {
    const [was, is] = [list(before.fields.attributes), list(after.fields.attributes)];
    const parts = [
      ...was.filter((one) => !is.includes(one)).map((one) => `DROP ATTRIBUTE ${attributeName(one)}`),
      ...is.filter((one) => !was.includes(one)).map((one) => `ADD ATTRIBUTE ${one}`),
    ];
    const lossy = parts.some((part) => part.startsWith("DROP")) ? "the values of dropped attributes" : null;
    return [
      { sql: `ALTER TYPE ${name} ${parts.join(", ")};`, does: "changes the attributes", lossy },
      ...columnFacts(before, after),
    ];
  }
  if (after.kind === "extension") {
    return [
      ...(changed.has("schema")
        ? [
            {
              sql: `ALTER EXTENSION ${name} SET SCHEMA ${quoted(String(after.fields.schema))};`,
              does: "moves the extension",
            },
          ]
        : []),
      ...(changed.has("version")
        ? [
            {
              sql: `ALTER EXTENSION ${name} UPDATE TO ${literal(String(after.fields.version))};`,
              does: "takes another version",
            },
          ]
        : []),
    ];
  }
  if (after.kind !== "domain") return [];
  const drafts: Draft[] = [];
  if (changed.has("default")) {
    const value = after.fields.default;
    const part = value === undefined ? "DROP DEFAULT" : `SET DEFAULT ${value}`;
    drafts.push({ sql: `ALTER DOMAIN ${name} ${part};`, does: "changes the default" });
  }
  if (changed.has("notNull")) {
    const set = after.fields.notNull === true;
    drafts.push({
      sql: `ALTER DOMAIN ${name} ${set ? "SET" : "DROP"} NOT NULL;`,
      does: set ? "forbids NULL" : "allows NULL",
      needs: set ? "no column of this domain holds NULL" : null,
    });
  }
  return drafts;
}

function addLabels(before: SchemaObject, after: SchemaObject): Draft[] {
  const was = list(before.fields.labels);
  const labels = list(after.fields.labels);
  return labels.flatMap((label, at) => {
    if (was.includes(label)) return [];
    const next = labels.slice(at + 1).find((one) => was.includes(one));
    // Those before it are there already: the ones of old, and new ones added a moment ago.
    const place = next !== undefined ? ` BEFORE ${literal(next)}` : "";
    return [
      {
        sql: `ALTER TYPE ${sqlName(after.name)} ADD VALUE ${literal(label)}${place};`,
        does: `adds the label ${label}`,
      },
    ];
  });
}

/** Drops what makeType makes. */
export function dropType(object: SchemaObject): Draft[] {
  const word = { enum: "TYPE", composite_type: "TYPE" }[object.kind as "enum"] ?? object.kind.toUpperCase();
  return [{ sql: `DROP ${word} ${sqlName(object.name)};`, does: `drops the ${words(object)}` }];
}

/** A column that moves over when its type is made anew. */
export interface MovingColumn {
  readonly before: SchemaObject;
  readonly after: SchemaObject;
}

/** Makes an enum, domain or composite type anew beside the old one, moves its columns over and drops the old one. */
export function retype(before: SchemaObject, after: SchemaObject, columns: readonly MovingColumn[]): Draft[] {
  const old = `${nameParts(after.name).at(-1)!.slice(0, 50)}__before`;
  const oldName = `${nameParts(after.name).slice(0, -1).map(quoted).join(".")}.${quoted(old)}`;
  const word = after.kind === "domain" ? "DOMAIN" : "TYPE";
  const [was, is] = [list(before.fields.attributes), list(after.fields.attributes)];
  const gone = list(before.fields.labels).filter((label) => !list(after.fields.labels).includes(label));
  const needs = gone.length > 0 ? `no row holds ${gone.join(", ")}` : "every value fits the new type";
  return [
    { sql: `ALTER ${word} ${sqlName(before.name)} RENAME TO ${quoted(old)};`, does: "puts the old type aside" },
    ...makeType(after),
    ...columns.map((column) =>
      after.kind === "composite_type" ? moveComposite(column, was, is) : moveColumn(column, needs),
    ),
    { sql: `DROP ${word} ${oldName};`, does: "drops the old type" },
  ];
}

function moveColumn({ before, after }: MovingColumn, needs: string): Draft {
  const column = lastName(before.name);
  const type = String(before.fields.type);
  const sameType = type === after.fields.type;
  const parts = [
    ...(before.fields.default === undefined ? [] : [`ALTER COLUMN ${column} DROP DEFAULT`]),
    `ALTER COLUMN ${column} TYPE ${type} USING ${column}::text${type.endsWith("[]") ? "[]" : ""}::${type}`,
    ...(sameType && after.fields.default !== undefined
      ? [`ALTER COLUMN ${column} SET DEFAULT ${after.fields.default}`]
      : []),
  ];
  const table = String(before.fields.table);
  return {
    sql: `ALTER TABLE ${sqlName(table)} ${parts.join(", ")};`,
    does: `moves ${column} over to the new type`,
    needs,
    lock: { relation: table, mode: "AccessExclusiveLock" },
    rewrites: true,
    scans: true,
  };
}

/** Moves the values of a composite column over attribute by attribute; those of the same name keep their value. */
function moveComposite({ before }: MovingColumn, was: readonly string[], is: readonly string[]): Draft {
  const column = lastName(before.name);
  const table = String(before.fields.table);
  const kept = was.map(attributeName);
  const values = is.map((attribute) => {
    const name = attributeName(attribute);
    const type = attribute.slice(name.length + 1).replace(/ COLLATE .*/, "");
    if (!kept.includes(name)) return `NULL::${type}`;
    return was.includes(attribute) ? `(${column}).${name}` : `(${column}).${name}::text::${type}`;
  });
  const gone = kept.filter((name) => !is.map(attributeName).includes(name));
  return {
    sql: `ALTER TABLE ${sqlName(table)} ALTER COLUMN ${column} TYPE ${before.fields.type} USING CASE WHEN ${column} IS DISTINCT FROM NULL THEN ROW(${values.join(", ")})::${before.fields.type} END;`,
    does: `moves ${column} over to the new type`,
    lossy: gone.length > 0 ? `the attributes ${gone.join(", ")} of its values` : null,
    lock: { relation: table, mode: "AccessExclusiveLock" },
    rewrites: true,
    scans: true,
  };
}

/** Makes a sequence that stands for itself, or renews one. */
export function makeSequence(object: SchemaObject): Draft[] {
  const unlogged = object.fields.unlogged === true ? "UNLOGGED " : "";
  const sql = `CREATE ${unlogged}SEQUENCE ${sqlName(object.name)} AS ${object.fields.type} ${sequenceOptions(object)};`;
  return [{ sql, does: "makes the sequence" }, ...commentIfAny(object)];
}

/** The numbers of a sequence, as CREATE, ALTER and identities take them. */
export function sequenceOptions({ fields }: SchemaObject): string {
  const { start, increment, min, max, cache, cycle } = fields;
  return `START WITH ${start} INCREMENT BY ${increment} MINVALUE ${min} MAXVALUE ${max} CACHE ${cache}${cycle === true ? " CYCLE" : " NO CYCLE"}`;
}

/** Changes the numbers of a sequence; what it has counted so far stays. */
export function alterSequence(before: SchemaObject, after: SchemaObject): Draft[] {
  const changed = changedFields(before, after);
  const drafts: Draft[] = [];
  const name = sqlName(after.name);
  if (["type", "start", "increment", "min", "max", "cache", "cycle"].some((field) => changed.has(field))) {
    const type = changed.has("type") ? `AS ${after.fields.type} ` : "";
    drafts.push({
      sql: `ALTER SEQUENCE ${name} ${type}${sequenceOptions(after)};`,
      does: "changes how the sequence counts",
    });
  }
  if (changed.has("unlogged")) drafts.push(...setPersistence(after));
  return drafts;
}

/** Makes a sequence logged or unlogged. */
export function setPersistence({ name, fields }: SchemaObject): Draft[] {
  const set = fields.unlogged === true ? "UNLOGGED" : "LOGGED";
  return [{ sql: `ALTER SEQUENCE ${sqlName(name)} SET ${set};`, does: `makes the sequence ${set.toLowerCase()}` }];
}

/** Gives a sequence to a column, or to none. */
export function ownSequence(sequence: SchemaObject, owner: string | null): Draft[] {
  const by = owner === null ? "NONE" : sqlName(owner);
  return [
    {
      sql: `ALTER SEQUENCE ${sqlName(sequence.name)} OWNED BY ${by};`,
      does: owner === null ? "frees the sequence" : `gives the sequence to ${owner}`,
    },
  ];
}

function words({ kind }: SchemaObject): string {
  return kind.replaceAll("_", " ");
}
