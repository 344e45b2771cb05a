import type { Action, Does, LockMode, Name } from "./actions.ts";
import type { StatementFacts } from "./facts.ts";
import { full, type Migration } from "./migration.ts";

export interface Lock {
  readonly relation: string;
  readonly mode: string;
}

/** The mode under which nobody else reads or writes. */
export const STRONGEST: LockMode = "AccessExclusiveLock";

/** Whether a lock keeps writers out. */
export function isStrong({ mode }: Lock): boolean {
  return ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", STRONGEST].includes(mode);
}

/** What a statement locks among relations that were there before: measured, or from Postgres's documentation where it did not run. */
export function locksOf(statement: StatementFacts, migration: Migration): readonly Lock[] {
  if (statement.measured !== null) return statement.measured.locks;
  return statement.actions.flatMap((action) =>
    documented(action)
      .filter(([name]) => !migration.isNew(name, statement))
      .map(([name, mode]) => ({ relation: full(name), mode })),
  );
}

/** Modes of actions on one table; what is not here takes a lock that lets others work. */
const ON_TABLE: { readonly [D in Does]?: LockMode } = {
  add_column: STRONGEST,
  drop_column: STRONGEST,
  alter_column_type: STRONGEST,
  set_default: STRONGEST,
  set_not_null: STRONGEST,
  drop_not_null: STRONGEST,
  add_identity: STRONGEST,
  set_identity: STRONGEST,
  drop_identity: STRONGEST,
  drop_expression: STRONGEST,
  set_expression: STRONGEST,
  drop_constraint: STRONGEST,
  row_security: STRONGEST,
  switch_trigger: "ShareRowExclusiveLock",
  set_logged: STRONGEST,
  set_unlogged: STRONGEST,
  set_tablespace: STRONGEST,
  create_policy: STRONGEST,
  alter_policy: STRONGEST,
  create_rule: STRONGEST,
  create_trigger: "ShareRowExclusiveLock",
};

function documented(action: Action): readonly (readonly [Name, LockMode])[] {
  switch (action.does) {
    case "add_constraint": {
      const { kind, references } = action.constraint;
      const mode: LockMode = kind === "foreign key" ? "ShareRowExclusiveLock" : STRONGEST;
      return references === null
        ? [[action.table, mode]]
        : [
            [action.table, mode],
            [references, mode],
          ];
    }
    case "create_index":
      return action.concurrently ? [] : [[action.table, "ShareLock"]];
    case "detach_partition":
      return action.concurrently
        ? [[action.partition, STRONGEST]]
        : [
            [action.table, STRONGEST],
            [action.partition, STRONGEST],
          ];
    case "attach_partition":
      return [[action.partition, STRONGEST]];
    case "drop":
      return /^(?:table|view|materialized view)$/.test(action.object)
        ? action.names.map((name) => [name, STRONGEST])
        : [];
    case "rename":
      return /^(?:table|column|constraint|view|materialized view)$/.test(action.object) ? [[action.of, STRONGEST]] : [];
    case "truncate":
      return action.tables.map((name) => [name, STRONGEST]);
    case "lock":
      return action.tables.map((name) => [name, action.mode]);
    case "refresh":
      return action.concurrently ? [[action.view, "ExclusiveLock"]] : [[action.view, STRONGEST]];
    default: {
      const mode = ON_TABLE[action.does];
      return mode === undefined ? [] : [[(action as { table: Name }).table, mode]];
    }
  }
}
