import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "../alteration.ts";
import { lastName, literal, nameParts, quoted, sqlName } from "../identifiers.ts";

const WORDS: Readonly<Record<string, string>> = {
  materialized_view: "MATERIALIZED VIEW",
  enum: "TYPE",
  composite_type: "TYPE",
  event_trigger: "EVENT TRIGGER",
  function: "ROUTINE",
};

/** The object as COMMENT, DROP and GRANT name it: `TABLE public.users`, `TRIGGER touch ON public.users`. */
export function named(object: SchemaObject): string {
  const word = WORDS[object.kind] ?? object.kind.toUpperCase();
  if (object.kind === "function") return `${word} ${routineName(object.name)}`;
  const parts = nameParts(object.name);
  if (["trigger", "rule", "policy", "constraint"].includes(object.kind)) {
    const on = parts.slice(0, -1).map(quoted).join(".");
    return `${word} ${lastName(object.name)} ON ${object.of?.startsWith("domain:") ? "DOMAIN " : ""}${on}`;
  }
  return `${word} ${sqlName(object.name)}`;
}

/** A routine with the types of its arguments. */
export function routineName(name: string): string {
  return `${sqlName(name)}${name.slice(argumentsAt(name))}`;
}

function argumentsAt(name: string): number {
  return /^(?:"(?:[^"]|"")*"|[^".(]+)(?:\.(?:"(?:[^"]|"")*"|[^".(]+))*/.exec(name)![0].length;
}

/** Says the comment of an object, or takes it away. */
export function commentOn(object: SchemaObject): Draft {
  const { comment } = object.fields;
  return {
    sql: `COMMENT ON ${named(object)} IS ${typeof comment === "string" ? literal(comment) : "NULL"};`,
    does: comment === undefined ? "takes the comment away" : "says the comment",
  };
}

/** Nothing for an object without a comment. */
export function commentIfAny(object: SchemaObject): Draft[] {
  return object.fields.comment === undefined ? [] : [commentOn(object)];
}
