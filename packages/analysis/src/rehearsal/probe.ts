import { qualifiedName } from "@change-mgmt/domain/schema/model.ts";
import type { LockMode } from "@change-mgmt/domain/schema/rules/actions.ts";
import type { QueryFunction } from "../introspection/query-function.ts";
import { LOCK_MODES } from "../sql/lock-modes.ts";
import type { RelationLock } from "./report.ts";

interface KnownRelation {
  readonly name: string;
  readonly relkind: string;
  /** Oid of the table an index or TOAST table belongs to. */
  readonly table: number | null;
  filenode: number;
  scans: number;
  /** Strength of the strongest lock seen so far in this transaction; -1 for none. */
  held: number;
}

export interface StatementFacts {
  readonly locks: readonly RelationLock[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
}

/**
 * Watches what statements do to the relations that existed when it was made: one query after each statement, inside its transaction.
 * What an earlier statement already locked is not reported again within the transaction.
 */
export class RelationProbe {
  readonly #query: QueryFunction;
  readonly #relations: Map<number, KnownRelation>;

  private constructor(query: QueryFunction, relations: Map<number, KnownRelation>) {
    this.#query = query;
    this.#relations = relations;
  }

  static async watch(query: QueryFunction): Promise<RelationProbe> {
    const { rows } = await query(
      `select c.oid::int8 as oid, n.nspname::text as schema, c.relname::text as name, c.relkind::text as relkind, c.relfilenode::int8 as filenode,
         i.indrelid::int8 as "table"
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace left join pg_catalog.pg_index i on i.indexrelid = c.oid
       where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind <> 'c'`,
    );
    const relations = new Map<number, KnownRelation>();
    for (const row of rows) {
      relations.set(Number(row.oid), {
        name: qualifiedName(row.schema as string, row.name as string),
        relkind: row.relkind as string,
        table: row.table === null ? null : Number(row.table),
        filenode: Number(row.filenode),
        scans: 0,
        held: -1,
      });
    }
    return new RelationProbe(query, relations);
  }

  /**
   * Starts afresh, as the first thing in a transaction. Scan counters outlive a transaction, so they are read and not set to zero; between
   * transactions Postgres may hand them on at any moment and begin anew, in one it does not.
   */
  async newTransaction(): Promise<void> {
    const { rows } = await this.#query(
      "select o.oid, pg_stat_get_xact_numscans(o.oid::oid)::int8 as scans from unnest($1::int8[]) o(oid)",
      [[...this.#relations.keys()]],
    );
    for (const row of rows) {
      const relation = this.#relations.get(Number(row.oid))!;
      relation.held = -1;
      relation.scans = Number(row.scans ?? 0);
    }
  }

  /** Names of the tables, views and sequences that existed. */
  names(): Set<string> {
    return new Set([...this.#relations.values()].filter((r) => r.table === null).map((r) => r.name));
  }

  /** The table an index belonged to. */
  tableOfIndex(index: string): string | null {
    const found = [...this.#relations.values()].find((relation) => relation.table !== null && relation.name === index);
    return (found?.table && this.#relations.get(found.table)?.name) || null;
  }

  /** What the statement just run did; `truncated` says that new filenodes come from TRUNCATE and are no rewrites. */
  async look(truncated: boolean): Promise<StatementFacts> {
    const { rows } = await this.#query(
      `select l.relation::int8 as oid, array_agg(l.mode) as modes, max(c.relfilenode)::int8 as filenode, pg_stat_get_xact_numscans(l.relation)::int8 as scans
       from pg_catalog.pg_locks l left join pg_catalog.pg_class c on c.oid = l.relation
       where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.granted and l.relation >= 16384 group by l.relation
       union all select 0, null, null, null`,
    );
    // After it has run out of stack the embedded engine answers everything with nothing, errors too.
    if (!rows.some((row) => Number(row.oid) === 0)) throw new Error("it no longer answers what it is asked");
    const locks: { relation: KnownRelation; strength: number }[] = [];
    const rewrites: string[] = [];
    const scans: string[] = [];
    for (const row of rows) {
      const relation = this.#relations.get(Number(row.oid));
      if (!relation) continue;
      const strength = Math.max(...(row.modes as LockMode[]).map((mode) => LOCK_MODES.indexOf(mode)));
      if (strength > relation.held) {
        relation.held = strength;
        locks.push({ relation, strength });
      }
      const filenode = row.filenode === null ? relation.filenode : Number(row.filenode);
      if (filenode !== relation.filenode) {
        relation.filenode = filenode;
        if (!truncated && (relation.relkind === "r" || relation.relkind === "m")) rewrites.push(relation.name);
      }
      const counted = Number(row.scans ?? 0);
      if (!truncated && counted > relation.scans && relation.table === null) scans.push(relation.name);
      relation.scans = counted;
    }
    const strongest = locks.filter(({ relation, strength }) => !this.#saidByTable(relation, strength));
    return {
      locks: strongest
        .map(({ relation, strength }) => ({ relation: relation.name, mode: LOCK_MODES[strength]! }))
        .sort(byRelation),
      rewrites: rewrites.sort(),
      scans: scans.sort(),
    };
  }

  /** An index locked no harder than its table tells nothing new. */
  #saidByTable(relation: KnownRelation, strength: number): boolean {
    const table = relation.table === null ? undefined : this.#relations.get(relation.table);
    return table !== undefined && table.held >= strength;
  }
}

function byRelation(a: RelationLock, b: RelationLock): number {
  return a.relation < b.relation ? -1 : 1;
}
