import { nameParts, quoted, sqlName } from "../alteration/identifiers.ts";

/** What a trigger does with the new row of a table: `insert` and `update` are statements of PL/pgSQL, `update` may speak of OLD. */
export interface RowRule {
  /** Qualified name. */
  readonly table: string;
  readonly insert: string;
  readonly update: string;
}

/** A function and a trigger by the names they shall have. */
export interface InStepTrigger {
  readonly make: readonly string[];
  readonly drop: readonly string[];
}

/** Triggers fire in the order of their names; this one sees what all others of the user made of the row. */
const LAST = "zz_in_step";

/** Makes one trigger for each table of the rules; `taken` tells which names are. */
export function inStepTriggers(rules: readonly RowRule[], taken: (name: string) => boolean): InStepTrigger {
  const make: string[] = [];
  const drop: string[] = [];
  for (const table of new Set(rules.map((rule) => rule.table))) {
    const own = rules.filter((rule) => rule.table === table);
    const name = functionName(table, taken);
    const body = [
      "BEGIN",
      "  IF TG_OP = 'INSERT' THEN",
      ...own.map(({ insert }) => indented(insert)),
      "  ELSE",
      ...own.map(({ update }) => indented(update)),
      "  END IF;",
      "  RETURN NEW;",
      "END",
    ].join("\n");
    make.push(
      `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS ${dollarQuoted(body)}`,
      `CREATE TRIGGER ${LAST} BEFORE INSERT OR UPDATE ON ${sqlName(table)} FOR EACH ROW EXECUTE FUNCTION ${name}()`,
    );
    drop.push(`DROP TRIGGER ${LAST} ON ${sqlName(table)}`, `DROP FUNCTION ${name}()`);
  }
  return { make, drop };
}

function functionName(table: string, taken: (name: string) => boolean): string {
  const [schema, name] = nameParts(table) as [string, string];
  // Postgres cuts names at 63 bytes.
  const short = Buffer.from(name)
    .subarray(0, 40)
    .toString()
    .replace(/\uFFFD$/, "");
  for (let at = 1; ; at++) {
    const made = `${quoted(schema)}.${quoted(`${short}_in_step${at === 1 ? "" : at}`)}`;
    if (!taken(made)) return made;
  }
}

/** Two columns of one row hold the same, whichever of them is written. */
export function bothWays(table: string, old: string, twin: string, type: string): RowRule {
  const [was, is] = [quoted(old), quoted(twin)];
  const distinct = (column: string) => distinctFrom(`NEW.${column}`, `OLD.${column}`, type);
  return {
    table,
    insert: `IF NEW.${is} IS NOT NULL THEN NEW.${was} := NEW.${is}; ELSE NEW.${is} := NEW.${was}; END IF;`,
    update: [
      `IF ${distinct(is)} THEN NEW.${was} := NEW.${is};`,
      `ELSIF ${distinct(was)} THEN NEW.${is} := NEW.${was};`,
      "END IF;",
    ].join("\n"),
  };
}

/** A value made of others in the row, as the migration makes it; `alias` is what its expression calls the table. */
export interface MadeValue {
  readonly table: string;
  readonly alias: string;
  readonly column: string;
  readonly type: string;
  readonly expression: string;
  readonly reads: readonly { readonly name: string; readonly type: string }[];
}

/** A column follows those it is made of, unless its writer gives it a value. */
export function follows(value: MadeValue): RowRule {
  const column = quoted(value.column);
  const moved = value.reads.map(({ name, type }) => distinctFrom(`NEW.${quoted(name)}`, `OLD.${quoted(name)}`, type));
  const set = `NEW.${column} := ${ofNewRow(value)};`;
  const kept = `NOT (${distinctFrom(`NEW.${column}`, `OLD.${column}`, value.type)})`;
  return {
    table: value.table,
    insert: `IF NEW.${column} IS NULL THEN ${set} END IF;`,
    update: moved.length === 0 ? "" : `IF (${moved.join(" OR ")}) AND ${kept} THEN ${set} END IF;`,
  };
}

/** A column that nobody writes is always what is made of others. */
export function shadows(value: MadeValue): RowRule {
  const set = `NEW.${quoted(value.column)} := ${ofNewRow(value)};`;
  return { table: value.table, insert: set, update: set };
}

/** NULL never gets into a column. */
export function fillsNull(value: MadeValue): RowRule {
  const column = quoted(value.column);
  const set = `IF NEW.${column} IS NULL THEN NEW.${column} := ${ofNewRow(value)}; END IF;`;
  return { table: value.table, insert: set, update: set };
}

/** The expression over the new row, in which columns stand without a name before them or behind the table's. */
function ofNewRow({ alias, expression }: MadeValue): string {
  return `(SELECT ${expression} FROM (SELECT NEW.*) AS ${quoted(alias)})`;
}

/** Types that cannot be compared are compared as text. */
const NO_EQUALITY = /^(?:json|xml|point|polygon|txid_snapshot|pg_snapshot|jsonpath)\b/;

/** Whether two values of a type differ, NULL counting as a value. */
export function distinctFrom(a: string, b: string, type: string): string {
  return NO_EQUALITY.test(type) ? `${a}::text IS DISTINCT FROM ${b}::text` : `${a} IS DISTINCT FROM ${b}`;
}

/** A text between dollar quotes that do not occur in it. */
export function dollarQuoted(text: string): string {
  let tag = "$body$";
  for (let at = 1; text.includes(tag); at++) tag = `$body${at}$`;
  return `${tag}\n${text}\n${tag}`;
}

function indented(code: string): string {
  return code
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => `    ${line}`)
    .join("\n");
}
