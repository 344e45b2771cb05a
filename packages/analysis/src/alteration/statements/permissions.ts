import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "../alteration.ts";
import { list } from "../field-list.ts";
import { nameParts, quoted, sqlName } from "../identifiers.ts";
import { routineName } from "./comments.ts";

/** What PUBLIC may do with an object that nobody granted or revoked anything on. */
const EVERYONE: Readonly<Record<string, string>> = {
  function: "EXECUTE",
  enum: "USAGE",
  domain: "USAGE",
  composite_type: "USAGE",
};

/** Leads the permissions of one grantee on one object from one list to another. */
export function changeGrant(before: SchemaObject | undefined, after: SchemaObject | undefined): Draft[] {
  const grant = (after ?? before)!;
  const on = String(grant.fields.on);
  const kind = on.slice(0, on.indexOf(" "));
  const grantee = String(grant.fields.grantee);
  const everyone = grantee === "PUBLIC" && EVERYONE[kind] !== undefined ? [EVERYONE[kind]] : [];
  const standard = grant.fields.initially === undefined ? everyone : list(grant.fields.initially);
  const was = before ? list(before.fields.privileges) : standard;
  const is = after ? list(after.fields.privileges) : standard;
  const bare = (privilege: string) => privilege.replace("*", "");
  const has = (all: readonly string[], one: string) => all.some((other) => bare(other) === bare(one));
  const target = targetOf(kind, on.slice(kind.length + 1));
  const to = grantee === "PUBLIC" ? grantee : quoted(grantee);
  const words = (privileges: readonly string[]) => privileges.map((one) => `${bare(one)}${target.columns}`).join(", ");
  const drafts: Draft[] = [];
  const gone = was.filter((one) => !has(is, one));
  const optionGone = was.filter((one) => one.endsWith("*") && has(is, one) && !is.includes(one));
  const plain = is.filter((one) => !one.endsWith("*") && !has(was, one));
  const option = is.filter((one) => one.endsWith("*") && !was.includes(one));
  if (gone.length > 0)
    drafts.push({
      sql: `REVOKE ${words(gone)} ON ${target.on} FROM ${to};`,
      does: `takes ${gone.map(bare).join(", ")} from ${grantee}`,
    });
  if (optionGone.length > 0) {
    drafts.push({
      sql: `REVOKE GRANT OPTION FOR ${words(optionGone)} ON ${target.on} FROM ${to};`,
      does: `takes the grant option from ${grantee}`,
    });
  }
  if (plain.length > 0)
    drafts.push({
      sql: `GRANT ${words(plain)} ON ${target.on} TO ${to};`,
      does: `permits ${plain.join(", ")} to ${grantee}`,
    });
  if (option.length > 0) {
    drafts.push({
      sql: `GRANT ${words(option)} ON ${target.on} TO ${to} WITH GRANT OPTION;`,
      does: `permits ${option.map(bare).join(", ")} to ${grantee}, and to pass it on`,
    });
  }
  return drafts;
}

/** Grants PUBLIC what it has on such an object when nothing else is said; undefined where that is nothing. */
export function standardGrant(object: SchemaObject): Draft | undefined {
  const privilege = EVERYONE[object.kind];
  if (privilege === undefined) return undefined;
  return {
    sql: `GRANT ${privilege} ON ${targetOf(object.kind, object.name).on} TO PUBLIC;`,
    does: "permits PUBLIC what default privileges withheld",
  };
}

/** Takes from a grantee what default privileges gave it when an object was made. */
export function revokeAll(object: SchemaObject, grantee: string): Draft {
  const target = targetOf(object.kind, object.name);
  const to = grantee === "PUBLIC" ? grantee : quoted(grantee);
  return { sql: `REVOKE ALL ON ${target.on} FROM ${to};`, does: `takes from ${grantee} what default privileges gave` };
}

function targetOf(kind: string, name: string): { on: string; columns: string } {
  if (kind === "column") {
    const parts = nameParts(name);
    return { on: `TABLE ${parts.slice(0, -1).map(quoted).join(".")}`, columns: ` (${quoted(parts.at(-1)!)})` };
  }
  if (kind === "function") return { on: `ROUTINE ${routineName(name)}`, columns: "" };
  const words: Record<string, string> = {
    schema: "SCHEMA",
    sequence: "SEQUENCE",
    enum: "TYPE",
    domain: "TYPE",
    composite_type: "TYPE",
  };
  return { on: `${words[kind] ?? "TABLE"} ${sqlName(name)}`, columns: "" };
}

const LETTERS: Readonly<Record<string, string>> = {
  a: "INSERT",
  r: "SELECT",
  w: "UPDATE",
  d: "DELETE",
  D: "TRUNCATE",
  x: "REFERENCES",
  t: "TRIGGER",
  X: "EXECUTE",
  U: "USAGE",
  C: "CREATE",
  m: "MAINTAIN",
};
const OBJECTS: Readonly<Record<string, string>> = {
  r: "TABLES",
  S: "SEQUENCES",
  f: "FUNCTIONS",
  T: "TYPES",
  n: "SCHEMAS",
  L: "LARGE OBJECTS",
};
const ALL: Readonly<Record<string, string>> = { r: "arwdDxt", S: "rwU", f: "X", T: "U", n: "UC", L: "rw" };

/** The grantees of default privileges with their letters; without an entry, what Postgres gives by itself. */
function defaults(entry: SchemaObject | undefined, other: SchemaObject): Map<string, string> {
  const { role, schema, objects } = other.fields;
  if (entry === undefined) {
    if (schema !== undefined) return new Map();
    const everyone = { f: "X", T: "U" }[String(objects)];
    return new Map([[String(role), ALL[String(objects)] ?? ""], ...(everyone ? [["", everyone] as const] : [])]);
  }
  return new Map(list(entry.fields.privileges).map(aclItem));
}

/** `anon=arw/postgres` → grantee and letters; PUBLIC is the empty name. */
export function aclItem(item: string): [grantee: string, letters: string] {
  const [, inQuotes, plain, letters] = /^(?:"((?:[^"]|"")*)"|([^=]*))=([a-zA-Z*]*)\//.exec(item)!;
  return [inQuotes === undefined ? plain! : inQuotes.replaceAll('""', '"'), letters!];
}

/** Leads default privileges from one entry to another. */
export function changeDefaults(before: SchemaObject | undefined, after: SchemaObject | undefined): Draft[] {
  const entry = (after ?? before)!;
  const { role, schema, objects } = entry.fields;
  const kind = OBJECTS[String(objects)] ?? String(objects);
  const start = `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoted(String(role))}${schema === undefined ? "" : ` IN SCHEMA ${quoted(String(schema))}`}`;
  const [was, is] = [defaults(before, entry), defaults(after, entry)];
  const drafts: Draft[] = [];
  for (const grantee of new Set([...was.keys(), ...is.keys()])) {
    if (was.get(grantee) === is.get(grantee)) continue;
    const who = grantee === "" ? "PUBLIC" : quoted(grantee);
    const does = `changes what ${grantee === "" ? "PUBLIC" : grantee} gets on new ${kind.toLowerCase()}`;
    if (was.has(grantee)) drafts.push({ sql: `${start} REVOKE ALL ON ${kind} FROM ${who};`, does });
    const letters = [...(is.get(grantee) ?? "").matchAll(/([a-zA-Z])(\*?)/g)];
    for (const withOption of [false, true]) {
      const granted = letters.filter((one) => (one[2] === "*") === withOption).map((one) => LETTERS[one[1]!] ?? one[1]);
      if (granted.length === 0) continue;
      drafts.push({
        sql: `${start} GRANT ${granted.join(", ")} ON ${kind} TO ${who}${withOption ? " WITH GRANT OPTION" : ""};`,
        does,
      });
    }
  }
  return drafts;
}
