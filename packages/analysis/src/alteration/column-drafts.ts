import { changedFields } from "@change-mgmt/domain/schema/fields.ts";
import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "./alteration.ts";
import { isGone, isMade } from "./fates.ts";
import { ownedSequence } from "./owned-sequences.ts";
import * as statements from "./statements/columns.ts";
import type { MovingColumn } from "./statements/types.ts";
import type { TaskList } from "./task-list.ts";

/** What is said of columns: when they are made, when they change, and beside what they inherit. */
export class ColumnDrafts {
  readonly #list: TaskList;

  constructor(list: TaskList) {
    this.#list = list;
  }

  /** A column's definition parts; the sequence of its identity is made with it. */
  parts(column: SchemaObject, withDefault: boolean, makes: string[]): statements.ColumnParts {
    const sequence = column.fields.identity === undefined ? undefined : ownedSequence(this.#list.sides.to, column);
    if (sequence) makes.push(`sequence:${sequence.name}`);
    return { column, sequence, withDefault };
  }

  /** What tells an inherited column from the one it is inherited from, default included. */
  adjustments(column: SchemaObject): Draft[] {
    const { inheritance, sides } = this.#list;
    const parent = inheritance.counterpart(sides.to, column);
    if (parent === undefined || column.fields.inherited !== true) return [];
    const { comment, statistics, options, ...fields } = parent.fields;
    const own = { table: column.fields.table!, position: column.fields.position!, inherited: true };
    const before: SchemaObject = { ...column, fields: { ...fields, ...own } };
    const changes = {
      before,
      after: column,
      sequenceBefore: undefined,
      sequenceAfter: undefined,
      hasChildren: false,
      byParent: true,
      retyped: true,
    };
    const value = column.fields.default;
    return [
      ...statements.alterColumn(changes),
      ...(before.fields.default === value ? [] : statements.setDefault(column, value)),
    ];
  }

  /** True when a default cannot stand in CREATE TABLE because what it calls needs the table. */
  needsTable(key: string, table: string): boolean {
    const { fates, sides } = this.#list;
    const seen = new Set<string>();
    const visit = (one: string): boolean => {
      for (const needed of sides.to.needs(one)) {
        if (!/^(?:function|view|composite_type|domain):/.test(needed) || seen.has(needed) || !isMade(fates.of(needed)))
          continue;
        seen.add(needed);
        const reaches = [...sides.to.needs(needed)].some(
          (other) => other === table || sides.to.objects.get(other)?.of === table,
        );
        if (reaches || visit(needed)) return true;
      }
      return false;
    };
    return visit(key);
  }

  /** Leads a column from what it is to what it shall be. */
  alter(before: SchemaObject, after: SchemaObject): Draft[] {
    const { inheritance, sides } = this.#list;
    const { from, to } = sides;
    return statements.alterColumn({
      before: this.#withoutDroppedDefault(before),
      after: this.#withoutLateDefault(after),
      sequenceBefore: before.fields.identity === undefined ? undefined : ownedSequence(from, before),
      sequenceAfter: after.fields.identity === undefined ? undefined : ownedSequence(to, after),
      hasChildren: from.neededBy(before.of!).some((dependent) => dependent.startsWith("table:")),
      byParent: inheritance.keptInherited(to, after) && inheritance.keptInherited(from, before),
      retyped: before.fields.type === after.fields.type && !changedFields(before, after).has("collation"),
    });
  }

  /** Columns that stay and are of a type that is made anew. */
  moving(key: string): MovingColumn[] {
    const { fates, inheritance, sides } = this.#list;
    const { from, to } = sides;
    return [...from.neededBy(key)].flatMap((dependent) => {
      const [before, after] = [from.objects.get(dependent), to.objects.get(dependent)];
      const moves = before?.kind === "column" && after !== undefined && !isGone(fates.of(dependent));
      if (!moves || !to.needs(dependent).has(key) || inheritance.keptInherited(from, before)) return [];
      return [{ before: this.#withoutDroppedDefault(before), after: this.#withoutLateDefault(after) }];
    });
  }

  #withoutDroppedDefault(column: SchemaObject): SchemaObject {
    return isGone(this.#list.fates.of(`default:${column.name}`)) ? withoutDefault(column) : column;
  }

  #withoutLateDefault(column: SchemaObject): SchemaObject {
    return isMade(this.#list.fates.of(`default:${column.name}`)) ? withoutDefault(column) : column;
  }
}

function withoutDefault(column: SchemaObject): SchemaObject {
  const { default: _, ...fields } = column.fields;
  return { ...column, fields };
}
