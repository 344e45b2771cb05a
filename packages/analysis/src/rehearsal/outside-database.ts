import type { Statement } from "../sql/statements.ts";

/** Statements that concern the whole server, which a disposable single database cannot stand for. */
const SERVER_WIDE: ReadonlySet<string> = new Set([
  "create_database",
  "drop_database",
  "alter_database",
  "alter_system",
  "create_tablespace",
  "drop_tablespace",
  "create_subscription",
  "drop_subscription",
  "alter_subscription",
]);
/** Statements about a role, with the field of the parse tree that names it. */
const ABOUT_ROLES: Readonly<Record<string, string>> = {
  AlterRoleStmt: "role",
  AlterRoleSetStmt: "role",
  DropRoleStmt: "roles",
  ReassignOwnedStmt: "roles",
  DropOwnedStmt: "roles",
};

/**
 * Why a statement reaches beyond the database it runs in and cannot be rehearsed whatever it says, or null.
 * `lastingRoles` are those of a server that outlives the rehearsal.
 */
export function outsideDatabase(statement: Statement, lastingRoles: ReadonlySet<string> | null): string | null {
  if (SERVER_WIDE.has(statement.kind) && !(statement.kind === "alter_database" && statement.transactional)) {
    return `${statement.kind.replaceAll("_", " ").toUpperCase()} concerns the whole server and not this database`;
  }
  const [type, fields] = Object.entries(statement.node)[0] as [string, Readonly<Record<string, unknown>>];
  if (type === "CopyStmt" && (fields.filename !== undefined || fields.is_program === true)) {
    return `COPY with a ${fields.is_program === true ? "program" : "file of the server"} reaches outside the database`;
  }
  if (type === "LoadStmt") return "LOAD reaches outside the database";
  const about = ABOUT_ROLES[type];
  if (about === undefined || lastingRoles === null) return null;
  const named = JSON.stringify(fields[about] ?? null).matchAll(/"rolename":"((?:[^"\\]|\\.)*)"/g);
  const lasting = [...named].map(([, name]) => name!).find((name) => lastingRoles.has(name));
  return lasting === undefined ? null : `the role ${lasting} belongs to the whole server and was there before`;
}
