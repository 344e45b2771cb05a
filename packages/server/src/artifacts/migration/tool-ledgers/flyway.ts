import { crc32 } from "node:zlib";
import { compareDotted } from "@change-mgmt/analysis/sql/histories/versions.ts";
import { literal } from "./literal.ts";
import type { ToolEntry, ToolLedger } from "./tool-ledger.ts";

/** `flyway_schema_history`: a row an event, in the order of `installed_rank`; the checksum is over the lines without their ends. */
export const flyway: ToolLedger = {
  title: "Flyway",
  table: "flyway_schema_history",
  columns: ["installed_rank", "version", "description", "type", "script", "checksum", "installed_by", "success"],
  create: (table) => [
    `create table if not exists ${table} (
       installed_rank int not null,
       version varchar(50),
       description varchar(200) not null,
       type varchar(20) not null,
       script varchar(1000) not null,
       checksum integer,
       installed_by varchar(100) not null,
       installed_on timestamp not null default now(),
       execution_time integer not null,
       success boolean not null,
       constraint flyway_schema_history_pk primary key (installed_rank)
     )`,
    `create index if not exists flyway_schema_history_s_idx on ${table} (success)`,
  ],
  keyOf: (entry) => keyOf(entry.version, describe(entry.name)),
  checksumsOf: (text) => [checksum(text)],
  select: (table) =>
    `select version, description, type, checksum::text as checksum, success from ${table} order by installed_rank`,
  interpret(all, entries) {
    const rows = new Map<string, string | null>();
    const unfinished = new Set<string>();
    for (const { version, description, type, checksum: sum, success } of all) {
      const key = keyOf(version === null ? null : String(version), String(description));
      const undone = String(type).startsWith("UNDO") || type === "DELETE";
      if (type === "SCHEMA") continue;
      if (!success) unfinished.add(String(version ?? description));
      else if (undone) rows.delete(key);
      else if (String(type).endsWith("BASELINE")) addUpTo(rows, String(version), entries);
      else rows.set(key, sum === null ? null : String(sum));
    }
    return { rows, unfinished: [...unfinished] };
  },
  insert: (table, entry) =>
    `insert into ${table} (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
       select coalesce(max(installed_rank), 0) + 1, ${literal(entry.version?.replaceAll("_", ".") ?? null)}, ${literal(describe(entry.name))}, 'SQL',
              ${literal(entry.name)}, ${checksum(entry.text)}, session_user, 0, true from ${table}`,
  remove: (table, { name, version }) =>
    version === null
      ? `delete from ${table} where version is null and script = ${literal(name)}`
      : `delete from ${table} where version = ${literal(version.replaceAll("_", "."))}`,
};

/** What was there when Flyway was introduced counts as applied. */
function addUpTo(
  rows: Map<string, string | null>,
  baseline: string,
  entries: readonly Pick<ToolEntry, "name" | "version">[],
): void {
  for (const { name, version } of entries)
    if (version !== null && compareDotted(version, baseline) <= 0) rows.set(keyOf(version, describe(name)), null);
}

/** Versions that Flyway takes for the same have one key: 1_0 and 01. */
function keyOf(version: string | null, description: string): string {
  if (version === null) return description;
  const parts = version.split(/[._]/).map((part) => BigInt(part).toString());
  while (parts.length > 1 && parts.at(-1) === "0") parts.pop();
  return parts.join(".");
}

/** `V1__add_users.sql` → `add users`. */
function describe(name: string): string {
  return name
    .replace(/^[A-Z][^_]*(?:_\d+)*__/, "")
    .replace(/\.sql$/, "")
    .replaceAll("_", " ");
}

function checksum(text: string): string {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  // A reader of lines does not see one more after the last line's end.
  if (lines.at(-1) === "") lines.pop();
  return String(lines.reduce((sum, line) => crc32(line, sum), 0) | 0);
}
