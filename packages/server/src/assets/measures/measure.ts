import type { Reading } from "@change-mgmt/domain/lifecycle/monitoring/reading.ts";
import type { Metric } from "@change-mgmt/domain/process/rollback-trigger.ts";
import type { GuardedFetchOptions } from "../../identity/guarded-fetch.ts";
import type { TargetEnvironment, Targets } from "../databases/target.ts";
import { measureHttp } from "./measure-http.ts";
import { measureSql } from "./measure-sql.ts";
import { measureStatistics } from "./measure-statistics.ts";

/** How an environment measures one metric: by exactly one of `http`, `promql` with its `address`, `sql` and `statistics`. */
export interface ConfiguredMeasure {
  readonly metric: Metric;
  /** A health check: 2xx is well. For `response-time` the time until its answer. */
  readonly http?: string;
  readonly promql?: string;
  /** Of the server that answers `promql`. */
  readonly address?: string;
  /** A query on the environment's database; its first column is the number, a second one how many samples stand behind it. */
  readonly sql?: string;
  /** What Postgres counts by itself. */
  readonly statistics?: true;
  /** Fewer samples than this say nothing. */
  readonly atLeast: number;
  readonly timeoutSeconds: number;
}

/** What measuring came to, and what is to be remembered for the next time. */
export interface Measured {
  readonly reading: Reading;
  readonly memory?: unknown;
}

/** What measures by a query language of an outside system. Never rejects: what cannot be read is `missing`, in words without secrets. */
export type MetricsSource = (
  measure: ConfiguredMeasure,
  options: GuardedFetchOptions & { readonly signal: AbortSignal },
) => Promise<Measured>;

export interface MeasureTools {
  readonly targets: Targets;
  readonly metrics: MetricsSource;
  /** Hosts on a private network that may be asked. */
  readonly privateHosts: ReadonlySet<string>;
}

/** Measures one thing now. Never rejects: what cannot be known is `missing`, with the reason. */
export type Measure = (
  measure: ConfiguredMeasure,
  at: { readonly environment: TargetEnvironment; readonly memory?: unknown; readonly stop: AbortSignal },
) => Promise<Measured>;

/** Measures with these tools. */
export function createMeasure({ targets, metrics, privateHosts }: MeasureTools): Measure {
  return async (measure, { environment, memory, stop }) => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(measure.timeoutSeconds * 1000)]);
    if (measure.http !== undefined) return await measureHttp(measure, { privateHosts, signal });
    if (measure.promql !== undefined) return await metrics(measure, { privateHosts, signal });
    const opened = await targets.open(environment);
    if (!opened.ok) return { reading: { missing: opened.refusal.message } };
    const session = opened.value;
    const end = () => void session.interrupt();
    signal.addEventListener("abort", end, { once: true });
    try {
      return measure.sql === undefined
        ? await measureStatistics(session, measure, memory)
        : await measureSql(session, measure);
    } catch (error) {
      const { message } = error as Error;
      return { reading: { missing: signal.aborted ? "the database did not answer in time" : message } };
    } finally {
      signal.removeEventListener("abort", end);
      await session.close();
    }
  };
}
