import type ts from "typescript";
import type { CodePlace } from "../sources.ts";

/** A place in code that reads or writes a table. */
export interface TableReference {
  /** Without its schema. */
  readonly table: string;
  /** The columns it names; null where it takes all of them, or which cannot be told. */
  readonly columns: readonly string[] | null;
  readonly access: "read" | "write";
  /** Whether it makes new rows. */
  readonly inserts: boolean;
  readonly by: "builder" | "sql" | "prisma" | "drizzle";
  readonly place: CodePlace;
  readonly node: ts.Node;
}

/** A table's name without schema, alias and quotes: `orders` of `public.orders as o`. */
export function bareTable(text: string): string {
  const name = text.trim().split(/\s+/)[0]!.split(".").at(-1)!;
  return name.replace(/^"|"$/g, "");
}
