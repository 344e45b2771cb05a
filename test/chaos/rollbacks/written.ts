import { PERMISSIONS } from "./written/permissions.ts";
import { PROGRAMS } from "./written/programs.ts";
import { RELATIONS } from "./written/relations.ts";
import { ROWS } from "./written/rows.ts";
import { TABLES } from "./written/tables.ts";
import { TYPES } from "./written/types.ts";

/** A way there, with one that takes all of it back first and then ways back that forget, lose, move or fail. */
export interface Written {
  readonly name: string;
  readonly up: string;
  readonly downs: readonly string[];
}

/** One way there with one way back. */
export interface Pair {
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/** All that are written by hand, subject by subject. */
export const WRITTEN: readonly Written[] = [...TABLES, ...RELATIONS, ...TYPES, ...PROGRAMS, ...PERMISSIONS, ...ROWS];

/** Each way there with each of its ways back. */
export function writtenPairs(): Pair[] {
  return WRITTEN.flatMap(({ name, up, downs }) =>
    downs.map((down, at) => ({ name: at === 0 ? name : `${name}, ${at + 1}`, up, down })),
  );
}
