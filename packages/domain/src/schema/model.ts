import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../change/canonical-json.ts";

/** What a schema is made of. `other` holds what only its identity is known of: casts, operators, text search parts and the like. */
export type ObjectKind =
  | "schema"
  | "extension"
  | "table"
  | "column"
  | "constraint"
  | "index"
  | "view"
  | "materialized_view"
  | "function"
  | "trigger"
  | "rule"
  | "enum"
  | "domain"
  | "composite_type"
  | "sequence"
  | "policy"
  | "grant"
  | "default_privileges"
  | "statistics"
  | "event_trigger"
  | "publication"
  | "other";

export type FieldValue = string | number | boolean | null | readonly string[];

/**
 * One object of a schema. `name` is qualified (`public.users.nickname`), `of` the key of the object it disappears with.
 * Fields by kind, all that can differ:
 * table: persistence, columns' order by their `position`, rowSecurity, forceRowSecurity, partitionKey, partitionOf, bound, inherits, options, replicaIdentity, foreign, ofType;
 * column: table, position, type, notNull, default, identity, generated, collation, storage, compression, statistics, options, inherited;
 * constraint: table, type, columns, references, definition, validated, inherited, partitionOf, replicaIdentity, clustered, indexComment;
 * index: table, unique, valid, definition, partitionOf, replicaIdentity, clustered, columnStatistics (`number target`);
 * view and materialized_view: columns (`name type`), definition, options, columnComments, columnDefaults, columnSettings (`name fact`); function: arguments, returns, language, securityDefiner, definition;
 * enum: labels in order; domain: type, notNull, default, collation; composite_type: attributes, columnComments; statistics: definition, target; policy: table, permissive, command, roles, using, check;
 * trigger: definition, fires, inherited; publication: allTables, operations, viaRoot, tables, schemas; event_trigger: event, tags, function, fires;
 * default_privileges: role, schema, objects, privileges (as aclitem); grant: on, grantee, privileges (`*` marks the grant option).
 * `inherited` marks what came from a parent table and is not said again. Every kind may have `comment`, and `owner` where owners were asked for.
 */
export interface SchemaObject {
  readonly kind: ObjectKind;
  readonly name: string;
  readonly of?: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** What is known of an object and no part of its schema: whose it is, and where its rows lie if not with the database's. */
export interface OutsideModel {
  readonly owner?: string;
  readonly tablespace?: string;
}

/** A Postgres schema as plain JSON: objects by key (`table:public.users`, `column:public.users.nickname`), keys in code unit order. */
export interface SchemaModel {
  /** Such as `18.6`; says where the model comes from and takes no part in hash or comparison. */
  readonly serverVersion: string;
  readonly objects: Readonly<Record<string, SchemaObject>>;
  /**
   * What each object needs, by keys, where it was asked for: a view its tables and functions, a foreign key the key it refers to.
   * `default:` before a column's name stands for the default of that column. Takes no part in hash or comparison.
   */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  /** Owners and tablespaces by keys, where they were asked for. They take no part in hash or comparison. */
  readonly outside?: Readonly<Record<string, OutsideModel>>;
}

/** Hex SHA-256 over the canonical JSON of the objects: equal for equal schemas, whatever server they were read from. */
export function schemaHash(model: SchemaModel): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(model.objects))));
}

/** Joins identifiers to a qualified name, quoting only those that need it: `public."Users".id`. */
export function qualifiedName(...parts: readonly string[]): string {
  return parts.map((part) => (/^[a-z_][a-z0-9_$]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`)).join(".");
}

/** The key of an object in a model. */
export function objectKey(kind: ObjectKind, name: string): string {
  return `${kind}:${name}`;
}

/** Makes a model of objects in any order; throws when two share a key, which would hide one of them. */
export function schemaModel(
  serverVersion: string,
  objects: Iterable<SchemaObject>,
  dependencies?: Readonly<Record<string, readonly string[]>>,
): SchemaModel {
  const byKey = new Map<string, SchemaObject>();
  for (const object of objects) {
    const key = objectKey(object.kind, object.name);
    if (byKey.has(key)) throw new Error(`two objects have the key ${key}`);
    byKey.set(key, object);
  }
  const inOrder: Record<string, SchemaObject> = {};
  for (const key of [...byKey.keys()].sort()) inOrder[key] = byKey.get(key)!;
  return dependencies === undefined
    ? { serverVersion, objects: inOrder }
    : { serverVersion, objects: inOrder, dependencies };
}
