import type {
  ColumnFacts,
  ConstraintFacts,
  ConstraintKind,
  TypeFacts,
} from "@change-mgmt/domain/schema/rules/actions.ts";
import { expressionFacts } from "./expressions.ts";
import { as, constant, type Fields, list, parts, relation, string, text } from "./nodes.ts";
import type { CodePointPlaces } from "./places.ts";

const TYPE_NAMES: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  bool: "boolean",
  varchar: "character varying",
  bpchar: "character",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  time: "time without time zone",
  timetz: "time with time zone",
  varbit: "bit varying",
  serial4: "serial",
  serial8: "bigserial",
  serial2: "smallserial",
  decimal: "numeric",
};

/** A type as a statement names it, from the fields of a TypeName. */
export function typeFacts(fields: Fields | undefined, places: CodePointPlaces): TypeFacts {
  const names = parts(fields?.names);
  const own = names.length > 1 && names[0] === "pg_catalog" ? names.slice(1) : names;
  const name = own.length === 1 ? (TYPE_NAMES[own[0]!] ?? own[0]!) : own.join(".");
  const modifiers = list(fields?.typmods).flatMap((modifier) => {
    const value = constant(modifier);
    return typeof value === "number" ? [value] : [];
  });
  return { name, modifiers, array: fields?.arrayBounds !== undefined, place: places.ofByte(fields?.location) };
}

const KINDS: Readonly<Record<string, ConstraintKind>> = {
  CONSTR_PRIMARY: "primary key",
  CONSTR_UNIQUE: "unique",
  CONSTR_CHECK: "check",
  CONSTR_FOREIGN: "foreign key",
  CONSTR_EXCLUSION: "exclusion",
  CONSTR_NOTNULL: "not null",
};

const ON_DELETE: Readonly<Record<string, ConstraintFacts["onDelete"]>> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

/** A constraint of a table, or one written at the column that is given; null for what is no constraint, such as a default. */
export function constraintFacts(node: unknown, places: CodePointPlaces, column?: string): ConstraintFacts | null {
  const fields = as("Constraint", node);
  const kind = KINDS[String(fields?.contype)];
  if (!fields || !kind) return null;
  const named = [...list(fields.keys), ...list(fields.fk_attrs)].flatMap((key) => string(key) ?? []);
  const expression = expressionFacts(fields.raw_expr);
  return {
    kind,
    name: text(fields.conname),
    columns: named.length > 0 ? named : column !== undefined ? [column] : (expression?.columns ?? []),
    notValid: fields.skip_validation === true,
    usingIndex: text(fields.indexname),
    deferrable: fields.deferrable === true,
    references: fields.pktable === undefined ? null : relation(fields.pktable),
    referencedColumns: list(fields.pk_attrs).flatMap((key) => string(key) ?? []),
    onDelete: ON_DELETE[String(fields.fk_del_action)] ?? "no action",
    expression,
    checksNotNull: checkedNotNull(fields.raw_expr),
    place: places.ofByte(fields.location),
  };
}

function checkedNotNull(expression: unknown): string | null {
  const test = as("NullTest", expression);
  if (test?.nulltesttype !== "IS_NOT_NULL") return null;
  return parts(as("ColumnRef", test.arg)?.fields).at(-1) ?? null;
}

/** A column as a statement defines it, from the fields of a ColumnDef. */
export function columnFacts(fields: Fields, places: CodePointPlaces): ColumnFacts {
  const name = text(fields.colname) ?? "";
  const type = typeFacts(fields.typeName as Fields | undefined, places);
  const marks = list(fields.constraints).map((mark): Fields => as("Constraint", mark) ?? {});
  const marked = (kind: string) => marks.find(({ contype }) => contype === kind);
  const constraints = inlineConstraints(fields.constraints, places, name);
  const identity = marked("CONSTR_IDENTITY");
  const generated = marked("CONSTR_GENERATED");
  const serial = /^(big|small)?serial$/.test(type.name);
  return {
    name,
    type,
    notNull:
      serial || identity !== undefined || constraints.some(({ kind }) => kind === "not null" || kind === "primary key"),
    default: expressionFacts(marked("CONSTR_DEFAULT")?.raw_expr),
    identity: identity === undefined ? null : identity.generated_when === "a" ? "always" : "by default",
    generated: generated === undefined ? null : generated.generated_kind === "v" ? "virtual" : "stored",
    constraints: constraints.filter(({ kind }) => kind !== "not null"),
    place: places.ofByte(fields.location),
  };
}

/** The constraints written at a column; DEFERRABLE is a mark of its own behind the one that it is about. */
function inlineConstraints(marks: unknown, places: CodePointPlaces, column: string): ConstraintFacts[] {
  const found: ConstraintFacts[] = [];
  for (const mark of list(marks)) {
    const constraint = constraintFacts(mark, places, column);
    const last = found.at(-1);
    if (constraint !== null) found.push(constraint);
    else if (last !== undefined && as("Constraint", mark)?.contype === "CONSTR_ATTR_DEFERRABLE") {
      found[found.length - 1] = { ...last, deferrable: true };
    }
  }
  return found;
}
