import type { Action, FunctionOptions, SequenceOptions } from "@change-mgmt/domain/schema/rules/actions.ts";
import { typeFacts } from "./columns.ts";
import { expressionFacts } from "./expressions.ts";
import {
  as,
  type Fields,
  isOn,
  list,
  nameOf,
  objectWord,
  only,
  options,
  parts,
  relation,
  string,
  text,
  walk,
} from "./nodes.ts";
import type { CodePointPlaces } from "./places.ts";

const ON_RELATIONS: ReadonlySet<string> = new Set(["policy", "trigger", "rule"]);

export function drop(fields: Fields): Action {
  const object = objectWord(fields.removeType);
  const names = list(fields.objects).map(parts);
  const onRelation = ON_RELATIONS.has(object);
  return {
    does: "drop",
    object,
    names: names.map((name) => (onRelation ? { schema: null, name: name.at(-1) ?? "" } : nameOf(name))),
    on: onRelation ? nameOf(names[0]?.slice(0, -1) ?? []) : null,
    ifExists: fields.missing_ok === true,
    cascade: fields.behavior === "DROP_CASCADE",
    concurrently: fields.concurrent === true,
  };
}

export function rename(fields: Fields): Action {
  const object = objectWord(fields.renameType);
  const own = fields.relation === undefined ? nameOf(parts(fields.object)) : relation(fields.relation);
  const from = text(fields.subname) ?? own.name;
  return {
    does: "rename",
    object,
    of: own.name === "" ? { schema: null, name: from } : own,
    from,
    to: text(fields.newname) ?? "",
  };
}

export function setSchema(fields: Fields): Action {
  const name = fields.relation === undefined ? nameOf(parts(fields.object)) : relation(fields.relation);
  return { does: "set_schema", object: objectWord(fields.objectType), name, to: text(fields.newschema) ?? "" };
}

export function createIndex(fields: Fields): Action {
  return {
    does: "create_index",
    table: relation(fields.relation),
    name: text(fields.idxname),
    unique: fields.unique === true,
    concurrently: fields.concurrent === true,
    ifNotExists: fields.if_not_exists === true,
    method: text(fields.accessMethod) ?? "btree",
    keys: list(fields.indexParams).map((item) => {
      const element = as("IndexElem", item) ?? {};
      return { column: text(element.name), expression: expressionFacts(element.expr) };
    }),
    where: expressionFacts(fields.whereClause),
  };
}

export function createView(fields: Fields): Action {
  const view = fields.view as Fields | undefined;
  const query = only(fields.query)[1];
  const star = list(query.targetList).some((target) => {
    const column = as("ColumnRef", as("ResTarget", target)?.val);
    return list(column?.fields).some((part) => as("A_Star", part) !== undefined);
  });
  const reads = [...walk(fields.query)].flatMap((node) => (as("RangeVar", node) ? [relation(node)] : []));
  const local = new Set([...walk(fields.query)].flatMap((node) => text(node.ctename) ?? []));
  return {
    does: "create_view",
    view: relation(view),
    replace: fields.replace === true,
    temporary: view?.relpersistence === "t",
    securityInvoker: options(fields.options).some(([name, value]) => name === "security_invoker" && isOn(value)),
    star,
    reads: reads.filter(({ schema, name }) => schema !== null || !local.has(name)),
  };
}

export function enumChange(fields: Fields): Action {
  const type = nameOf(parts(fields.typeName));
  const value = text(fields.newVal) ?? "";
  return fields.oldVal === undefined
    ? { does: "add_enum_value", type, value, ifNotExists: fields.skipIfNewValExists === true }
    : { does: "rename_enum_value", type, from: String(fields.oldVal), to: value };
}

export function sequence(does: "create_sequence" | "alter_sequence", fields: Fields, places: CodePointPlaces): Action {
  return { does, sequence: relation(fields.sequence), options: sequenceOptions(fields.options, places) };
}

function sequenceOptions(value: unknown, places: CodePointPlaces): SequenceOptions {
  const given = new Map(options(value));
  const type = as("TypeName", given.get("as"));
  const [, most] = only(given.get("maxvalue"));
  const owner = parts(given.get("owned_by"));
  return {
    as: type ? typeFacts(type, places).name : null,
    maxValue: most.ival !== undefined ? Number(most.ival) : most.fval !== undefined ? Number(most.fval) : null,
    cycle: given.has("cycle") && isOn(given.get("cycle")),
    restart: given.has("restart"),
    ownedBy: owner.length === 0 ? null : owner.join("."),
  };
}

export function createFunction(fields: Fields, places: CodePointPlaces): Action {
  const given = new Map(options(fields.options));
  const body = list(as("List", given.get("as"))?.items).flatMap((part) => string(part) ?? []);
  const returns = fields.returnType as Fields | undefined;
  const type = returns === undefined ? null : typeFacts(returns, places).name;
  return {
    does: "create_function",
    function: nameOf(parts(fields.funcname)),
    replace: fields.replace === true,
    language: string(given.get("language"))?.toLowerCase() ?? "sql",
    options: functionOptions(fields.options),
    returns: type === null ? null : returns?.setof === true ? `setof ${type}` : type,
    body: body.join("\n"),
  };
}

export function alterFunction(fields: Fields): Action {
  const target = fields.func as Fields | undefined;
  return { does: "alter_function", function: nameOf(parts(target?.objname)), options: functionOptions(fields.actions) };
}

function functionOptions(value: unknown): FunctionOptions {
  const given = options(value);
  const security = given.find(([name]) => name === "security")?.[1];
  const volatility = string(given.find(([name]) => name === "volatility")?.[1]);
  return {
    securityDefiner: security === undefined ? null : isOn(security),
    volatility: volatility === "immutable" || volatility === "stable" || volatility === "volatile" ? volatility : null,
    settings: given.flatMap(([name, argument]) =>
      name === "set" ? (text(as("VariableSetStmt", argument)?.name) ?? []) : [],
    ),
  };
}
