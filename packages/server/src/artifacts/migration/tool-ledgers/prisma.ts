import { randomUUID } from "node:crypto";
import { sha256 } from "../sha256.ts";
import { literal } from "./literal.ts";
import type { ToolLedger } from "./tool-ledger.ts";

/** `_prisma_migrations`: a row a try; its checksum is the SHA-256 of the file, with whichever line ends it was checked out. */
export const prisma: ToolLedger = {
  title: "Prisma",
  table: "_prisma_migrations",
  columns: ["id", "checksum", "finished_at", "migration_name", "rolled_back_at", "started_at", "applied_steps_count"],
  create: (table) => [
    `create table if not exists ${table} (
       id varchar(36) primary key not null,
       checksum varchar(64) not null,
       finished_at timestamptz,
       migration_name varchar(255) not null,
       logs text,
       rolled_back_at timestamptz,
       started_at timestamptz not null default now(),
       applied_steps_count integer not null default 0
     )`,
  ],
  keyOf: ({ name }) => name,
  checksumsOf: (text) => {
    const unix = text.replaceAll("\r\n", "\n");
    return [...new Set([sha256(text), sha256(unix), sha256(unix.replaceAll("\n", "\r\n"))])];
  },
  select: (table) =>
    `select migration_name as name, checksum, finished_at is not null as finished from ${table} where rolled_back_at is null`,
  interpret: (rows) => ({
    rows: new Map(rows.filter((row) => row.finished).map((row) => [String(row.name), String(row.checksum)])),
    unfinished: rows.filter((row) => !row.finished).map((row) => String(row.name)),
  }),
  insert: (table, { name, text }) =>
    `insert into ${table} (id, checksum, started_at, finished_at, migration_name, applied_steps_count)
       values (${literal(randomUUID())}, ${literal(sha256(text))}, pg_catalog.now(), pg_catalog.clock_timestamp(), ${literal(name)}, 1)`,
  remove: (table, { name }) =>
    `delete from ${table} where migration_name = ${literal(name)} and rolled_back_at is null`,
};
