export const METRICS = ["health", "error-rate", "response-time", "alerts", "lock-waits", "replication-lag"] as const;

export type Metric = (typeof METRICS)[number];

/**
 * What is looked at after a deployment. `health` fails when a health check does, `alerts` when a critical one is raised; `error-rate` above a share
 * of requests (0.05), `response-time` above `times` the baseline taken before the deployment, `lock-waits` above a number of sessions that wait for
 * a lock, `replication-lag` above seconds. How each is measured is said by the environment.
 */
export interface RollbackTrigger {
  readonly id: string;
  readonly title: string;
  readonly metric: Metric;
  readonly above?: number;
  readonly times?: number;
}

/** So many failures one after the other, looked at in this interval, and the deployment is rolled back, or somebody is asked to. */
export interface TriggerAnswer {
  readonly triggers: readonly RollbackTrigger[];
  readonly intervalSeconds: number;
  readonly failures: number;
  /** `roll-back` where it is left out. */
  readonly response?: "roll-back" | "ask";
  /** How long after the deployment it is looked at; an hour where it is left out. */
  readonly minutes?: number;
}
