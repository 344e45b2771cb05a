import { type RawBuilder, sql } from "kysely";

/** A value as a jsonb parameter. */
export function json<T>(value: T): RawBuilder<T> {
  return sql<T>`cast(${JSON.stringify(value)} as jsonb)`;
}
