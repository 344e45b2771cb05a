import { Worker } from "node:worker_threads";
import { emptyReport, type MigrationDraft, markOpen } from "./drafts.ts";
import type { RehearsalReport, RehearsalRequest } from "./report.ts";
import type { Doing, WorkerMessage, WorkerTask } from "./worker-messages.ts";

export type * from "./report.ts";

const DEFAULT_LIMITS = { statementMs: 30_000, totalMs: 120_000 };

/**
 * Runs migrations and their down parts on a disposable in-process Postgres and reports what they did, and what came back.
 * Each migration is applied, judged, taken back, compared with the state before, and applied again for the next one.
 * It runs in a worker thread of its own that is ended afterwards, and earlier when a statement or the whole exceeds its limit:
 * the statement then counts as failed. What the engine cannot offer makes the outcome `not-rehearsable`, never `ok`.
 */
export async function rehearse(request: RehearsalRequest): Promise<RehearsalReport> {
  const started = performance.now();
  const limits = { ...DEFAULT_LIMITS, ...request.limits };
  const drafts: MigrationDraft[] = request.migrations.map(emptyReport);
  const task: WorkerTask = {
    base: request.base,
    migrations: request.migrations,
    cacheFolder: request.cacheFolder,
    seedRows: request.seedRows ?? true,
  };
  let postgres: string | null = null;
  let doing: Doing = { migration: null, direction: "base", line: null, what: "starting the engine" };
  request.signal?.throwIfAborted();
  const end = await runWorker(task, limits, request.signal, (message) => {
    if (message.type === "engine") postgres = message.postgres;
    else if (message.type === "doing") doing = message.doing;
    else if (message.type === "statement") {
      const draft = drafts[message.migration]!;
      (message.direction === "up" ? draft.statements : draft.downStatements).push(message.report);
    } else if (message.type === "restart") {
      drafts[message.migration] = emptyReport(request.migrations[message.migration]!);
    } else if (message.type === "draft") {
      Object.assign(drafts[message.migration]!, message.draft);
    }
  });
  if (end !== null) markOpen(drafts, doing, end);
  return {
    ok: drafts.every((draft) => draft.rehearsal.up.outcome === "ok"),
    engine: { name: "pglite", postgres },
    migrations: drafts,
    ms: Math.round(performance.now() - started),
  };
}

/** Why a worker ended before it was done: a limit (with its sentence), or its own failure. */
export interface EarlyEnd {
  readonly cause: "statement" | "total" | "crash";
  readonly reason: string;
}

async function runWorker(
  task: WorkerTask,
  limits: { statementMs: number; totalMs: number },
  signal: AbortSignal | undefined,
  on: (message: WorkerMessage) => void,
): Promise<EarlyEnd | null> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: task, execArgv: [] });
  let onAbort = () => {};
  try {
    return await new Promise<EarlyEnd | null>((resolve, reject) => {
      let statementTimer: NodeJS.Timeout | undefined;
      const totalTimer = setTimeout(
        () =>
          finish({
            cause: "total",
            reason: `the rehearsal did not end within ${seconds(limits.totalMs)} and was ended`,
          }),
        limits.totalMs,
      );
      const finish = (end: EarlyEnd | null) => {
        clearTimeout(totalTimer);
        clearTimeout(statementTimer);
        resolve(end);
      };
      onAbort = () => {
        clearTimeout(totalTimer);
        clearTimeout(statementTimer);
        reject(signal!.reason);
      };
      signal?.addEventListener("abort", onAbort);
      worker.on("message", (message: WorkerMessage) => {
        on(message);
        if (message.type === "doing") {
          clearTimeout(statementTimer);
          if (message.doing.line === null) return;
          const reason = `the statement did not end within ${seconds(limits.statementMs)} and was ended`;
          statementTimer = setTimeout(() => finish({ cause: "statement", reason }), limits.statementMs);
        } else if (message.type === "done") finish(null);
        else if (message.type === "crashed") finish({ cause: "crash", reason: message.reason });
      });
      worker.on("error", (error) =>
        finish({ cause: "crash", reason: `the embedded engine gave up: ${String(error)}` }),
      );
      worker.on("exit", (code) => finish({ cause: "crash", reason: `the embedded engine ended with code ${code}` }));
    });
  } finally {
    signal?.removeEventListener("abort", onAbort);
    worker.removeAllListeners();
    await worker.terminate();
  }
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}
