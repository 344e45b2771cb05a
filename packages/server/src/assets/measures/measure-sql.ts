import type { Reading } from "@change-mgmt/domain/lifecycle/monitoring/reading.ts";
import type { TargetSession } from "../databases/target.ts";
import type { ConfiguredMeasure, Measured } from "./measure.ts";

/**
 * Asks the database of an environment in a transaction that can only read, under a time limit. As part of a larger statement with a value it
 * can be no second statement. One row says the number, and in a second column on how many samples it rests.
 */
export async function measureSql(session: TargetSession, measure: ConfiguredMeasure): Promise<Measured> {
  const query = measure.sql!.trim().replace(/;+$/, "");
  return await reading(session, measure, async () => {
    const text = `SELECT * FROM (\n${query}\n) AS measured WHERE $1::text IS NOT NULL LIMIT 2`;
    const { rows } = await session.query(text, [measure.metric]);
    if (rows.length !== 1)
      return { reading: { missing: `the query answers ${rows.length === 0 ? "no row" : "several rows"}` } };
    const [value, samples] = Object.values(rows[0]!);
    return { reading: numberOf(value, samples) };
  });
}

/** Runs work in a transaction that can only read and waits for nobody long; it is rolled back whatever happens. */
export async function reading<T>(
  session: TargetSession,
  { timeoutSeconds }: ConfiguredMeasure,
  work: () => Promise<T>,
): Promise<T> {
  await session.query("BEGIN TRANSACTION READ ONLY");
  try {
    await session.query(`SET LOCAL statement_timeout = ${timeoutSeconds * 1000}`);
    await session.query("SET LOCAL lock_timeout = 1000");
    return await work();
  } finally {
    if (session.usable) await session.query("ROLLBACK");
  }
}

function numberOf(value: unknown, samples: unknown): Reading {
  if (value === null || value === undefined) return { missing: "the query answers nothing" };
  const number = typeof value === "boolean" ? Number(value) : Number.parseFloat(String(value));
  if (!Number.isFinite(number)) return { missing: "the query answers no number" };
  return samples === null || samples === undefined ? { value: number } : { value: number, samples: Number(samples) };
}
