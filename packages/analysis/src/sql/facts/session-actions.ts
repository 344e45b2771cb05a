import type { Action, Call } from "@change-mgmt/domain/schema/rules/actions.ts";
import { LOCK_MODES } from "../lock-modes.ts";
import { callOf } from "./expressions.ts";
import { as, constant, type Fields, list, only, options, relation, string, text, walk } from "./nodes.ts";

export function lock(fields: Fields): Action {
  return {
    does: "lock",
    tables: list(fields.relations).map(relation),
    mode: LOCK_MODES[Number(fields.mode) - 1] ?? "AccessExclusiveLock",
  };
}

export function setting(fields: Fields): Action {
  const kind = String(fields.kind);
  if (kind === "VAR_RESET_ALL") return { does: "set", setting: "all", value: null, local: false };
  const values = list(fields.args).map((argument) => constant(argument) ?? constant(as("TypeCast", argument)?.arg));
  const value = kind === "VAR_SET_VALUE" ? values.map((each) => String(each ?? "")).join(", ") : null;
  return { does: "set", setting: (text(fields.name) ?? "").toLowerCase(), value, local: fields.is_local === true };
}

export function transaction(fields: Fields): Action {
  return {
    does: "transaction",
    word: String(fields.kind)
      .replace(/^TRANS_STMT_/, "")
      .toLowerCase(),
  };
}

export function runCode(fields: Fields): Action {
  const given = new Map(options(fields.args));
  const code = string(given.get("as")) ?? "";
  const language = string(given.get("language")) ?? "plpgsql";
  const bare = code.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
  return { does: "run_code", language, dynamic: /\bexecute\b/i.test(bare) };
}

export function vacuum(fields: Fields): Action {
  const full = options(fields.options).some(([name]) => name === "full");
  const tables = list(fields.rels).map((item) => relation(as("VacuumRelation", item)?.relation));
  return { does: "vacuum", tables, full };
}

/** Writes to tables and calls of functions, in a statement and in its WITH queries. */
export function dataActions(statement: unknown): Action[] {
  const found: Action[] = [];
  for (const node of walk(statement)) {
    const insert = as("InsertStmt", node);
    if (insert)
      found.push({ does: "insert", table: relation(insert.relation), fromQuery: readsTables(insert.selectStmt) });
    for (const [type, does] of [
      ["UpdateStmt", "update"],
      ["DeleteStmt", "delete"],
    ] as const) {
      const change = as(type, node);
      if (change) found.push({ does, table: relation(change.relation), where: filters(change.whereClause) });
    }
  }
  const functions = callsIn(statement);
  if (functions.length > 0) found.push({ does: "call", functions });
  for (const { name, literals } of functions) {
    if (name === "set_config" && typeof literals[0] === "string") {
      const value = literals[1] === null || literals[1] === undefined ? null : String(literals[1]);
      found.push({ does: "set", setting: literals[0].toLowerCase(), value, local: literals[2] === true });
    }
  }
  return found;
}

function callsIn(statement: unknown): Call[] {
  const calls: Call[] = [];
  for (const node of walk(statement)) {
    const call = as("FuncCall", node);
    if (!call) continue;
    const literals = list(call.args).map(
      (argument) => constant(argument) ?? constant(as("TypeCast", argument)?.arg) ?? null,
    );
    calls.push({ name: callOf(node) ?? "", literals });
  }
  return calls;
}

function readsTables(query: unknown): boolean {
  const [type, fields] = only(query);
  return type === "SelectStmt" && fields.valuesLists === undefined && fields.fromClause !== undefined;
}

/** A WHERE that is always true filters nothing. */
function filters(where: unknown): boolean {
  return where !== undefined && constant(where) !== true;
}
