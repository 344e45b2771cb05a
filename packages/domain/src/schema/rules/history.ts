import type { Action, Name } from "./actions.ts";
import type { MigrationFacts, StatementFacts } from "./facts.ts";

interface Event {
  readonly index: number;
  readonly name: Name;
}

/** What belongs to another object, whose name stays when this one is renamed. */
const INSIDE: ReadonlySet<string> = new Set(["column", "attribute", "constraint"]);

/** What comes into being, and under what names, in the course of a file. */
export class History {
  readonly #made: (Event & { readonly sure: boolean })[] = [];
  readonly #renamed: (Event & { readonly to: string })[] = [];
  readonly #columns: (Event & { readonly column: string })[] = [];

  constructor({ statements }: MigrationFacts) {
    for (const { index, actions } of statements) for (const action of actions) this.#note(index, action);
  }

  #note(index: number, action: Action): void {
    const made = makes(action);
    if (made !== null) this.#made.push({ index, ...made });
    if (action.does === "rename" && !INSIDE.has(action.object)) {
      this.#renamed.push({ index, name: action.of, to: action.to });
    }
    if (action.does === "add_column") this.#columns.push({ index, name: action.table, column: action.column.name });
  }

  /** Whether something of that name was made before a statement: perhaps, where it may have been there already. */
  madeBefore(name: Name, at: StatementFacts): "surely" | "perhaps" | null {
    const made = this.#made.filter(
      (event) => event.index < at.index && event.name.name === this.firstName(name, at).name,
    );
    if (made.length === 0) return null;
    return made.some(({ sure }) => sure) ? "surely" : "perhaps";
  }

  isMadeAfter(name: Name, at: StatementFacts): boolean {
    return this.#made.some((event) => event.index > at.index && event.name.name === name.name);
  }

  addedBefore(table: Name, column: string, at: StatementFacts): boolean {
    const first = this.firstName(table, at).name;
    return this.#columns.some(
      (event) => event.index < at.index && event.column === column && this.firstName(event.name, at).name === first,
    );
  }

  /** The name under which the file first knew what a statement calls by this one. */
  firstName(name: Name, at: StatementFacts): Name {
    let first = name;
    for (const event of this.#renamed.toReversed()) {
      if (event.index < at.index && event.to === first.name) first = { ...first, name: event.name.name };
    }
    return first;
  }
}

/** What an action makes; `sure` when nothing of the kind can have been there before. */
function makes(action: Action): { readonly name: Name; readonly sure: boolean } | null {
  switch (action.does) {
    case "create_table":
      return { name: action.table, sure: !action.ifNotExists };
    case "create_view":
      return { name: action.view, sure: !action.replace };
    case "create_materialized_view":
      return { name: action.view, sure: true };
    case "create_type":
      return { name: action.type, sure: true };
    case "create_function":
      return { name: action.function, sure: !action.replace };
    case "create_sequence":
      return { name: action.sequence, sure: true };
    default:
      return null;
  }
}
