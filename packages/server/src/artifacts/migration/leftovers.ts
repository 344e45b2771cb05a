import type { Statement } from "@change-mgmt/analysis/sql/statements.ts";
import { sessionError } from "../../assets/databases/connection-loss.ts";
import type { TargetSession } from "../../assets/databases/target.ts";

/**
 * What a statement that cannot run in a transaction has left on the target:
 * `absent` nothing, `finished` all of it, `broken` something half-made, `building` somebody is still at it.
 */
export type Leftover =
  | { readonly state: "absent" | "finished" | "building" }
  | { readonly state: "broken"; readonly what: string; readonly repair: readonly string[] };

interface RangeVar {
  readonly schemaname?: string;
  readonly relname: string;
}

/** Looks at the target for what the statement makes or takes away. Statements that may simply be run again are `absent`. */
export async function examine(session: TargetSession, statement: Statement): Promise<Leftover> {
  const { IndexStmt, DropStmt, ReindexStmt, AlterTableStmt } = statement.node as Record<string, never>;
  if (IndexStmt) return examineIndex(session, IndexStmt as { idxname: string; relation: RangeVar });
  if (DropStmt) return examineDrop(session, statement);
  if (ReindexStmt) return examineReindex(session, ReindexStmt as { relation?: RangeVar });
  if (AlterTableStmt) return examineDetach(session, AlterTableStmt as AlterTable);
  return { state: "absent" };
}

/** A build that ended in an error leaves its index INVALID; Postgres neither uses it nor builds it again by itself. */
async function examineIndex(session: TargetSession, index: { idxname: string; relation: RangeVar }): Promise<Leftover> {
  const { rows } = await session.query(
    `select format('%I.%I', n.nspname, c.relname) as name, i.indisvalid as valid,
            exists (select from pg_catalog.pg_stat_progress_create_index p where p.index_relid = c.oid) as building
       from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relname = $1 and i.indrelid = pg_catalog.to_regclass($2)`,
    [index.idxname, quoted(index.relation)],
  );
  const found = rows[0];
  if (!found) return { state: "absent" };
  if (found.valid) return { state: "finished" };
  if (found.building) return { state: "building" };
  return {
    state: "broken",
    what: `the INVALID index ${found.name}`,
    repair: [`drop index concurrently if exists ${found.name}`],
  };
}

async function examineDrop(session: TargetSession, statement: Statement): Promise<Leftover> {
  const names = statement.relations.map(({ schema, name }) => quoted({ schemaname: schema, relname: name }));
  const { rows } = await session.query(
    "select 1 from unnest($1::text[]) name where pg_catalog.to_regclass(name) is not null",
    [names],
  );
  return { state: rows.length === 0 ? "finished" : "absent" };
}

async function examineReindex(session: TargetSession, { relation }: { relation?: RangeVar }): Promise<Leftover> {
  if (!relation) return { state: "absent" };
  const { rows } = await session.query(
    `with target as (select pg_catalog.to_regclass($1)::oid as oid)
     select format('%I.%I', n.nspname, c.relname) as name
       from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace, target
      where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$'
        and i.indrelid in (target.oid, (select o.indrelid from pg_catalog.pg_index o where o.indexrelid = target.oid))`,
    [quoted(relation)],
  );
  if (rows.length === 0) return { state: "absent" };
  return {
    state: "broken",
    what: `the INVALID index ${rows.map((row) => row.name).join(", ")}`,
    repair: rows.map((row) => `drop index concurrently if exists ${row.name}`),
  };
}

interface AlterTable {
  readonly relation: RangeVar;
  readonly cmds: readonly { AlterTableCmd: { def?: { PartitionCmd?: { name?: RangeVar } } } }[];
}

async function examineDetach(session: TargetSession, { relation, cmds }: AlterTable): Promise<Leftover> {
  const partition = cmds[0]?.AlterTableCmd.def?.PartitionCmd?.name;
  if (!partition) return { state: "absent" };
  const { rows } = await session.query(
    `select inhdetachpending as pending from pg_catalog.pg_inherits
      where inhparent = pg_catalog.to_regclass($1) and inhrelid = pg_catalog.to_regclass($2)`,
    [quoted(relation), quoted(partition)],
  );
  if (rows.length === 0) return { state: "finished" };
  if (!rows[0]!.pending) return { state: "absent" };
  await session.query(`alter table ${quoted(relation)} detach partition ${quoted(partition)} finalize`);
  return { state: "finished" };
}

/** Rejects when the statement reported success and yet left its index INVALID, as IF NOT EXISTS does over a broken one. */
export async function requireWhole(session: TargetSession, statement: Statement): Promise<void> {
  if (statement.node.IndexStmt === undefined) return;
  const left = await examine(session, statement);
  if (left.state === "broken") throw sessionError("55000", `${left.what} is what the statement left`);
}

function quoted({ schemaname, relname }: RangeVar): string {
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
  return schemaname === undefined ? quote(relname) : `${quote(schemaname)}.${quote(relname)}`;
}
