import { changedFields } from "@change-mgmt/domain/schema/fields.ts";
import type { FieldValue, SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { widens } from "@change-mgmt/domain/schema/type-widening.ts";
import type { AlterationStep, Draft } from "../alteration.ts";
import { list } from "../fates.ts";
import { keyName, lastName, nameParts, sqlName } from "../identifiers.ts";
import { commentIfAny, commentOn } from "./comments.ts";
import { sequenceOptions } from "./types.ts";

/** A column with what its definition takes from elsewhere. */
export interface ColumnParts {
  readonly column: SchemaObject;
  /** The sequence behind its identity. */
  readonly sequence: SchemaObject | undefined;
  /** False when the default follows in a statement of its own. */
  readonly withDefault: boolean;
}

/** The strongest lock there is, on a table. */
export function exclusive(relation: string): NonNullable<AlterationStep["lock"]> {
  return { relation, mode: "AccessExclusiveLock" };
}

/** Makes a table with the columns that are its own; partitions stand for themselves until they are attached. */
export function makeTable(table: SchemaObject, columns: readonly ColumnParts[]): Draft[] {
  const { fields } = table;
  const parts = columns.filter(({ column }) => column.fields.inherited !== true).map(columnDefinition);
  const unlogged = fields.persistence === "unlogged" ? "UNLOGGED " : "";
  const inherits = list(fields.inherits).map((name) => sqlName(name));
  const sql = [
    `CREATE ${unlogged}TABLE ${sqlName(table.name)} (${parts.length === 0 ? "" : `\n  ${parts.join(",\n  ")}\n`})`,
    ...(inherits.length > 0 ? [`INHERITS (${inherits.join(", ")})`] : []),
    ...(fields.partitionKey === undefined ? [] : [`PARTITION BY ${fields.partitionKey}`]),
    ...(fields.options === undefined ? [] : [`WITH (${relationOptions(fields.options)})`]),
  ].join(" ");
  return [
    { sql: `${sql};`, does: "makes the table" },
    ...commentIfAny(table),
    ...rowSecurity(table, fields.rowSecurity === true, fields.forceRowSecurity === true),
    ...(["nothing", "full"].includes(String(fields.replicaIdentity)) ? [replicaIdentity(table)] : []),
    ...columns.flatMap(({ column }) => columnExtras(column)),
  ];
}

function rowSecurity(table: SchemaObject, enabled: boolean | null, forced: boolean | null): Draft[] {
  const alter = (what: string, does: string): Draft => ({
    sql: `ALTER TABLE ${sqlName(table.name)} ${what} ROW LEVEL SECURITY;`,
    does,
    lock: exclusive(table.name),
  });
  return [
    ...(enabled ? [alter("ENABLE", "turns row security on")] : []),
    ...(forced ? [alter("FORCE", "holds owners to row security")] : []),
  ];
}

function replicaIdentity({ name, fields }: SchemaObject): Draft {
  const identity = { nothing: "NOTHING", full: "FULL" }[String(fields.replicaIdentity)] ?? "DEFAULT";
  return {
    sql: `ALTER TABLE ${sqlName(name)} REPLICA IDENTITY ${identity};`,
    does: "changes the replica identity",
    lock: exclusive(name),
  };
}

/** Options such as `fillfactor=70` as WITH and SET take them. */
export function relationOptions(options: FieldValue | undefined): string {
  return list(options)
    .map((option) => {
      const at = option.indexOf("=");
      return `${option.slice(0, at)} = '${option.slice(at + 1).replaceAll("'", "''")}'`;
    })
    .join(", ");
}

/** SET and RESET that lead from one list of options to another. */
export function changeOptions(before: FieldValue | undefined, after: FieldValue | undefined): string[] {
  const name = (option: string) => option.slice(0, option.indexOf("="));
  const set = list(after).filter((option) => !list(before).includes(option));
  const kept = list(after).map(name);
  const gone = list(before)
    .map(name)
    .filter((one) => !kept.includes(one));
  return [
    ...(set.length > 0 ? [`SET (${relationOptions(set)})`] : []),
    ...(gone.length > 0 ? [`RESET (${gone.join(", ")})`] : []),
  ];
}

/** Changes what a table is beside its columns and its parents. */
export function alterTable(before: SchemaObject, after: SchemaObject): Draft[] {
  const changed = changedFields(before, after);
  const name = sqlName(after.name);
  const drafts: Draft[] = [];
  const alter = (what: string, does: string, more: Partial<Draft> = {}) =>
    drafts.push({ sql: `ALTER TABLE ${name} ${what};`, does, lock: exclusive(after.name), ...more });
  if (changed.has("persistence")) {
    const to = after.fields.persistence === "unlogged" ? "UNLOGGED" : "LOGGED";
    alter(`SET ${to}`, `makes the table ${to.toLowerCase()}`, { rewrites: true });
  }
  for (const option of changeOptions(before.fields.options, after.fields.options)) {
    alter(option, "changes storage options", { lock: { relation: after.name, mode: "ShareUpdateExclusiveLock" } });
  }
  if (changed.has("rowSecurity")) {
    const on = after.fields.rowSecurity === true;
    alter(`${on ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`, `turns row security ${on ? "on" : "off"}`);
  }
  if (changed.has("forceRowSecurity")) {
    const on = after.fields.forceRowSecurity === true;
    alter(
      `${on ? "FORCE" : "NO FORCE"} ROW LEVEL SECURITY`,
      on ? "holds owners to row security" : "frees owners from row security",
    );
  }
  if (changed.has("replicaIdentity") && after.fields.replicaIdentity !== "index") drafts.push(replicaIdentity(after));
  if (changed.has("comment")) drafts.push(commentOn(after));
  return drafts;
}

/** Takes a table from under its parents. */
export function detach(before: SchemaObject): Draft[] {
  const name = sqlName(before.name);
  const { partitionOf, inherits } = before.fields;
  if (typeof partitionOf === "string") {
    const sql = `ALTER TABLE ${sqlName(partitionOf)} DETACH PARTITION ${name};`;
    return [{ sql, does: "detaches the partition", lock: exclusive(keyName(partitionOf)) }];
  }
  return list(inherits).map((parent) => ({
    sql: `ALTER TABLE ${name} NO INHERIT ${sqlName(parent)};`,
    does: `stops inheriting from ${parent}`,
    lock: exclusive(before.name),
  }));
}

/** Puts a table under its parents. */
export function attach(after: SchemaObject): Draft[] {
  const name = sqlName(after.name);
  const { partitionOf, inherits, bound } = after.fields;
  if (typeof partitionOf === "string") {
    return [
      {
        sql: `ALTER TABLE ${sqlName(partitionOf)} ATTACH PARTITION ${name} ${bound};`,
        does: "attaches the partition",
        needs: "every row of the partition is within its bounds",
        lock: { relation: keyName(partitionOf), mode: "ShareUpdateExclusiveLock" },
        scans: true,
      },
    ];
  }
  return list(inherits).map((parent) => ({
    sql: `ALTER TABLE ${name} INHERIT ${sqlName(parent)};`,
    does: `inherits from ${parent}`,
    lock: exclusive(after.name),
  }));
}

export function dropTable(table: SchemaObject): Draft[] {
  return [
    {
      sql: `DROP TABLE ${sqlName(table.name)};`,
      does: "drops the table",
      lossy: "the table with all its rows",
      lock: exclusive(table.name),
    },
  ];
}

function columnDefinition({ column, sequence, withDefault }: ColumnParts): string {
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
function columnExtras(column: SchemaObject): Draft[] {
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

const FAMILIES = [
  /^(?:smallint|integer|bigint|numeric|real|double precision)\b/,
  /^(?:text|character|character varying|citext|"char"|name)\b/,
  /^(?:timestamp|date)\b/,
  /^jsonb?$/,
];

/** The cast of a column: within a family there is one; elsewhere the way leads over text, which every type can be written as and read from. */
export function castTo(column: string, from: string, to: string): string {
  const direct = FAMILIES.some((family) => family.test(from) && family.test(to)) || FAMILIES[1]!.test(to);
  const arrays = from.endsWith("[]") && to.endsWith("[]");
  if (from.endsWith("[]") === to.endsWith("[]") && (direct || arrays)) {
    return arrays && !direct ? `${column}::text[]::${to}` : `${column}::${to}`;
  }
  return `${column}::text::${to}`;
}

function keepsEverything(from: string, to: string): boolean {
  return (
    to === "text" ||
    (from === "json" && to === "jsonb") ||
    (/^(?:smallint|integer|bigint)$/.test(from) && to === "numeric")
  );
}

/** The name of a column without its table, as it is. */
export function columnName(column: SchemaObject): string {
  return nameParts(column.name).at(-1)!;
}
