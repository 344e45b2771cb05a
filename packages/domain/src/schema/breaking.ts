import type { SchemaDifference } from "./diff.ts";
import type { FieldValue, ObjectKind } from "./model.ts";
import { widens } from "./type-widening.ts";

/** What a difference means for those who use the schema as it was. */
export interface Judgement {
  readonly difference: SchemaDifference;
  readonly breaking: boolean;
  /** One sentence for people: what stops working, or why nothing does. */
  readonly reason: string;
}

type Rule = (difference: SchemaDifference, all: readonly SchemaDifference[]) => string | null;

/**
 * Judges each difference by itself, in the given order; `breaking` is true when code or data written for the old schema can fail.
 * First version: it knows no readers, so it speaks of anyone who may use the object.
 */
export function judgeDifferences(differences: readonly SchemaDifference[]): Judgement[] {
  return differences.map((difference) => {
    const reason = RULES[difference.kind][difference.change](difference, differences);
    return reason === null
      ? {
          difference,
          breaking: false,
          reason: `${difference.object}: ${difference.detail}; nothing that exists stops working`,
        }
      : { difference, breaking: true, reason };
  });
}

const fine: Rule = () => null;

/** Removed, with a hint when something of the same kind and shape appeared beside it, as a rename looks from outside. */
const gone: Rule = (difference, all) => {
  const { kind, object, before } = difference;
  const candidates = all.filter(
    (other) =>
      other.change === "added" && other.kind === kind && other.after?.of === before?.of && sameShape(difference, other),
  );
  const renamed = candidates.length === 1 ? ` (perhaps renamed to ${candidates[0]!.object})` : "";
  return `${object} is removed${renamed}: whatever still uses it fails`;
};

function sameShape(removed: SchemaDifference, added: SchemaDifference): boolean {
  return field(removed.before, "type") === field(added.after, "type");
}

function field(object: SchemaDifference["before"], name: string): FieldValue {
  return object?.fields[name] ?? null;
}

/** The values before and after of a field that differs; undefined when it does not. */
function turned(difference: SchemaDifference, name: string): { from: FieldValue; to: FieldValue } | undefined {
  if (!difference.fields.includes(name)) return undefined;
  return { from: field(difference.before, name), to: field(difference.after, name) };
}

/** Items of a list field that are no longer in it. */
function lost(difference: SchemaDifference, name: string): string[] {
  const items = (value: FieldValue) => (Array.isArray(value) ? value : []);
  const kept = items(field(difference.after, name));
  return items(field(difference.before, name)).filter((item) => !kept.includes(item));
}

const newColumn: Rule = ({ object, after }) => {
  const filled = ["default", "identity", "generated"].some((name) => field(after, name) !== null);
  return field(after, "notNull") === true && !filled
    ? `${object} is NOT NULL without a default: inserts that do not name it fail, and so does adding it to a table with rows`
    : null;
};

const changedColumn: Rule = (difference) => {
  const { object, after } = difference;
  const type = turned(difference, "type");
  if (type && !widens(String(type.from), String(type.to))) {
    return `${object} changes its type from ${type.from} to ${type.to}: values may not fit and readers may not understand them`;
  }
  if (turned(difference, "notNull")?.to === true) return `${object} becomes NOT NULL: writes without a value fail`;
  const filled = turned(difference, "default");
  if (filled && filled.to === null && field(after, "notNull") === true) {
    return `${object} loses its default and is NOT NULL: inserts that do not name it fail`;
  }
  if (turned(difference, "generated")?.to) return `${object} becomes generated: writes that name it fail`;
  if (turned(difference, "identity")?.to === "always")
    return `${object} becomes GENERATED ALWAYS: writes that name it fail`;
  return null;
};

const newConstraint: Rule = ({ object, after }, all) => {
  const columns = field(after, "columns");
  const added = new Set(all.filter((d) => d.kind === "column" && d.change === "added").map((d) => d.object));
  const table = String(field(after, "table"));
  const onlyNew =
    Array.isArray(columns) && columns.length > 0 && columns.every((column) => added.has(`${table}.${column}`));
  return onlyNew ? null : `${object} is a new constraint: rows and writes that it forbids are refused`;
};

const changedConstraint: Rule = (difference) =>
  difference.fields.some((name) => ["definition", "type"].includes(name))
    ? `${difference.object} demands something else: rows and writes that it forbids are refused`
    : null;

const lostConstraint: Rule = ({ object, before }) =>
  ["primary key", "unique", "exclusion"].includes(String(field(before, "type")))
    ? `${object} is removed: INSERT … ON CONFLICT that relies on it fails, and duplicates become possible`
    : null;

const newIndex: Rule = ({ object, after }) =>
  field(after, "unique") === true ? `${object} is a new unique index: duplicate values are refused` : null;

const changedIndex: Rule = (difference) =>
  field(difference.after, "unique") === true &&
  difference.fields.some((name) => ["unique", "definition"].includes(name))
    ? `${difference.object} demands other values to be unique`
    : null;

const lostIndex: Rule = ({ object, before }) =>
  field(before, "unique") === true
    ? `${object} is a unique index and is removed: INSERT … ON CONFLICT that relies on it fails`
    : null;

const changedTable: Rule = (difference) => {
  const { object } = difference;
  if (turned(difference, "rowSecurity")?.to === true)
    return `${object} gets row security: rows that no policy allows vanish`;
  if (turned(difference, "forceRowSecurity")?.to === true) return `${object} forces row security on its owner too`;
  const parent = turned(difference, "partitionOf");
  if (parent?.from) return `${object} is no longer a partition of ${parent.from}: its rows vanish from there`;
  if (turned(difference, "partitionKey")) return `${object} is partitioned differently: writes may find no partition`;
  return null;
};

const changedView: Rule = (difference) => {
  const missing = lost(difference, "columns");
  return missing.length > 0
    ? `${difference.object} no longer has ${missing.join(", ")} as it was: whatever reads it fails or is misled`
    : null;
};

const changedFunction: Rule = (difference) => {
  if (turned(difference, "returns")) return `${difference.object} returns another type`;
  if (turned(difference, "arguments")) return `${difference.object} names or defaults its arguments differently`;
  if (turned(difference, "securityDefiner")?.to === false)
    return `${difference.object} runs with the caller's permissions now`;
  return null;
};

const changedEnum: Rule = (difference) => {
  const missing = lost(difference, "labels");
  return missing.length > 0 ? `${difference.object} loses ${missing.join(", ")}: rows and code that use it fail` : null;
};

const changedDomain: Rule = (difference) => {
  const type = turned(difference, "type");
  if (type && !widens(String(type.from), String(type.to))) return `${difference.object} changes its type`;
  return turned(difference, "notNull")?.to === true ? `${difference.object} becomes NOT NULL` : null;
};

const changedComposite: Rule = (difference) => {
  const missing = lost(difference, "attributes");
  return missing.length > 0 ? `${difference.object} no longer has ${missing.join(", ")} as it was` : null;
};

const newPolicy: Rule = ({ object, after }) =>
  field(after, "permissive") === false ? `${object} is a restrictive policy: rows that it excludes vanish` : null;

const changedPolicy: Rule = (difference) =>
  difference.fields.some((name) => name !== "comment")
    ? `${difference.object} changes who sees or writes which rows`
    : null;

const lostPolicy: Rule = ({ object, before }) =>
  field(before, "permissive") === false ? null : `${object} is removed: rows that only it allowed vanish`;

const newGrant: Rule = ({ object, after }) => {
  const privileges = field(after, "privileges");
  return Array.isArray(privileges) && privileges.length === 0
    ? `${object}: a permission given by default is revoked`
    : null;
};

const changedGrant: Rule = (difference) => {
  const missing = lost(difference, "privileges");
  return missing.length > 0 ? `${difference.object} loses ${missing.join(", ")}` : null;
};

const lostGrant: Rule = (difference, all) =>
  newGrant({ ...difference, after: difference.before }, all) === null
    ? `${difference.object} is revoked: whoever relied on it is refused`
    : null;

const used = { added: fine, altered: fine, removed: gone };
const unnoticed = { added: fine, altered: fine, removed: fine };

const RULES: Readonly<Record<ObjectKind, Readonly<Record<SchemaDifference["change"], Rule>>>> = {
  schema: used,
  extension: used,
  table: { added: fine, altered: changedTable, removed: gone },
  column: { added: newColumn, altered: changedColumn, removed: gone },
  constraint: { added: newConstraint, altered: changedConstraint, removed: lostConstraint },
  index: { added: newIndex, altered: changedIndex, removed: lostIndex },
  view: { added: fine, altered: changedView, removed: gone },
  materialized_view: { added: fine, altered: changedView, removed: gone },
  function: { added: fine, altered: changedFunction, removed: gone },
  trigger: unnoticed,
  rule: unnoticed,
  enum: { added: fine, altered: changedEnum, removed: gone },
  domain: { added: fine, altered: changedDomain, removed: gone },
  composite_type: { added: fine, altered: changedComposite, removed: gone },
  sequence: used,
  policy: { added: newPolicy, altered: changedPolicy, removed: lostPolicy },
  grant: { added: newGrant, altered: changedGrant, removed: lostGrant },
  default_privileges: unnoticed,
  statistics: unnoticed,
  event_trigger: unnoticed,
  publication: used,
  other: used,
};
