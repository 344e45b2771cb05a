import pg from "pg";

/** A text as an SQL literal, or null. */
export function literal(value: string | null): string {
  return value === null ? "null" : pg.escapeLiteral(value);
}
