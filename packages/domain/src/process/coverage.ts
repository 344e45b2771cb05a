import { canonicalJson } from "../change/canonical-json.ts";
import { members, NONE } from "./conditions.ts";
import type { Condition, DecisionTable, Dimension, Row, Scalar } from "./process.ts";

/** Stands for every value that an open dimension does not list. */
export const OTHER = "(any other value)";

/** A set of combinations: for each dimension the values it may take. */
export type Box = Readonly<Record<string, readonly Scalar[]>>;

/** Combinations that no row covers: how many there are and at most five of them. */
export interface Gaps {
  readonly count: number;
  readonly examples: readonly Readonly<Record<string, Scalar>>[];
}

type Dimensions = Readonly<Record<string, Dimension>>;

/** Finds the combinations of a table's dimensions that no row covers, by subtracting each row's box from what is left. */
export function findGaps(table: DecisionTable<unknown>, dimensions: Dimensions): Gaps {
  const names = table.dimensions.filter((name) => dimensions[name] !== undefined);
  const left = subtractAll(wholeSpace(names, dimensions), table.rows, names);
  const examples: Record<string, Scalar>[] = [];
  for (const box of left) for (const example of combinations(box, 5 - examples.length)) examples.push(example);
  return { count: left.reduce((sum, box) => sum + size(box), 0), examples };
}

/** Pairs of rows of a unique table that can match at once and answer differently. */
export function findContradictions<T>(
  table: DecisionTable<T>,
  dimensions: Dimensions,
): readonly (readonly [Row<T>, Row<T>])[] {
  const pairs: (readonly [Row<T>, Row<T>])[] = [];
  table.rows.forEach((row, index) => {
    for (const later of table.rows.slice(index + 1)) {
      if (canMeet(row.when, later.when, dimensions) && canonicalJson(row.then) !== canonicalJson(later.then)) {
        pairs.push([row, later]);
      }
    }
  });
  return pairs;
}

/** Whether the other rows of a table leave nothing for this one alone. */
export function isShadowed(row: Row<unknown>, table: DecisionTable<unknown>, dimensions: Dimensions): boolean {
  const names = table.dimensions.filter((name) => dimensions[name] !== undefined);
  const whole = wholeSpace(names, dimensions);
  const own = Object.fromEntries(names.map((name) => [name, within(row.when, name, whole[name]!)]));
  const others = table.rows.filter((other) => other !== row);
  return size(own) > 0 && subtractAll(own, others, names).length === 0;
}

/** Whether one condition holds wherever another does. */
export function implies(narrow: Condition, wide: Condition): boolean {
  return Object.entries(wide).every(([name, wish]) => {
    const wanted = members(wish);
    const given = narrow[name];
    return given !== undefined && members(given).every((value) => wanted.includes(value));
  });
}

function canMeet(a: Condition, b: Condition, dimensions: Dimensions): boolean {
  return Object.keys(a).every((name) => {
    // A list can hold the values of both.
    if (b[name] === undefined || dimensions[name]?.many === true) return true;
    return members(a[name]).some((value) => members(b[name]).includes(value));
  });
}

function wholeSpace(names: readonly string[], dimensions: Dimensions): Box {
  return Object.fromEntries(
    names.map((name) => {
      const { values, open, many } = dimensions[name]!;
      return [name, [...values, ...(open === true ? [OTHER] : []), ...(many === true ? [NONE] : [])]];
    }),
  );
}

function within(when: Condition, name: string, values: readonly Scalar[]): readonly Scalar[] {
  const wish = when[name];
  return wish === undefined ? values : values.filter((value) => members(wish).includes(value));
}

function subtractAll(start: Box, rows: readonly Row<unknown>[], names: readonly string[]): readonly Box[] {
  let left: readonly Box[] = [start];
  for (const row of rows) left = left.flatMap((box) => subtract(box, row.when, names));
  return left;
}

/** What is left of a box without a row: disjoint boxes, one for each dimension the row restricts. */
function subtract(box: Box, when: Condition, names: readonly string[]): readonly Box[] {
  const pieces: Box[] = [];
  let rest = box;
  for (const name of names) {
    const inside = within(when, name, rest[name]!);
    const outside = rest[name]!.filter((value) => !inside.includes(value));
    if (outside.length > 0) pieces.push({ ...rest, [name]: outside });
    if (inside.length === 0) return pieces;
    rest = { ...rest, [name]: inside };
  }
  return pieces;
}

function size(box: Box): number {
  return Object.values(box).reduce((product, values) => product * values.length, 1);
}

function combinations(box: Box, limit: number): Record<string, Scalar>[] {
  let found: Record<string, Scalar>[] = limit > 0 ? [{}] : [];
  for (const [name, values] of Object.entries(box)) {
    found = found.flatMap((start) => values.map((value) => ({ ...start, [name]: value }))).slice(0, limit);
  }
  return found;
}
