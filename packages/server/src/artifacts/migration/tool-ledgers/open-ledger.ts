import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { TargetSession } from "../../../assets/databases/target.ts";
import { type KeptTool, TOOL_LEDGERS } from "./ledgers.ts";
import type { ToolEntry, ToolLedger, ToolRows } from "./tool-ledger.ts";

/** The ledger of a tool on one database. */
export interface OpenLedger {
  /** What people call the tool. */
  readonly title: string;
  readonly there: boolean;
  keyOf(entry: Pick<ToolEntry, "name" | "version">): string;
  checksumsOf(text: string): readonly string[] | null;
  read(entries: readonly Pick<ToolEntry, "name" | "version">[]): Promise<ToolRows>;
  /** Statements that make it, or bring it to where rows can be written; none where nothing is missing. */
  readonly make: readonly string[];
  /** The statement that records a migration. */
  insert(entry: ToolEntry): string;
  /** The statement that takes the record away. */
  remove(entry: ToolEntry): string;
  /** Statements that make a place for `note`; none where nothing is to be noted. */
  readonly memory: readonly string[];
  /** The statement that notes before `insert` what the ledger forgets by it; null where it forgets nothing. */
  note(entry: ToolEntry): string | null;
  /** The version that has to be taken back before an entry can be; null where nothing is in the way. */
  newerThan(entry: ToolEntry, rows: ToolRows): string | null;
}

/**
 * Finds the ledger of a tool by its name, along the search path of the login. Refuses with
 * TOOL_LEDGER_UNKNOWN where a table of that name has other columns.
 */
export async function openLedger(session: Pick<TargetSession, "query">, tool: KeptTool): Promise<Outcome<OpenLedger>> {
  const ledger: ToolLedger = TOOL_LEDGERS[tool];
  const { rows } = await session.query(
    `select pg_catalog.quote_ident(coalesce(pg_catalog.current_schema(), 'public')) as home, found.name,
            (select pg_catalog.array_agg(a.attname::text) from pg_catalog.pg_attribute a
              where a.attrelid = found.oid and a.attnum > 0 and not a.attisdropped) as columns
       from (values (1)) one left join
            (select c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) as name from pg_catalog.pg_class c
               join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              where c.oid = pg_catalog.to_regclass($1)) found on true`,
    [ledger.schema === undefined ? ledger.table : `${ledger.schema}.${ledger.table}`],
  );
  const { home, name, columns } = rows[0] as { home: string; name: string | null; columns: string[] | null };
  const table = name ?? `${ledger.schema ?? home}.${ledger.table}`;
  const there = name !== null;
  const foreign = there && (ledger.columns.some((column) => !columns!.includes(column)) || isOthers(tool, columns!));
  if (foreign) {
    return refuse(
      "TOOL_LEDGER_UNKNOWN",
      `The table ${table} is not the ledger that ${ledger.title} makes: its columns are ${columns!.join(", ")}.`,
      "See which tool has worked on this database, and whether this is the right one.",
    );
  }
  const missing = Object.entries(ledger.widen ?? {}).filter(([column]) => !columns?.includes(column));
  return accept({
    title: ledger.title,
    there,
    keyOf: (entry) => ledger.keyOf(entry),
    checksumsOf: (text) => ledger.checksumsOf(text),
    read: async (entries) =>
      there
        ? ledger.interpret((await session.query(ledger.select(table))).rows, entries)
        : { rows: new Map(), unfinished: [] },
    make: there
      ? missing.map(([column, type]) => `alter table ${table} add column if not exists ${column} ${type}`)
      : ledger.create(table),
    insert: (entry) => ledger.insert(table, entry),
    remove: (entry) => ledger.remove(table, entry),
    memory: ledger.memory?.create ?? [],
    note: (entry) => ledger.memory?.note(table, entry) ?? null,
    newerThan: (entry, rows) => ledger.newerThan?.(entry, rows) ?? null,
  });
}

/** Two tools call their table schema_migrations; one of them knows a row that is dirty. */
function isOthers(tool: KeptTool, columns: readonly string[]): boolean {
  return tool === "dbmate" && columns.includes("dirty");
}
