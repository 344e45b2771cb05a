import { changedFields } from "@change-mgmt/domain/schema/fields.ts";
import type { FieldValue, SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { widens } from "@change-mgmt/domain/schema/type-widening.ts";
import type { Draft } from "../alteration.ts";
import { lastName, nameParts, sqlName } from "../identifiers.ts";
import { castTo, keepsEverything } from "./casts.ts";
import { commentIfAny, commentOn } from "./comments.ts";
import { exclusive } from "./locks.ts";
import { changeOptions } from "./options.ts";
import { sequenceOptions } from "./types.ts";

/** A column with what its definition takes from elsewhere. */
export interface ColumnParts {
  readonly column: SchemaObject;
  /** The sequence behind its identity. */
  readonly sequence: SchemaObject | undefined;
  /** False when the default follows in a statement of its own. */
  readonly withDefault: boolean;
}

export function columnDefinition({ column, sequence, withDefault }: ColumnParts): string {
  const { type, collation, notNull, identity, generated } = column.fields;
  const value = column.fields.default;
  return [
    lastName(column.name),
    type,
    ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    ...(value !== undefined && withDefault ? [`DEFAULT ${value}`] : []),
    ...(typeof generated === "string" ? [generatedAs(generated)] : []),
    ...(notNull === true ? ["NOT NULL"] : []),
    ...(identity === undefined ? [] : [`GENERATED ${identityWords(column)} AS IDENTITY${identityOptions(sequence)}`]),
  ].join(" ");
}

/** `stored: (a + 1)` as SQL. */
function generatedAs(generated: string): string {
  const at = generated.indexOf(": ");
  const expression = generated.slice(at + 2);
  return `GENERATED ALWAYS AS (${expression})${generated.startsWith("stored") ? " STORED" : " VIRTUAL"}`;
}

function identityWords({ fields }: SchemaObject): string {
  return fields.identity === "always" ? "ALWAYS" : "BY DEFAULT";
}

function identityOptions(sequence: SchemaObject | undefined): string {
  return sequence === undefined ? "" : ` (SEQUENCE NAME ${sqlName(sequence.name)} ${sequenceOptions(sequence)})`;
}

/** What a column has that its definition cannot say. */
export function columnExtras(column: SchemaObject): Draft[] {
  const { fields } = column;
  const drafts = ["storage", "compression", "statistics", "options"].flatMap((field) =>
    fields[field] === undefined ? [] : columnSetting(column, field, undefined),
  );
  return [...drafts, ...commentIfAny(column)];
}

const STORAGE: Readonly<Record<string, string>> = { p: "PLAIN", e: "EXTERNAL", m: "MAIN", x: "EXTENDED" };
const COMPRESSION: Readonly<Record<string, string>> = { p: "pglz", l: "lz4" };

/** What a type is stored as unless said; SET STORAGE DEFAULT is not known before Postgres 16. */
function usualStorage({ fields }: SchemaObject): string {
  return /^numeric\b(?!.*\[\])/.test(String(fields.type)) ? "MAIN" : "EXTENDED";
}

function columnSetting(column: SchemaObject, field: string, before: FieldValue | undefined): Draft[] {
  const value = column.fields[field];
  const parts = {
    storage: () => [`SET STORAGE ${value === undefined ? usualStorage(column) : STORAGE[String(value)]}`],
    compression: () => [`SET COMPRESSION ${value === undefined ? "default" : COMPRESSION[String(value)]}`],
    statistics: () => [`SET STATISTICS ${value ?? -1}`],
    options: () => changeOptions(before, value),
  }[field as "storage"]();
  return parts.map((part) => ({
    sql: `ALTER TABLE ONLY ${tableOf(column)} ALTER COLUMN ${lastName(column.name)} ${part};`,
    does: `changes the ${field} of the column`,
    lock: {
      relation: String(column.fields.table),
      mode: field === "statistics" ? "ShareUpdateExclusiveLock" : "AccessExclusiveLock",
    },
  }));
}

function tableOf(column: SchemaObject): string {
  return sqlName(String(column.fields.table));
}

const VOLATILE = /\b(?:gen_random_uuid|uuid_generate_v\w+|uuidv[47]|random|clock_timestamp|timeofday|nextval)\s*\(/i;

export function addColumn(parts: ColumnParts): Draft[] {
  const { column } = parts;
  const { fields } = column;
  const filled =
    (fields.default !== undefined && parts.withDefault) ||
    fields.identity !== undefined ||
    fields.generated !== undefined;
  const rewrites =
    fields.identity !== undefined ||
    String(fields.generated ?? "").startsWith("stored") ||
    (filled && VOLATILE.test(String(fields.default ?? "")));
  const add: Draft = {
    sql: `ALTER TABLE ${tableOf(column)} ADD COLUMN ${columnDefinition(parts)};`,
    does: "adds the column",
    needs:
      fields.notNull === true && !filled ? "the table is empty, for the column is NOT NULL and has no default" : null,
    lock: exclusive(String(fields.table)),
    rewrites,
    scans: rewrites,
  };
  return [add, ...columnExtras(column)];
}

export function dropColumn(column: SchemaObject): Draft[] {
  return [
    {
      sql: `ALTER TABLE ${tableOf(column)} DROP COLUMN ${lastName(column.name)};`,
      does: "drops the column",
      lossy: column.fields.generated === undefined ? "the column with its values" : null,
      lock: exclusive(String(column.fields.table)),
    },
  ];
}

/** Sets or drops a default; values that are stored stay what they are. */
export function setDefault(column: SchemaObject, value: FieldValue | undefined): Draft[] {
  return [
    {
      sql: `ALTER TABLE ONLY ${tableOf(column)} ALTER COLUMN ${lastName(column.name)} ${value === undefined ? "DROP DEFAULT" : `SET DEFAULT ${value}`};`,
      does: value === undefined ? "drops the default" : "sets the default",
      lock: exclusive(String(column.fields.table)),
    },
  ];
}

/** Both states of a column, with what its identity counts by. */
export interface ColumnChange {
  readonly before: SchemaObject;
  readonly after: SchemaObject;
  readonly sequenceBefore: SchemaObject | undefined;
  readonly sequenceAfter: SchemaObject | undefined;
  /** True when other tables inherit from its table or are partitions of it, so that its statement reaches them. */
  readonly hasChildren: boolean;
  /** True when its parent's statement changes type, identity and expression for it. */
  readonly byParent: boolean;
  /** True when its type was made anew elsewhere, which also moved its default. */
  readonly retyped: boolean;
}

/** Changes a column in place. Its default goes with it when the type changes, and is else set apart. */
export function alterColumn({
  before,
  after,
  sequenceBefore,
  sequenceAfter,
  byParent,
  hasChildren,
  retyped,
}: ColumnChange): Draft[] {
  const changed = changedFields(before, after);
  const column = lastName(after.name);
  const relation = String(after.fields.table);
  const drafts: Draft[] = [];
  const alter = (what: string, does: string, more: Partial<Draft> = {}, only = false) =>
    drafts.push({
      sql: `ALTER TABLE ${only ? "ONLY " : ""}${tableOf(after)} ALTER COLUMN ${column} ${what};`,
      does,
      lock: exclusive(relation),
      ...more,
    });
  const sequenceMoved = sequenceBefore?.name !== sequenceAfter?.name;
  const [hadIdentity, hasIdentity] = [before.fields.identity !== undefined, after.fields.identity !== undefined];
  const renewed = hadIdentity && hasIdentity && sequenceMoved;
  if (hadIdentity && (!hasIdentity || renewed) && !byParent)
    alter("DROP IDENTITY", "is no identity any more", { lossy: "how far the identity has counted" });
  if (String(before.fields.generated ?? "").startsWith("stored") && after.fields.generated === undefined && !byParent) {
    alter("DROP EXPRESSION", "keeps its values and is no longer generated");
  }
  const moved = changed.has("type") || changed.has("collation");
  if (moved && !byParent && !retyped) drafts.push(...changeType(before, after, hasChildren));
  if (changed.has("notNull")) {
    const set = after.fields.notNull === true;
    alter(
      `${set ? "SET" : "DROP"} NOT NULL`,
      set ? "forbids NULL" : "allows NULL",
      set ? { needs: "no row holds NULL", scans: true } : {},
    );
  }
  if (hasIdentity && (!hadIdentity || renewed) && !byParent) {
    alter(`ADD GENERATED ${identityWords(after)} AS IDENTITY${identityOptions(sequenceAfter)}`, "becomes an identity");
    if (sequenceAfter) drafts.push(continueFrom(after, sequenceAfter));
  } else if (hadIdentity && hasIdentity && changed.has("identity") && !byParent) {
    alter(`SET GENERATED ${identityWords(after)}`, "changes what an insert may say");
  }
  for (const field of ["storage", "compression", "statistics", "options"]) {
    // A change of type forgets how the values are stored.
    const forgotten = moved && (field === "storage" || field === "compression");
    if (forgotten ? after.fields[field] !== undefined : changed.has(field)) {
      drafts.push(...columnSetting(after, field, before.fields[field]));
    }
  }
  if (changed.has("comment")) drafts.push(commentOn(after));
  return drafts;
}

/** An identity on a column with values goes on after the largest of them. */
function continueFrom(column: SchemaObject, { name, fields }: SchemaObject): Draft {
  const value = `(SELECT max(${lastName(column.name)}) FROM ${tableOf(column)})`;
  return {
    sql: `SELECT pg_catalog.setval('${sqlName(name).replaceAll("'", "''")}', greatest(${value} + ${fields.increment}, ${fields.start}), false);`,
    does: "lets the identity go on after the largest value",
    scans: true,
  };
}

function changeType(before: SchemaObject, after: SchemaObject, hasChildren: boolean): Draft[] {
  const column = lastName(after.name);
  const [from, to] = [String(before.fields.type), String(after.fields.type)];
  const fits = widens(from, to);
  const inPlace = fits && !/^(?:smallint|integer|bigint)$/.test(from);
  const collation = after.fields.collation === undefined ? "" : ` COLLATE ${after.fields.collation}`;
  const [was, is] = [before.fields.default, after.fields.default];
  const type = `ALTER COLUMN ${column} TYPE ${to}${collation}${fits ? "" : ` USING ${castTo(column, from, to)}`}`;
  // The type reaches the tables below, and their defaults are their own.
  const parts = hasChildren
    ? [type]
    : [
        ...(was === undefined ? [] : [`ALTER COLUMN ${column} DROP DEFAULT`]),
        type,
        ...(is === undefined ? [] : [`ALTER COLUMN ${column} SET DEFAULT ${is}`]),
      ];
  const change: Draft = {
    sql: `ALTER TABLE ${tableOf(after)} ${parts.join(", ")};`,
    does: `changes the type from ${from} to ${to}`,
    lossy:
      fits || keepsEverything(from, to) ? null : "what the new type cannot hold, such as digits, time of day or length",
    needs: fits ? null : `every value can be read as ${to}`,
    lock: exclusive(String(after.fields.table)),
    rewrites: !inPlace,
    scans: !inPlace,
  };
  if (!hasChildren) return [change];
  return [
    ...(was === undefined ? [] : setDefault(after, undefined)),
    change,
    ...(is === undefined ? [] : setDefault(after, is)),
  ];
}

/** The name of a column without its table, as it is. */
export function columnName(column: SchemaObject): string {
  return nameParts(column.name).at(-1)!;
}
