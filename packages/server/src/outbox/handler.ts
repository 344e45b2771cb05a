/** An event on its way to a handler. `key` makes the work idempotent: it is the same each time the same event is handed over. */
export interface Delivery {
  readonly key: string;
  readonly event: string;
  readonly changeId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

/** Work in the background: what a handler does when one of its events has committed. It may be called again for the same event. */
export interface EventHandler {
  /** Unique; the name of its queue. */
  readonly name: string;
  readonly events: readonly string[];
  /** How often it is tried again before the work is a dead letter. */
  readonly retries: number;
  /** Seconds before the first retry; doubled each time. */
  readonly retryDelaySeconds: number;
  /** How many of its jobs one process works on at once. */
  readonly concurrency: number;
  handle(delivery: Delivery): Promise<void>;
}
