import { qualifiedName } from "@change-mgmt/domain/schema/model.ts";
import type { Statement } from "../sql/statements.ts";
import type { RelationProbe, StatementFacts } from "./probe.ts";

const NOTHING: StatementFacts = { locks: [], rewrites: [], scans: [] };

/** Locks, rewrites and scans of a statement that runs outside a transaction, as Postgres's documentation gives them. */
export function knownFacts(statement: Statement, probe: RelationProbe): StatementFacts {
  const existing = probe.names();
  const named = statement.relations.map(({ schema, name }) => qualifiedName(schema ?? "public", name));
  const tables = named.map((name) => probe.tableOfIndex(name) ?? name).filter((name) => existing.has(name));
  const lock = (mode: string) => tables.map((relation) => ({ relation, mode }));
  const fields = Object.values(statement.node)[0] as { options?: unknown };
  switch (statement.kind) {
    case "create_index":
    case "reindex":
      return { locks: lock("ShareUpdateExclusiveLock"), rewrites: [], scans: tables };
    case "drop_index":
      return { locks: lock("ShareUpdateExclusiveLock"), rewrites: [], scans: [] };
    case "vacuum":
      return JSON.stringify(fields.options ?? []).includes('"full"')
        ? { locks: lock("AccessExclusiveLock"), rewrites: tables, scans: tables }
        : { locks: lock("ShareUpdateExclusiveLock"), rewrites: [], scans: tables };
    case "alter_table": {
      // DETACH PARTITION CONCURRENTLY ends with a short exclusive lock on the partition.
      const [parent, ...partitions] = tables;
      const locks = partitions.map((relation) => ({ relation, mode: "AccessExclusiveLock" }));
      return parent === undefined
        ? NOTHING
        : { locks: [{ relation: parent, mode: "ShareUpdateExclusiveLock" }, ...locks], rewrites: [], scans: [] };
    }
    case "do":
      return { locks: writtenBy(statement.text, existing), rewrites: [], scans: [] };
    default:
      return NOTHING;
  }
}

/** Tables that the code of a block names as written; it commits by itself, so that no lock can be looked at afterwards. */
function writtenBy(code: string, existing: ReadonlySet<string>): StatementFacts["locks"] {
  const named = [
    ...code.matchAll(
      /\b(?:update(?:\s+only)?|insert\s+into|delete\s+from)\s+((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)/gi,
    ),
  ];
  const names = new Set(named.map(([, name]) => (name!.includes(".") ? name! : `public.${name}`)));
  return [...names].filter((name) => existing.has(name)).map((relation) => ({ relation, mode: "RowExclusiveLock" }));
}
