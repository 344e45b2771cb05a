import { literal } from "./literal.ts";
import type { ToolLedger } from "./tool-ledger.ts";

/** Where deployments note the version that was there before each, which the tool's one row forgets. */
const BEFORE = "change_mgmt_ledger.versions_before";

/** `schema_migrations` of golang-migrate: one row with the newest version, which all before it have come with, and whether it is half done. */
export const golangMigrate: ToolLedger = {
  title: "golang-migrate",
  table: "schema_migrations",
  columns: ["version", "dirty"],
  create: (table) => [
    `create table if not exists ${table} (version bigint not null primary key, dirty boolean not null)`,
  ],
  keyOf: ({ version }) => BigInt(version!).toString(),
  checksumsOf: () => null,
  select: (table) => `select version::text as version, dirty from ${table}`,
  interpret: (rows, entries) => {
    const [row] = rows;
    if (row === undefined) return { rows: new Map(), unfinished: [] };
    const newest = BigInt(String(row.version));
    const keys = entries.map((entry) => BigInt(entry.version!)).filter((version) => version <= newest);
    const applied = [...keys, newest].map((version) => [version.toString(), null] as const);
    return { rows: new Map(applied), unfinished: row.dirty === true ? [`version ${newest}`] : [] };
  },
  insert: (table, { version }) =>
    `with before as (delete from ${table} where version <> ${BigInt(version!)})
     insert into ${table} (version, dirty) values (${BigInt(version!)}, false) on conflict (version) do update set dirty = false`,
  memory: {
    create: [
      `create table if not exists ${BEFORE} (ledger text not null, version bigint not null, before bigint, primary key (ledger, version))`,
    ],
    note: (table, { version }) =>
      `insert into ${BEFORE} (ledger, version, before) select ${literal(table)}, ${BigInt(version!)}, pg_catalog.max(version) from ${table}
         on conflict (ledger, version) do update set before = excluded.before`,
  },
  remove: (table, { version }) =>
    `with noted as (delete from ${BEFORE} where ledger = ${literal(table)} and version = ${BigInt(version!)} returning before),
          gone as (delete from ${table} where version = ${BigInt(version!)} and exists (select from noted))
     insert into ${table} (version, dirty) select before, false from noted where before is not null`,
  newerThan({ version }, { rows }) {
    return [...rows.keys()].find((one) => BigInt(one) > BigInt(version!)) ?? null;
  },
};
