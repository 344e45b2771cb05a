import type { ToolLedger } from "./tool-ledger.ts";

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
  remove: () => null,
};
