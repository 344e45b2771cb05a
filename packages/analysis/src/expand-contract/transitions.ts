import type { Judgement } from "@change-mgmt/domain/schema/breaking.ts";
import type { Obstacle } from "../alteration/alteration.ts";
import { demand, uniqueIndex } from "./constraints.ts";
import { removeLabels } from "./enum-labels.ts";
import { bareName, columnOf, type Ground, InTheWay } from "./ground.ts";
import type { MadeValue } from "./in-step.ts";
import { changeRows, followColumn, madeValue } from "./made-values.ts";
import { moveRows } from "./move-rows.ts";
import { forbidNull } from "./not-null.ts";
import { renameColumn } from "./rename-column.ts";
import { renameTable } from "./rename-table.ts";
import { retypeColumn } from "./retype-column.ts";
import type { Transition } from "./transition.ts";

/** What each break needs on its way, and what stands in the way. */
export interface Transitions {
  readonly ways: readonly Transition[];
  readonly obstacles: readonly Obstacle[];
}

/** Finds a way for each break and for each statement of the migration that writes rows. */
export function findWays(ground: Ground, breaks: readonly Judgement[]): Transitions {
  const { evidence, before, target } = ground;
  const found: (Transition | InTheWay)[] = evidence.others.map(
    ({ line, reason }) => new InTheWay("other", `line ${line}`, reason),
  );
  const filled = new Set<string>();
  for (const rename of evidence.renames.filter(({ kind }) => kind === "column"))
    found.push(renameColumn(ground, rename));
  for (const { difference, reason } of breaks) {
    const { change, kind, before: was, after: is } = difference;
    if (kind === "column" && is !== null && change !== "removed") {
      const retyped = change === "altered" && difference.fields.includes("type");
      const forbidden = is.fields.notNull === true && (change === "added" || difference.fields.includes("notNull"));
      if (retyped) found.push(retypeColumn(ground, was!, is));
      else if (forbidden) {
        filled.add(is.name);
        found.push(forbidNullIn(is));
      } else
        found.push({
          breaks: reason,
          code: [`Deploy code that does not need ${is.name} to be as it was: ${difference.detail}.`],
        });
    } else if (kind === "enum" && change === "altered") {
      found.push(...removeLabels(ground, was!, is!));
      for (const { name, fields } of Object.values(before.objects)) if (fields.type === was!.name) filled.add(name);
    } else if (kind === "constraint" && change !== "removed") {
      if (change === "added") found.push(demand(ground, is!));
      else found.push({ breaks: reason, code: [`Deploy code that writes nothing that ${is!.name} will forbid.`] });
    } else if (kind === "index" && change === "added") found.push(uniqueIndex(ground, is!));
    else if (change === "removed")
      found.push({ breaks: reason, code: [`Deploy code that uses ${difference.object} no longer.`] });
    else
      found.push({
        breaks: reason,
        code: [`Deploy code that does not need ${difference.object} to be as it was: ${difference.detail}.`],
      });
  }
  for (const { table, sets } of evidence.updates) {
    for (const { column } of sets) {
      const name =
        columnOf(target, table, column)?.name ?? columnOf(before, table, column)?.name ?? `${table}.${column}`;
      if (filled.has(name)) continue;
      filled.add(name);
      const value = madeValue(ground, table, column);
      if (value instanceof InTheWay) found.push(value);
      else if (value !== null) found.push(rowsOf(value));
    }
  }
  for (const move of evidence.moves) found.push(moveRows(ground, move));
  for (const { line, table, sql } of evidence.inserts) {
    const isNew = before.objects[`table:${table}`] === undefined;
    if (isNew) found.push({ breaks: "", expand: [sql.replace(/;$/, "")] });
    else
      found.push(
        new InTheWay(
          "table",
          table,
          `line ${line} writes rows into it, which might be there already when it is repeated`,
        ),
      );
  }
  for (const rename of evidence.renames.filter(({ kind }) => kind === "table")) found.push(renameTable(ground, rename));
  return {
    ways: found.filter((one): one is Transition => !(one instanceof InTheWay)),
    obstacles: found
      .filter((one) => one instanceof InTheWay)
      .map(({ kind, object, reason }) => ({ kind, object, reason })),
  };

  function forbidNullIn(column: NonNullable<Judgement["difference"]["after"]>): Transition | InTheWay {
    const table = String(column.fields.table);
    const name = bareName(column);
    const made = madeValue(ground, table, name);
    if (made instanceof InTheWay) return made;
    const value = made ?? defaultOf(column, table, name);
    const way = forbidNull(ground, column, value);
    const isNew = before.objects[`column:${column.name}`] === undefined;
    if (way instanceof InTheWay || made === null || !isNew || made.reads.length === 0) return way;
    const follow = followColumn(ground, made);
    if (follow instanceof InTheWay) return follow;
    return { ...way, rowRules: [...follow.rowRules!, ...way.rowRules!], code: follow.code, beside: follow.beside };
  }

  function defaultOf(
    column: { fields: Readonly<Record<string, unknown>> },
    table: string,
    name: string,
  ): MadeValue | null {
    const value = column.fields.default ?? columnOf(before, table, name)?.fields.default;
    if (value === undefined) return null;
    return {
      table,
      alias: table.slice(table.lastIndexOf(".") + 1),
      column: name,
      type: String(column.fields.type),
      expression: String(value),
      reads: [],
    };
  }

  function rowsOf(value: MadeValue): Transition | InTheWay {
    const was = columnOf(before, value.table, value.column);
    const is = columnOf(target, value.table, value.column);
    const isNewTable = before.objects[`table:${value.table}`] === undefined;
    if (isNewTable)
      return new InTheWay(
        "table",
        value.table,
        "it is new, and an UPDATE changes its rows; write them as they shall be",
      );
    return was === undefined && is !== undefined ? followColumn(ground, value) : changeRows(ground, value);
  }
}
