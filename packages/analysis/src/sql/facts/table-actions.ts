import type { Action, Name } from "@change-mgmt/domain/schema/rules/actions.ts";
import { columnFacts, constraintFacts, typeFacts } from "./columns.ts";
import { expressionFacts } from "./expressions.ts";
import { as, type Fields, isOn, list, objectWord, only, options, relation, text } from "./nodes.ts";
import type { CodePointPlaces } from "./places.ts";

/** What an ALTER TABLE, or one of its kin for other relations, does: one action a subcommand. */
export function alterTable(fields: Fields, places: CodePointPlaces): Action[] {
  const table = relation(fields.relation);
  const object = objectWord(fields.objtype);
  return list(fields.cmds).map((item): Action => {
    const command = as("AlterTableCmd", item) ?? {};
    return subcommand(table, object, command, places) ?? { does: "other" };
  });
}

const ROW_SECURITY: Readonly<Record<string, "enable" | "disable" | "force" | "no force">> = {
  AT_EnableRowSecurity: "enable",
  AT_DisableRowSecurity: "disable",
  AT_ForceRowSecurity: "force",
  AT_NoForceRowSecurity: "no force",
};

const ON_COLUMN: Readonly<
  Record<string, "set_not_null" | "drop_not_null" | "drop_identity" | "drop_expression" | "set_expression">
> = {
  AT_SetNotNull: "set_not_null",
  AT_DropNotNull: "drop_not_null",
  AT_DropIdentity: "drop_identity",
  AT_DropExpression: "drop_expression",
  AT_SetExpression: "set_expression",
};

const TRIGGERS: Readonly<Record<string, { readonly on: boolean; readonly trigger: "all" | "user" | null }>> = {
  AT_EnableTrig: { on: true, trigger: null },
  AT_EnableTrigAll: { on: true, trigger: "all" },
  AT_EnableTrigUser: { on: true, trigger: "user" },
  AT_DisableTrig: { on: false, trigger: null },
  AT_DisableTrigAll: { on: false, trigger: "all" },
  AT_DisableTrigUser: { on: false, trigger: "user" },
};

function subcommand(table: Name, object: string, command: Fields, places: CodePointPlaces): Action | null {
  const subtype = String(command.subtype);
  const column = text(command.name) ?? "";
  const [, definition] = only(command.def);
  const cascade = command.behavior === "DROP_CASCADE";
  const forgiving = command.missing_ok === true;
  const rowSecurity = ROW_SECURITY[subtype];
  if (rowSecurity) return { does: "row_security", table, set: rowSecurity };
  const onColumn = ON_COLUMN[subtype];
  if (onColumn) return { does: onColumn, table, column };
  const trigger = TRIGGERS[subtype];
  if (trigger) return { does: "switch_trigger", table, on: trigger.on, trigger: trigger.trigger ?? { name: column } };
  switch (subtype) {
    case "AT_AddColumn":
      return { does: "add_column", table, column: columnFacts(definition, places), ifNotExists: forgiving };
    case "AT_DropColumn":
      return { does: "drop_column", table, column, ifExists: forgiving, cascade };
    case "AT_AlterColumnType": {
      const type = typeFacts(definition.typeName as Fields | undefined, places);
      return { does: "alter_column_type", table, column, type, using: expressionFacts(definition.raw_default) };
    }
    case "AT_ColumnDefault":
      return { does: "set_default", table, column, default: expressionFacts(command.def) };
    case "AT_AddIdentity": {
      const identity = definition.generated_when === "a" ? "always" : "by default";
      return { does: "add_identity", table, column, identity, restart: false };
    }
    case "AT_SetIdentity":
      return { does: "set_identity", table, column, ...identityOptions(command.def) };
    case "AT_AddConstraint": {
      const constraint = constraintFacts(command.def, places);
      return constraint && { does: "add_constraint", table, constraint };
    }
    case "AT_ValidateConstraint":
      return { does: "validate_constraint", table, name: column };
    case "AT_DropConstraint":
      return { does: "drop_constraint", table, name: column, cascade };
    case "AT_AttachPartition":
    case "AT_DetachPartition": {
      if (object !== "table") return null;
      const does = subtype === "AT_AttachPartition" ? "attach_partition" : "detach_partition";
      return { does, table, partition: relation(definition.name), concurrently: definition.concurrent === true };
    }
    case "AT_SetLogged":
      return { does: "set_logged", table };
    case "AT_SetUnLogged":
      return { does: "set_unlogged", table };
    case "AT_SetTableSpace":
      return { does: "set_tablespace", table, object };
    case "AT_ReplicaIdentity":
      return definition.identity_type === "f" ? { does: "replica_identity_full", table } : null;
    case "AT_SetRelOptions": {
      const off = options(definition.items).filter(([, argument]) => argument !== undefined && !isOn(argument));
      return { does: "set_storage_options", table, off: off.map(([name]) => name) };
    }
    default:
      return null;
  }
}

function identityOptions(definition: unknown): { identity: "always" | "by default" | null; restart: boolean } {
  const given = options(as("List", definition)?.items ?? definition);
  const generated = given.find(([name]) => name === "generated")?.[1];
  const restart = given.some(([name]) => name === "restart");
  if (generated === undefined) return { identity: null, restart };
  // The parser gives the character code of `a` or `d`.
  return { identity: only(generated)[1].ival === 97 ? "always" : "by default", restart };
}

/** What a CREATE TABLE makes. */
export function createTable(fields: Fields, places: CodePointPlaces): Action {
  const elements = list(fields.tableElts);
  const strategy = fields.partspec as Fields | undefined;
  const parents = list(fields.inhRelations).map(relation);
  const target = fields.relation as Fields | undefined;
  return {
    does: "create_table",
    table: relation(target),
    ifNotExists: fields.if_not_exists === true,
    columns: elements.flatMap((element) => {
      const column = as("ColumnDef", element);
      return column ? [columnFacts(column, places)] : [];
    }),
    constraints: [...elements, ...list(fields.constraints)].flatMap(
      (element) => constraintFacts(element, places) ?? [],
    ),
    persistence: persistence(target),
    partitionBy: strategy === undefined ? null : partitionKey(strategy),
    partitionOf: fields.partbound === undefined ? null : (parents[0] ?? null),
    inherits: fields.partbound === undefined ? parents : [],
    columnsElsewhere:
      fields.ofTypename !== undefined || elements.some((element) => only(element)[0] === "TableLikeClause"),
  };
}

/** What CREATE TABLE AS and SELECT INTO make, from the fields of their target. */
export function createTableAs(into: Fields, ifNotExists: boolean): Action {
  return {
    does: "create_table",
    table: relation(into.rel),
    ifNotExists,
    columns: [],
    constraints: [],
    persistence: persistence(into.rel as Fields | undefined),
    partitionBy: null,
    partitionOf: null,
    inherits: [],
    columnsElsewhere: true,
  };
}

function persistence(target: Fields | undefined): "permanent" | "temporary" | "unlogged" {
  if (target?.relpersistence === "t") return "temporary";
  return target?.relpersistence === "u" ? "unlogged" : "permanent";
}

function partitionKey(strategy: Fields): string[] {
  return list(strategy.partParams).flatMap((part) => text(as("PartitionElem", part)?.name) ?? []);
}
