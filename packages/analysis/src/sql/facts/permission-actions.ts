import type { Action } from "@change-mgmt/domain/schema/rules/actions.ts";
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
  roles,
  text,
} from "./nodes.ts";

const COMMANDS = ["all", "select", "insert", "update", "delete"] as const;

export function policy(does: "create_policy" | "alter_policy", fields: Fields): Action {
  return {
    does,
    table: relation(fields.table),
    policy: text(fields.policy_name) ?? "",
    // The parser names only what is permissive, and altering never changes it.
    permissive: does === "alter_policy" || fields.permissive === true,
    command: COMMANDS.find((command) => command === fields.cmd_name) ?? "all",
    roles: roles(fields.roles),
    using: expressionFacts(fields.qual),
    check: expressionFacts(fields.with_check),
  };
}

export function grant(fields: Fields, byDefault: boolean): Action {
  const granted = fields.is_grant === true;
  const privileges = list(fields.privileges).flatMap((privilege) => text(as("AccessPriv", privilege)?.priv_name) ?? []);
  return {
    does: byDefault ? (granted ? "grant_by_default" : "revoke_by_default") : granted ? "grant" : "revoke",
    object: objectWord(fields.objtype),
    everyInSchema: fields.targtype === "ACL_TARGET_ALL_IN_SCHEMA",
    names: list(fields.objects).map((object) => (as("RangeVar", object) ? relation(object) : nameOf(parts(object)))),
    privileges: privileges.map((privilege) => privilege.toLowerCase()),
    grantees: roles(fields.grantees),
  };
}

export function grantRole(fields: Fields): Action {
  const granted = list(fields.granted_roles).flatMap((role) => text(as("AccessPriv", role)?.priv_name) ?? []);
  return {
    does: fields.is_grant === true ? "grant" : "revoke",
    object: "role",
    everyInSchema: false,
    names: granted.map((name) => ({ schema: null, name })),
    privileges: [],
    grantees: roles(fields.grantee_roles),
  };
}

const POWERS: ReadonlySet<string> = new Set(["superuser", "bypassrls", "createrole", "createdb", "isreplication"]);

export function role(fields: Fields): Action {
  const given = options(fields.options);
  const password = given.find(([name]) => name === "password")?.[1];
  const [, named] = only({ role: fields.role });
  return {
    does: "role",
    name: typeof fields.role === "string" ? fields.role : (text(named.rolename) ?? ""),
    powers: given.flatMap(([name, argument]) => (POWERS.has(name) && isOn(argument) ? [name.replace(/^is/, "")] : [])),
    password: password !== undefined,
  };
}

/** A secret among the options of a server or a user mapping; null when there is none. */
export function secret(where: string, fields: Fields): Action {
  const given = options(fields.options).some(([name]) => /password|secret|token/i.test(name));
  return given ? { does: "secret", where } : { does: "other" };
}
