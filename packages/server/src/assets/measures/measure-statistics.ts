import type { TargetSession } from "../databases/target.ts";
import type { ConfiguredMeasure, Measured } from "./measure.ts";
import { reading } from "./measure-sql.ts";

/** Transactions of a database since its statistics were begun. */
interface Counted {
  readonly ended: number;
  readonly failed: number;
}

/** Sessions that wait for a lock as long as this are blocked, not merely late. */
const WAITING_SECONDS = 5;

/** Reads what Postgres counts by itself: the share of transactions that were rolled back since the last look, sessions that wait, replicas behind. */
export async function measureStatistics(
  session: TargetSession,
  measure: ConfiguredMeasure,
  memory: unknown,
): Promise<Measured> {
  return await reading(session, measure, async () => {
    switch (measure.metric) {
      case "lock-waits":
        return await lockWaits(session);
      case "replication-lag":
        return await replicationLag(session);
      default:
        return await errorRate(session, memory as Counted | undefined);
    }
  });
}

async function errorRate(session: TargetSession, before: Counted | undefined): Promise<Measured> {
  const { rows } = await session.query(`
    SELECT xact_commit + xact_rollback AS ended, xact_rollback AS failed
    FROM pg_catalog.pg_stat_database WHERE datname = pg_catalog.current_database()`);
  const memory: Counted = { ended: Number(rows[0]?.ended), failed: Number(rows[0]?.failed) };
  if (before === undefined) return { memory, reading: { missing: "there was no earlier look to compare with" } };
  const samples = memory.ended - before.ended;
  const failed = memory.failed - before.failed;
  if (samples < 0 || failed < 0) return { memory, reading: { missing: "the statistics were begun anew" } };
  if (samples === 0) return { memory, reading: { missing: "there was no transaction since the last look" } };
  return { memory, reading: { value: failed / samples, samples } };
}

async function lockWaits(session: TargetSession): Promise<Measured> {
  const { rows } = await session.query(`
    SELECT count(*) FILTER (WHERE wait_event_type = 'Lock'
        AND query_start < pg_catalog.clock_timestamp() - interval '${WAITING_SECONDS} seconds') AS waiting,
      count(*) FILTER (WHERE backend_type IS NULL) AS hidden
    FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database()`);
  const { waiting, hidden } = rows[0]!;
  if (Number(hidden) > 0)
    return { reading: { missing: "other people's sessions are hidden from this role; grant it pg_monitor" } };
  return { reading: { value: Number(waiting) } };
}

async function replicationLag(session: TargetSession): Promise<Measured> {
  const { rows } = await session.query(`
    SELECT count(*) AS replicas, count(*) FILTER (WHERE state IS NULL) AS hidden,
      coalesce(extract(epoch FROM max(replay_lag)), 0) AS behind
    FROM pg_catalog.pg_stat_replication WHERE application_name NOT LIKE 'pg_%_sync_%'`);
  const { replicas, hidden, behind } = rows[0]!;
  if (Number(replicas) === 0) return { reading: { missing: "no replica is connected" } };
  if (Number(hidden) > 0) return { reading: { missing: "replicas are hidden from this role; grant it pg_monitor" } };
  return { reading: { value: Number(behind) } };
}
