import type { Action } from "@change-mgmt/domain/schema/rules/actions.ts";
import type { ParsedNode } from "../statement-facts.ts";
import { as, type Fields, isOn, list, nameOf, only, options, parts, relation, roles, string, text } from "./nodes.ts";
import {
  alterFunction,
  createFunction,
  createIndex,
  createView,
  drop,
  enumChange,
  rename,
  sequence,
  setSchema,
} from "./object-actions.ts";
import { grant, grantRole, policy, role, secret } from "./permission-actions.ts";
import type { CodePointPlaces } from "./places.ts";
import { dataActions, lock, runCode, setting, transaction, vacuum } from "./session-actions.ts";
import { alterTable, createTable, createTableAs } from "./table-actions.ts";

type Reader = (fields: Fields, places: CodePointPlaces) => Action | Action[];

const READERS: Readonly<Record<string, Reader>> = {
  CreateStmt: createTable,
  CreateForeignTableStmt: () => ({ does: "other" }),
  AlterTableStmt: alterTable,
  AlterTableMoveAllStmt: ({ orig_tablespacename: from }) => ({
    does: "set_tablespace",
    table: { schema: null, name: `all in ${String(from)}` },
    object: "table",
  }),
  IndexStmt: createIndex,
  DropStmt: drop,
  DropdbStmt: ({ dbname, missing_ok }) => dropOf("database", [String(dbname)], missing_ok === true),
  DropRoleStmt: ({ roles: gone, missing_ok }) => dropOf("role", roles(gone), missing_ok === true),
  DropOwnedStmt: ({ roles: owners }) => ({ does: "drop_owned", roles: roles(owners) }),
  RenameStmt: rename,
  AlterObjectSchemaStmt: setSchema,
  TruncateStmt: ({ relations, behavior, restart_seqs }) => ({
    does: "truncate",
    tables: list(relations).map(relation),
    cascade: behavior === "DROP_CASCADE",
    restartIdentity: restart_seqs === true,
  }),
  ViewStmt: createView,
  CreateTableAsStmt: (fields) => {
    const into = (fields.into ?? {}) as Fields;
    return fields.objtype === "OBJECT_MATVIEW"
      ? { does: "create_materialized_view", view: relation(into.rel) }
      : createTableAs(into, fields.if_not_exists === true);
  },
  RefreshMatViewStmt: ({ relation: view, concurrent, skipData }) => ({
    does: "refresh",
    view: relation(view),
    concurrently: concurrent === true,
    withData: skipData !== true,
  }),
  ReindexStmt: ({ kind, relation: target, params }) => ({
    does: "reindex",
    object: String(kind).replace("REINDEX_OBJECT_", "").toLowerCase(),
    name: target === undefined ? null : relation(target),
    concurrently: options(params).some(([name, argument]) => name === "concurrently" && isOn(argument)),
  }),
  CreateEnumStmt: ({ typeName }) => ({ does: "create_type", type: nameOf(parts(typeName)), of: "enum" }),
  CompositeTypeStmt: ({ typevar }) => ({ does: "create_type", type: relation(typevar), of: "composite" }),
  CreateDomainStmt: ({ domainname }) => ({ does: "create_type", type: nameOf(parts(domainname)), of: "domain" }),
  CreateRangeStmt: ({ typeName }) => ({ does: "create_type", type: nameOf(parts(typeName)), of: "range" }),
  AlterEnumStmt: enumChange,
  AlterDomainStmt: ({ subtype, typeName, def }) =>
    subtype === "C" || subtype === "O"
      ? {
          does: "add_domain_constraint",
          domain: nameOf(parts(typeName)),
          notValid: as("Constraint", def)?.skip_validation === true,
        }
      : { does: "other" },
  CreateSeqStmt: (fields, places) => sequence("create_sequence", fields, places),
  AlterSeqStmt: (fields, places) => sequence("alter_sequence", fields, places),
  CreatePolicyStmt: (fields) => policy("create_policy", fields),
  AlterPolicyStmt: (fields) => policy("alter_policy", fields),
  CreateFunctionStmt: createFunction,
  AlterFunctionStmt: alterFunction,
  CreateTrigStmt: ({ relation: table, trigname, replace, row }) => ({
    does: "create_trigger",
    table: relation(table),
    trigger: String(trigname),
    replace: replace === true,
    each: row === true ? "row" : "statement",
  }),
  RuleStmt: ({ relation: table, rulename }) => ({
    does: "create_rule",
    table: relation(table),
    rule: String(rulename),
  }),
  CreateEventTrigStmt: ({ trigname }) => ({ does: "create_event_trigger", name: String(trigname) }),
  GrantStmt: (fields) => grant(fields, false),
  GrantRoleStmt: grantRole,
  AlterDefaultPrivilegesStmt: ({ action }) => grant((action ?? {}) as Fields, true),
  CreateRoleStmt: role,
  AlterRoleStmt: (fields) => role({ ...fields, role: fields.role }),
  CreateUserMappingStmt: (fields) => secret("a user mapping", fields),
  AlterUserMappingStmt: (fields) => secret("a user mapping", fields),
  CreateForeignServerStmt: (fields) => secret("a foreign server", fields),
  CreateSubscriptionStmt: ({ conninfo }) =>
    /\bpassword\s*=/i.test(String(conninfo)) ? { does: "secret", where: "a subscription" } : { does: "other" },
  CreatePublicationStmt: ({ pubname, for_all_tables }) =>
    for_all_tables === true ? { does: "publish_all_tables", publication: String(pubname) } : { does: "other" },
  VariableSetStmt: setting,
  TransactionStmt: transaction,
  DoStmt: runCode,
  CallStmt: ({ funccall }) => ({
    does: "call_procedure",
    procedure: nameOf(parts((funccall as Fields | undefined)?.funcname)),
  }),
  CopyStmt: ({ relation: table, is_from, is_program }) => ({
    does: "copy",
    table: relation(table),
    from: is_from === true,
    program: is_program === true,
  }),
  CreateExtensionStmt: (fields) => ({
    does: "create_extension",
    extension: String(fields.extname),
    ifNotExists: fields.if_not_exists === true,
    schema: string(new Map(options(fields.options)).get("schema")),
  }),
  LockStmt: lock,
  ClusterStmt: ({ relation: table }) => ({ does: "cluster", table: table === undefined ? null : relation(table) }),
  VacuumStmt: vacuum,
  AlterSystemStmt: ({ setstmt }) => ({
    does: "alter_system",
    setting: text((setstmt as Fields | undefined)?.name) ?? "all",
  }),
  LoadStmt: ({ filename }) => ({ does: "load", library: String(filename) }),
  CreateSchemaStmt: ({ schemaname, if_not_exists, schemaElts }, places) => [
    { does: "create_schema", schema: text(schemaname) ?? "", ifNotExists: if_not_exists === true },
    ...list(schemaElts).flatMap((element) => actionsOf(element as ParsedNode, places)),
  ],
};

const DATA: ReadonlySet<string> = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

/** What a statement does, from its parse tree node; never empty. */
export function actionsOf(node: ParsedNode, places: CodePointPlaces): Action[] {
  const [type, fields] = only(node);
  const into = type === "SelectStmt" ? as("intoClause", fields) : undefined;
  const read = DATA.has(type)
    ? [...(into ? [createTableAs(into, false)] : []), ...dataActions(node)]
    : [READERS[type]?.(fields, places) ?? { does: "other" as const }].flat();
  return read.length > 0 ? read : [{ does: "other" }];
}

function dropOf(object: string, names: readonly string[], ifExists: boolean): Action {
  return {
    does: "drop",
    object,
    names: names.map((name) => ({ schema: null, name })),
    on: null,
    ifExists,
    cascade: false,
    concurrently: false,
  };
}
