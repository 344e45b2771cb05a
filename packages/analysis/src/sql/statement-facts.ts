import type { RelationName } from "./statements.ts";

/** A parse tree node as the parser gives it: one key, the node's type. */
export type ParsedNode = Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, unknown>>;

const KINDS: Readonly<Record<string, string>> = {
  CreateStmt: "create_table",
  IndexStmt: "create_index",
  ViewStmt: "create_view",
  CreateTrigStmt: "create_trigger",
  CompositeTypeStmt: "create_composite_type",
  CreateSeqStmt: "create_sequence",
  AlterSeqStmt: "alter_sequence",
  RuleStmt: "create_rule",
  CreatePLangStmt: "create_language",
  CreatedbStmt: "create_database",
  DropdbStmt: "drop_database",
  CreateTableSpaceStmt: "create_tablespace",
  DropTableSpaceStmt: "drop_tablespace",
  RefreshMatViewStmt: "refresh_materialized_view",
  VariableSetStmt: "set",
  VariableShowStmt: "show",
};

/** What a statement does, in snake_case, from its parse tree node. */
export function kindOf(node: ParsedNode): string {
  const [type, fields] = only(node);
  switch (type) {
    case "AlterTableStmt":
      return `alter_${objectType(fields.objtype)}`;
    case "DropStmt":
      return `drop_${objectType(fields.removeType)}`;
    case "RenameStmt":
      return `rename_${objectType(fields.renameType)}`;
    case "CreateTableAsStmt":
      return fields.objtype === "OBJECT_MATVIEW" ? "create_materialized_view" : "create_table_as";
    case "CreateFunctionStmt":
      return fields.is_procedure ? "create_procedure" : "create_function";
    case "DefineStmt":
      return `create_${objectType(fields.kind)}`;
    case "GrantStmt":
    case "GrantRoleStmt":
      return fields.is_grant ? "grant" : "revoke";
    case "VacuumStmt":
      return fields.is_vacuumcmd ? "vacuum" : "analyze";
    case "TransactionStmt":
      return String(fields.kind)
        .replace(/^TRANS_STMT_/, "")
        .toLowerCase();
    default:
      return KINDS[type] ?? snake(type.replace(/Stmt$/, ""));
  }
}

const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  "CreatedbStmt",
  "DropdbStmt",
  "AlterSystemStmt",
  "CreateTableSpaceStmt",
  "DropTableSpaceStmt",
]);

/** False where Postgres answers "cannot run inside a transaction block". */
export function runsInTransaction(node: ParsedNode): boolean {
  const [type, fields] = only(node);
  if (CLUSTER_WIDE.has(type)) return false;
  switch (type) {
    case "IndexStmt":
    case "DropStmt":
      return fields.concurrent !== true;
    case "ReindexStmt":
      return !(
        hasOption(fields.params, "concurrently") ||
        ["REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_SYSTEM", "REINDEX_OBJECT_DATABASE"].includes(String(fields.kind))
      );
    case "VacuumStmt":
      return fields.is_vacuumcmd !== true;
    case "ClusterStmt":
      return fields.relation !== undefined;
    case "AlterDatabaseStmt":
      return !hasOption(fields.options, "tablespace");
    case "CreateSubscriptionStmt":
      return hasOption(fields.options, "create_slot", "false") || hasOption(fields.options, "connect", "false");
    case "DropSubscriptionStmt":
      return false;
    case "AlterSubscriptionStmt":
      return !/REFRESH|SET_PUBLICATION|ADD_PUBLICATION|DROP_PUBLICATION/.test(String(fields.kind));
    case "DiscardStmt":
      return fields.target !== "DISCARD_ALL" && fields.target !== undefined;
    case "DoStmt":
      return !commits(fields);
    case "AlterTableStmt":
      return !list(fields.cmds).some((command) => {
        const definition = (command.AlterTableCmd as Fields | undefined)?.def as Fields | undefined;
        return (definition?.PartitionCmd as Fields | undefined)?.concurrent === true;
      });
    default:
      return true;
  }
}

/** Whether the code of a DO block ends transactions by itself; a word in a string or a comment does not. */
function commits(fields: Fields): boolean {
  const code = list(fields.args).flatMap(({ DefElem }) => {
    const { defname, arg } = (DefElem ?? {}) as Fields;
    return defname === "as" ? [String(((arg as Fields | undefined)?.String as Fields | undefined)?.sval ?? "")] : [];
  });
  const bare = code.join(" ").replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, " ");
  return /(?:;|\b(?:begin|then|else|loop))\s*(?:commit|rollback)\s*(?:;|\band\b)/i.test(bare);
}

const RELATION_OBJECTS: ReadonlySet<string> = new Set([
  "OBJECT_TABLE",
  "OBJECT_VIEW",
  "OBJECT_MATVIEW",
  "OBJECT_INDEX",
  "OBJECT_SEQUENCE",
  "OBJECT_FOREIGN_TABLE",
]);
/** Objects whose last name part is their own and the rest names their table. */
const OBJECTS_ON_RELATIONS: ReadonlySet<string> = new Set([
  "OBJECT_COLUMN",
  "OBJECT_TRIGGER",
  "OBJECT_POLICY",
  "OBJECT_RULE",
  "OBJECT_TABCONSTRAINT",
]);

/** The relations a statement names, each once, in order of appearance; names of its own WITH queries are left out. */
export function relationsOf(node: ParsedNode): RelationName[] {
  const found = new Map<string, RelationName>();
  const local = new Set<string>();
  const add = (parts: readonly string[]) => {
    const name = parts.at(-1);
    if (name === undefined) return;
    const schema = parts.at(-2);
    found.set(JSON.stringify([schema ?? null, name]), schema === undefined ? { name } : { schema, name });
  };
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== "object") return;
    if (Array.isArray(value)) {
      for (const item of value) walk(item);
      return;
    }
    const fields = value as Fields;
    if (typeof fields.relname === "string") {
      add(typeof fields.schemaname === "string" ? [fields.schemaname, fields.relname] : [fields.relname]);
    }
    if (typeof fields.ctename === "string") local.add(fields.ctename);
    for (const key in fields) walk(fields[key]);
  };
  walk(node);
  const [type, fields] = only(node);
  const named =
    type === "DropStmt"
      ? { objects: list(fields.objects), of: String(fields.removeType) }
      : type === "CommentStmt" || type === "SecLabelStmt"
        ? { objects: [fields.object as Fields], of: String(fields.objtype) }
        : undefined;
  for (const object of named?.objects ?? []) {
    const parts = nameParts(object);
    if (RELATION_OBJECTS.has(named!.of)) add(parts);
    else if (OBJECTS_ON_RELATIONS.has(named!.of)) add(parts.slice(0, -1));
  }
  return [...found.values()].filter((relation) => relation.schema !== undefined || !local.has(relation.name));
}

function nameParts(object: Fields | undefined): string[] {
  const items = list((object?.List as Fields | undefined)?.items);
  return items.flatMap((item) => {
    const text = (item.String as Fields | undefined)?.sval;
    return typeof text === "string" ? [text] : [];
  });
}

function only(node: ParsedNode): [string, Fields] {
  const [entry] = Object.entries(node);
  return [entry?.[0] ?? "unknown", (entry?.[1] ?? {}) as Fields];
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : [];
}

function hasOption(options: unknown, name: string, value?: string): boolean {
  return list(options).some((option) => {
    const element = option.DefElem as Fields | undefined;
    if (element?.defname !== name) return false;
    const given = optionText(element.arg as Fields | undefined);
    return value === undefined ? given !== "false" : given === value;
  });
}

function optionText(argument: Fields | undefined): string {
  const text = (argument?.String as Fields | undefined)?.sval ?? (argument?.Boolean as Fields | undefined)?.boolval;
  if (argument?.Boolean !== undefined) return String(text ?? false);
  return ["false", "off", "0"].includes(String(text).toLowerCase()) ? "false" : "true";
}

function objectType(type: unknown): string {
  const word = String(type)
    .replace(/^OBJECT_/, "")
    .toLowerCase();
  return word === "matview" ? "materialized_view" : word;
}

const SNAKES = new Map<string, string>();

function snake(name: string): string {
  let spelled = SNAKES.get(name);
  if (spelled === undefined) {
    spelled = toSnake(name);
    SNAKES.set(name, spelled);
  }
  return spelled;
}

function toSnake(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
}
