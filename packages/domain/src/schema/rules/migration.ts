import { qualifiedName, type SchemaModel, type SchemaObject } from "../model.ts";
import type { Name } from "./actions.ts";
import type { MigrationFacts, StatementFacts } from "./facts.ts";
import { History } from "./history.ts";

/** A migration with what follows from it as a whole, worked out once for all rules. */
export interface Migration extends MigrationFacts {
  /** Whether the relation came into being in this file before the statement, or was not there before the file: nobody uses it yet. */
  isNew(relation: Name, at: StatementFacts): boolean;
  /** The same of a column, which may be new on a table that is not. */
  isNewColumn(table: Name, column: string, at: StatementFacts): boolean;
  /** Whether this file made the object, a type or a function, before the statement. */
  isNewObject(name: Name, at: StatementFacts): boolean;
  /** Whether something of that name is made after the statement. */
  isMadeLater(name: Name, at: StatementFacts): boolean;
  /** Whether the statement runs inside a transaction together with others. */
  inTransaction(at: StatementFacts): boolean;
  /** Statements before and after one within its transaction; none where it has none. */
  earlier(at: StatementFacts): readonly StatementFacts[];
  later(at: StatementFacts): readonly StatementFacts[];
}

/** Works out what rules ask of a migration as a whole. */
export function asMigration(facts: MigrationFacts): Migration {
  const history = new History(facts);
  const transactions = transactionOf(facts);
  const together = (at: StatementFacts) =>
    transactions[at.index] === null
      ? []
      : facts.statements.filter(({ index }) => transactions[index] === transactions[at.index]);
  const isNew = (relation: Name, at: StatementFacts): boolean => {
    const made = history.madeBefore(relation, at);
    if (made === "surely") return true;
    const first = history.firstName(relation, at);
    return facts.before === null ? made === "perhaps" : relationIn(facts.before, first) === null;
  };
  return {
    ...facts,
    isNew,
    isNewColumn: (table, column, at) => isNew(table, at) || history.addedBefore(table, column, at),
    isNewObject: (name, at) => history.madeBefore(name, at) !== null,
    isMadeLater: (name, at) => history.isMadeAfter(name, at),
    inTransaction: (at) => transactions[at.index] !== null,
    earlier: (at) => together(at).filter(({ index }) => index < at.index),
    later: (at) => together(at).filter(({ index }) => index > at.index),
  };
}

/** The transaction that each statement belongs to, numbered; null outside any. */
function transactionOf({ statements, transactional }: MigrationFacts): (number | null)[] {
  if (transactional) return statements.map(() => 0);
  let open: number | null = null;
  let opened = 0;
  return statements.map(({ actions }) => {
    const word = actions[0]?.does === "transaction" ? actions[0].word : null;
    if (word === "begin" || word === "start") {
      opened += 1;
      open = opened;
    } else if (word === "commit" || word === "rollback") open = null;
    return open;
  });
}

/** Whether two names can mean the same object; a missing schema fits any. */
export function sameName(a: Name, b: Name): boolean {
  return a.name === b.name && (a.schema === null || b.schema === null || a.schema === b.schema);
}

/** A name as it is shown to people: as it was written. */
export function shown(name: Name, ...parts: readonly string[]): string {
  return qualifiedName(...(name.schema === null ? [] : [name.schema]), name.name, ...parts);
}

/** A name as the catalog has it; without a schema it is taken for one of `public`. */
export function full(name: Name, ...parts: readonly string[]): string {
  return qualifiedName(name.schema ?? "public", name.name, ...parts);
}

const RELATIONS = ["table", "view", "materialized_view"] as const;

/** The relation of a model that a name can mean; null when there is none. */
export function relationIn(model: SchemaModel, name: Name): SchemaObject | null {
  for (const kind of RELATIONS) {
    const found = model.objects[`${kind}:${full(name)}`];
    if (found !== undefined) return found;
  }
  if (name.schema !== null) return null;
  const ending = `.${qualifiedName(name.name)}`;
  return (
    Object.values(model.objects).find(
      (object) => (RELATIONS as readonly string[]).includes(object.kind) && object.name.endsWith(ending),
    ) ?? null
  );
}

/** A column of a model; null when the model or the column is not there. */
export function columnIn(model: SchemaModel | null, table: Name, column: string): SchemaObject | null {
  const found = model === null ? null : relationIn(model, table);
  return found === null ? null : (model!.objects[`column:${found.name}.${qualifiedName(column)}`] ?? null);
}

/** Whether a table is known to be partitioned: from the schema before, or made so earlier in the file. */
export function isPartitioned({ before, statements }: MigrationFacts, table: Name): boolean {
  if (before !== null && typeof relationIn(before, table)?.fields.partitionKey === "string") return true;
  return statements.some(({ actions }) =>
    actions.some(
      (action) => action.does === "create_table" && action.partitionBy !== null && sameName(action.table, table),
    ),
  );
}
