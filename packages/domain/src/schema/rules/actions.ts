/** A name as a statement writes it; `schema` is null where the search path decides. */
export interface Name {
  readonly schema: string | null;
  readonly name: string;
}

/** 1-based line and column in code points. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A type as `format_type` names it without its modifiers: `character varying`, `timestamp with time zone`, `shop.mood`, `serial`. */
export interface TypeFacts {
  readonly name: string;
  /** The numbers in brackets: `[50]` of varchar(50), `[10, 2]` of numeric(10,2). */
  readonly modifiers: readonly number[];
  readonly array: boolean;
  readonly place: Place | null;
}

/** What an expression is made of. */
export interface ExpressionFacts {
  /** Functions it calls, lower case, qualified as written; `current_timestamp` and its kin among them. */
  readonly calls: readonly string[];
  /** Functions among them that are called outside any sub-select. */
  readonly callsPerRow: readonly string[];
  readonly columns: readonly string[];
  /** String literals in it. */
  readonly strings: readonly string[];
  readonly subquery: boolean;
  /** What it is when it is nothing but one literal, else undefined; a cast around it does not count. */
  readonly literal?: string | number | boolean | null;
}

export type ConstraintKind = "primary key" | "unique" | "check" | "foreign key" | "exclusion" | "not null";

export interface ConstraintFacts {
  readonly kind: ConstraintKind;
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly notValid: boolean;
  /** The existing index that it takes over. */
  readonly usingIndex: string | null;
  readonly deferrable: boolean;
  readonly references: Name | null;
  readonly referencedColumns: readonly string[];
  readonly onDelete: "no action" | "restrict" | "cascade" | "set null" | "set default";
  readonly expression: ExpressionFacts | null;
  /** Whether a CHECK says nothing but that its column is not null. */
  readonly checksNotNull: string | null;
  readonly place: Place | null;
}

export interface ColumnFacts {
  readonly name: string;
  readonly type: TypeFacts;
  readonly notNull: boolean;
  readonly default: ExpressionFacts | null;
  readonly identity: "always" | "by default" | null;
  readonly generated: "stored" | "virtual" | null;
  /** Those written at the column, NOT NULL left out. */
  readonly constraints: readonly ConstraintFacts[];
  readonly place: Place | null;
}

/** Words of what DROP, RENAME and SET SCHEMA act on: `table`, `column`, `materialized view`, `function`. */
export type ObjectWord = string;

export interface SequenceOptions {
  readonly as: string | null;
  /** Null where the statement says nothing of it. */
  readonly maxValue: number | null;
  readonly cycle: boolean;
  readonly restart: boolean;
  readonly ownedBy: string | null;
}

export interface FunctionOptions {
  readonly securityDefiner: boolean | null;
  readonly volatility: "immutable" | "stable" | "volatile" | null;
  /** Settings that it runs with, such as `search_path`. */
  readonly settings: readonly string[];
}

interface OnTable {
  readonly table: Name;
}
interface OnColumn extends OnTable {
  readonly column: string;
}
interface RelationMade extends OnTable {
  readonly ifNotExists: boolean;
}

/**
 * One thing that a statement does. An ALTER TABLE does several; a statement that no rule looks into does `other`.
 * What the parser leaves out is written out: every field is there.
 */
export type Action =
  | (RelationMade & {
      readonly does: "create_table";
      readonly columns: readonly ColumnFacts[];
      readonly constraints: readonly ConstraintFacts[];
      readonly persistence: "permanent" | "temporary" | "unlogged";
      /** Null unless partitioned. */
      readonly partitionBy: readonly string[] | null;
      readonly partitionOf: Name | null;
      readonly inherits: readonly Name[];
      /** Whether its columns come from elsewhere as well: a query, LIKE or a type. */
      readonly columnsElsewhere: boolean;
    })
  | (OnTable & { readonly does: "add_column"; readonly column: ColumnFacts; readonly ifNotExists: boolean })
  | (OnColumn & { readonly does: "drop_column"; readonly ifExists: boolean; readonly cascade: boolean })
  | (OnColumn & {
      readonly does: "alter_column_type";
      readonly type: TypeFacts;
      readonly using: ExpressionFacts | null;
    })
  | (OnColumn & { readonly does: "set_default"; readonly default: ExpressionFacts | null })
  | (OnColumn & {
      readonly does: "set_not_null" | "drop_not_null" | "drop_identity" | "drop_expression" | "set_expression";
    })
  | (OnColumn & {
      readonly does: "add_identity" | "set_identity";
      /** Null when only options of its sequence change. */
      readonly identity: "always" | "by default" | null;
      readonly restart: boolean;
    })
  | (OnTable & { readonly does: "add_constraint"; readonly constraint: ConstraintFacts })
  | (OnTable & { readonly does: "validate_constraint"; readonly name: string })
  | (OnTable & { readonly does: "drop_constraint"; readonly name: string; readonly cascade: boolean })
  | (OnTable & {
      readonly does: "attach_partition" | "detach_partition";
      readonly partition: Name;
      readonly concurrently: boolean;
    })
  | (OnTable & { readonly does: "row_security"; readonly set: "enable" | "disable" | "force" | "no force" })
  | (OnTable & {
      readonly does: "switch_trigger";
      readonly on: boolean;
      readonly trigger: "all" | "user" | { readonly name: string };
    })
  | (OnTable & { readonly does: "set_logged" | "set_unlogged" | "replica_identity_full" })
  | (OnTable & { readonly does: "set_tablespace"; readonly object: ObjectWord })
  | (OnTable & { readonly does: "set_storage_options"; readonly off: readonly string[] })
  | (OnTable & {
      readonly does: "create_index";
      readonly name: string | null;
      readonly unique: boolean;
      readonly concurrently: boolean;
      readonly ifNotExists: boolean;
      readonly method: string;
      /** In order; a column's name or an expression. */
      readonly keys: readonly { readonly column: string | null; readonly expression: ExpressionFacts | null }[];
      readonly where: ExpressionFacts | null;
    })
  | {
      readonly does: "drop";
      readonly object: ObjectWord;
      readonly names: readonly Name[];
      /** What triggers, policies and rules stand on; null for everything else. */
      readonly on: Name | null;
      readonly ifExists: boolean;
      readonly cascade: boolean;
      readonly concurrently: boolean;
    }
  | {
      readonly does: "rename";
      readonly object: ObjectWord;
      /** The table or type that a column, constraint or attribute belongs to; else the object itself. */
      readonly of: Name;
      readonly from: string;
      readonly to: string;
    }
  | { readonly does: "set_schema"; readonly object: ObjectWord; readonly name: Name; readonly to: string }
  | {
      readonly does: "truncate";
      readonly tables: readonly Name[];
      readonly cascade: boolean;
      readonly restartIdentity: boolean;
    }
  | (OnTable & { readonly does: "insert"; readonly fromQuery: boolean })
  | (OnTable & { readonly does: "update" | "delete"; readonly where: boolean })
  | { readonly does: "call"; readonly functions: readonly Call[] }
  | {
      readonly does: "create_view";
      readonly view: Name;
      readonly replace: boolean;
      readonly temporary: boolean;
      readonly securityInvoker: boolean;
      readonly star: boolean;
      readonly reads: readonly Name[];
    }
  | { readonly does: "create_materialized_view"; readonly view: Name }
  | { readonly does: "refresh"; readonly view: Name; readonly concurrently: boolean; readonly withData: boolean }
  | {
      readonly does: "reindex";
      readonly object: ObjectWord;
      readonly name: Name | null;
      readonly concurrently: boolean;
    }
  | { readonly does: "create_type"; readonly type: Name; readonly of: "enum" | "composite" | "domain" | "range" }
  | { readonly does: "add_enum_value"; readonly type: Name; readonly value: string; readonly ifNotExists: boolean }
  | { readonly does: "rename_enum_value"; readonly type: Name; readonly from: string; readonly to: string }
  | { readonly does: "add_domain_constraint"; readonly domain: Name; readonly notValid: boolean }
  | { readonly does: "create_sequence" | "alter_sequence"; readonly sequence: Name; readonly options: SequenceOptions }
  | (OnTable & {
      readonly does: "create_policy" | "alter_policy";
      readonly policy: string;
      readonly permissive: boolean;
      readonly command: "all" | "select" | "insert" | "update" | "delete";
      readonly roles: readonly string[];
      readonly using: ExpressionFacts | null;
      readonly check: ExpressionFacts | null;
    })
  | {
      readonly does: "create_function";
      readonly function: Name;
      readonly replace: boolean;
      readonly language: string;
      readonly options: FunctionOptions;
      readonly returns: string | null;
      readonly body: string;
    }
  | { readonly does: "alter_function"; readonly function: Name; readonly options: FunctionOptions }
  | (OnTable & {
      readonly does: "create_trigger";
      readonly trigger: string;
      readonly replace: boolean;
      readonly each: "row" | "statement";
    })
  | (OnTable & { readonly does: "create_rule"; readonly rule: string })
  | { readonly does: "create_event_trigger"; readonly name: string }
  | {
      readonly does: "grant" | "revoke" | "grant_by_default" | "revoke_by_default";
      /** What it is on: `table`, `schema`, `function`, `role`. */
      readonly object: ObjectWord;
      readonly everyInSchema: boolean;
      readonly names: readonly Name[];
      /** Lower case; empty for ALL. */
      readonly privileges: readonly string[];
      readonly grantees: readonly string[];
    }
  | { readonly does: "set"; readonly setting: string; readonly value: string | null; readonly local: boolean }
  | { readonly does: "transaction"; readonly word: string }
  | { readonly does: "run_code"; readonly language: string; readonly dynamic: boolean }
  | { readonly does: "call_procedure"; readonly procedure: Name }
  | (OnTable & { readonly does: "copy"; readonly from: boolean; readonly program: boolean })
  | {
      readonly does: "create_extension";
      readonly extension: string;
      readonly ifNotExists: boolean;
      readonly schema: string | null;
    }
  | { readonly does: "lock"; readonly tables: readonly Name[]; readonly mode: LockMode }
  | { readonly does: "cluster"; readonly table: Name | null }
  | { readonly does: "vacuum"; readonly tables: readonly Name[]; readonly full: boolean }
  | { readonly does: "alter_system"; readonly setting: string }
  | { readonly does: "role"; readonly name: string; readonly powers: readonly string[]; readonly password: boolean }
  | { readonly does: "secret"; readonly where: string }
  | { readonly does: "publish_all_tables"; readonly publication: string }
  | { readonly does: "drop_owned"; readonly roles: readonly string[] }
  | { readonly does: "load"; readonly library: string }
  | { readonly does: "create_schema"; readonly schema: string; readonly ifNotExists: boolean }
  | { readonly does: "other" };

/** One function called by a SELECT that stands by itself. */
export interface Call {
  readonly name: string;
  /** Literals by position; undefined in JSON's way, null, for what is no literal. */
  readonly literals: readonly (string | number | boolean | null)[];
}

export type LockMode =
  | "AccessShareLock"
  | "RowShareLock"
  | "RowExclusiveLock"
  | "ShareUpdateExclusiveLock"
  | "ShareLock"
  | "ShareRowExclusiveLock"
  | "ExclusiveLock"
  | "AccessExclusiveLock";

export type Does = Action["does"];
export type ActionThat<D extends Does> = Action extends infer A
  ? A extends { readonly does: infer Own }
    ? D extends Own
      ? A
      : never
    : never
  : never;
