import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "../alteration.ts";
import { list } from "../field-list.ts";
import { literal, sqlName } from "../identifiers.ts";

const NAME = /^(?:"(?:[^"]|"")*"|\S+)/;
const WORDS: Readonly<Record<string, string>> = {
  view: "VIEW",
  materialized_view: "MATERIALIZED VIEW",
  index: "INDEX",
};

/** How a fact of one column is said, and taken back; `said` is what stands behind the column's name in the model. */
interface Facts {
  readonly field: string;
  say(object: SchemaObject, column: string, said: string): Draft;
  unsay(object: SchemaObject, column: string, said: string): Draft;
}

const FACTS: readonly Facts[] = [
  {
    field: "columnComments",
    say: (object, column, said) => commentOn(object, column, literal(said)),
    unsay: (object, column) => commentOn(object, column, "NULL"),
  },
  {
    field: "columnDefaults",
    say: (object, column, said) => alterColumn(object, column, `SET DEFAULT ${said}`, "says the default"),
    unsay: (object, column) => alterColumn(object, column, "DROP DEFAULT", "takes the default away"),
  },
  {
    field: "columnSettings",
    say: (object, column, said) => alterColumn(object, column, `SET ${said}`, "changes how the column is kept"),
    unsay: (object, column, said) =>
      alterColumn(object, column, `SET ${USUAL[said.split(" ")[0]!]}`, "keeps the column as usual"),
  },
  {
    field: "columnStatistics",
    say: (object, column, said) => alterColumn(object, column, `SET STATISTICS ${said}`, "says how much is gathered"),
    unsay: (object, column) => alterColumn(object, column, "SET STATISTICS -1", "gathers as much as usual"),
  },
];

const USUAL: Readonly<Record<string, string>> = {
  STATISTICS: "STATISTICS -1",
  STORAGE: "STORAGE EXTENDED",
  COMPRESSION: "COMPRESSION default",
};

/** What is said of single columns of a view, an index or a composite type: all of it for one that is made, else what changes. */
export function columnFacts(before: SchemaObject | null, after: SchemaObject): Draft[] {
  return FACTS.flatMap(({ field, say, unsay }) => {
    const [was, is] = [list(before?.fields[field]), list(after.fields[field])];
    const kept = new Set(is.map(keyOf));
    return [
      ...was.filter((one) => !kept.has(keyOf(one))).map((one) => unsay(after, columnOf(one), restOf(one))),
      ...is.filter((one) => !was.includes(one)).map((one) => say(after, columnOf(one), restOf(one))),
    ];
  });
}

function columnOf(fact: string): string {
  return NAME.exec(fact)![0];
}

function restOf(fact: string): string {
  return fact.slice(columnOf(fact).length + 1);
}

/** A column may have several settings, and one of each other fact. */
function keyOf(fact: string): string {
  const setting = /^(?:STATISTICS|STORAGE|COMPRESSION) /.exec(restOf(fact));
  return `${columnOf(fact)} ${setting?.[0] ?? ""}`;
}

function commentOn({ name }: SchemaObject, column: string, text: string): Draft {
  return { sql: `COMMENT ON COLUMN ${sqlName(name)}.${column} IS ${text};`, does: `says the comment of ${column}` };
}

function alterColumn({ kind, name }: SchemaObject, column: string, part: string, does: string): Draft {
  return { sql: `ALTER ${WORDS[kind]} ${sqlName(name)} ALTER COLUMN ${column} ${part};`, does: `${does} of ${column}` };
}
