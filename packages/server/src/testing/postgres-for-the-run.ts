import { startPostgres } from "./postgres.ts";

/** A vitest `globalSetup`: one Postgres for all test files of a run, handed to them as `DATABASE_URL_FOR_TESTS`. */
export default async function setup(): Promise<() => Promise<void>> {
  // Several projects of a run share what the first of them has started.
  if (process.env.DATABASE_URL_FOR_TESTS) return async () => {};
  const postgres = await startPostgres();
  process.env.DATABASE_URL_FOR_TESTS = postgres.url;
  return () => postgres.stop();
}
