import { changedFields } from "@change-mgmt/domain/schema/fields.ts";
import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "../alteration.ts";
import { list } from "../field-list.ts";
import { keyName, sqlName } from "../identifiers.ts";
import { type ColumnParts, columnDefinition, columnExtras } from "./columns.ts";
import { commentIfAny, commentOn } from "./comments.ts";
import { exclusive } from "./locks.ts";
import { changeOptions, relationOptions } from "./options.ts";

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
