import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "./alteration.ts";
import type { ColumnDrafts } from "./column-drafts.ts";
import type { Fate } from "./fates.ts";
import { parentsOf, type Sides } from "./sides.ts";
import * as columns from "./statements/columns.ts";
import { commentOn } from "./statements/comments.ts";
import * as indexes from "./statements/indexes.ts";
import { changeOwner } from "./statements/owners.ts";
import * as permissions from "./statements/permissions.ts";
import * as programs from "./statements/programs.ts";
import * as tables from "./statements/tables.ts";
import * as types from "./statements/types.ts";

/** The statements that make, drop or alter one object of any kind but the making of tables and columns. */
export class ObjectDrafts {
  readonly #sides: Sides;
  readonly #columns: ColumnDrafts;

  constructor(sides: Sides, columns: ColumnDrafts) {
    this.#sides = sides;
    this.#columns = columns;
  }

  make(after: SchemaObject, fate: Fate): Draft[] {
    switch (after.kind) {
      case "schema":
      case "extension":
      case "enum":
      case "domain":
      case "composite_type":
        return types.makeType(after);
      case "sequence":
        return types.makeSequence(after);
      case "constraint":
        return indexes.makeConstraint(after, this.#sides.to.objects.get(after.of!)?.fields.partitionKey !== undefined);
      case "index":
        return indexes.makeIndex(after);
      case "grant":
        return permissions.changeGrant(undefined, after);
      case "default_privileges":
        return permissions.changeDefaults(fate === "make" ? undefined : after, after);
      default:
        return programs.makeProgram(after);
    }
  }

  drop(before: SchemaObject): Draft[] {
    switch (before.kind) {
      case "schema":
      case "extension":
      case "enum":
      case "domain":
      case "composite_type":
      case "sequence":
        return types.dropType(before);
      case "table":
        return [...(this.#isReferredTo(before) ? tables.detach(before) : []), ...tables.dropTable(before)];
      case "column":
        return columns.dropColumn(before);
      case "constraint":
        return indexes.dropConstraint(before);
      case "index":
        return indexes.dropIndex(before);
      case "grant":
        return permissions.changeGrant(before, undefined);
      case "default_privileges":
        return this.#sides.from.objects.has(schemaOf(before)) && !this.#sides.to.objects.has(schemaOf(before))
          ? []
          : permissions.changeDefaults(before, undefined);
      default:
        return programs.dropProgram(before);
    }
  }

  alter(key: string, before: SchemaObject, after: SchemaObject, fate: Fate): Draft[] {
    return [...changeOwner(before, after), ...this.#alterFacts(key, before, after, fate)];
  }

  #alterFacts(key: string, before: SchemaObject, after: SchemaObject, fate: Fate): Draft[] {
    switch (after.kind) {
      case "schema":
      case "extension":
      case "enum":
      case "domain":
      case "composite_type":
        if (fate === "retype") return types.retype(before, after, this.#columns.moving(key));
        return [...types.alterType(before, after), ...comment(before, after)];
      case "sequence":
        return [...types.alterSequence(before, after), ...comment(before, after)];
      case "table":
        return [...tables.alterTable(before, after), ...this.#persistenceOfSequences(before, after)];
      case "column":
        return this.#columns.alter(before, after);
      case "constraint":
      case "index":
        return indexes.alterIndexOrConstraint(before, after);
      case "grant":
        return permissions.changeGrant(before, after);
      case "default_privileges":
        return permissions.changeDefaults(before, after);
      default:
        return programs.alterProgram(before, after);
    }
  }

  /** A partition cannot be dropped from under a table that foreign keys refer to; it leaves first. */
  #isReferredTo(table: SchemaObject): boolean {
    if (table.fields.partitionOf === undefined) return false;
    const { from } = this.#sides;
    for (let above = parentsOf(table)[0]; above !== undefined; above = parentsOf(from.objects.get(above)!)[0]) {
      for (const key of from.childrenOf(above)) {
        for (const dependent of from.neededBy(key)) {
          if (from.objects.get(dependent)?.fields.type === "foreign key") return true;
        }
      }
    }
    return false;
  }

  /** A table that becomes logged or unlogged takes the sequences of its columns along, wanted or not. */
  #persistenceOfSequences(before: SchemaObject, after: SchemaObject): Draft[] {
    if (before.fields.persistence === after.fields.persistence) return [];
    const { from, to } = this.#sides;
    const unlogged = after.fields.persistence === "unlogged";
    return from.childrenOf(`table:${before.name}`).flatMap((column) =>
      from.childrenOf(column).flatMap((key) => {
        const sequence = to.objects.get(key);
        if (sequence?.kind !== "sequence" || (sequence.fields.unlogged === true) === unlogged) return [];
        return types.setPersistence(sequence);
      }),
    );
  }
}

function schemaOf({ fields }: SchemaObject): string {
  return `schema:${fields.schema}`;
}

function comment(before: SchemaObject, after: SchemaObject): Draft[] {
  return before.fields.comment === after.fields.comment ? [] : [commentOn(after)];
}
