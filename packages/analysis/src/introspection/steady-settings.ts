import type { QueryFunction } from "./query-function.ts";

/** What Postgres prints definitions by; the same values everywhere make the same schema read the same. */
const STEADY: Readonly<Record<string, string>> = {
  search_path: "",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  extra_float_digits: "1",
  quote_all_identifiers: "off",
};

/**
 * A WHERE condition that is true and, before the first row is read, puts steady settings in force until the transaction ends.
 * It sits in the query itself, so that it holds on a pooled connection where a SET beforehand would not.
 */
export const STEADY_SETTINGS = `(select ${Object.entries(STEADY)
  .map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', true)`)
  .join(" || ")}) is not null`;

/** Runs reads that use STEADY_SETTINGS and gives the caller's transaction its own settings back afterwards. */
export async function withSettingsRestored<T>(query: QueryFunction, read: () => Promise<T>): Promise<T> {
  const names = Object.keys(STEADY);
  const { rows } = await query(
    `select ${names.map((name, i) => `pg_catalog.current_setting('${name}') as s${i}`).join(", ")}`,
  );
  const before = names.map((_, i) => rows[0]![`s${i}`]);
  const result = await read();
  await query(
    `select ${names.map((name, i) => `pg_catalog.set_config('${name}', $${i + 1}, true)`).join(", ")}`,
    before,
  );
  return result;
}
