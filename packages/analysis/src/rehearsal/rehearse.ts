import { randomBytes } from "node:crypto";
import { Worker } from "node:worker_threads";
import { emptyReport, type MigrationDraft, markOpen } from "./drafts.ts";
import { embeddedMajorFor } from "./embedded-majors.ts";
import { holdEngineCode } from "./engine-code.ts";
import type { RehearsalLimits, RehearsalReport, RehearsalRequest } from "./report.ts";
import type { Doing, WorkerMessage, WorkerTask } from "./worker-messages.ts";

export type * from "./report.ts";

const DEFAULT_LIMITS = { statementMs: 30_000, totalMs: 120_000, memoryMb: 2048 };
const MEMORY_LOOK_MS = 200;
const LEAVES_WITHIN_MS = 10_000;
const MEBIBYTE = 1024 * 1024;

/**
 * Runs migrations and their down parts on a disposable Postgres, in this process or on the server that is named, and reports what they did, and what came back.
 * Each migration is applied, judged, taken back, compared with the state before, and applied again for the next one.
 * It runs in a worker thread of its own that is ended afterwards, and earlier when a statement or the whole exceeds its limit:
 * the statement then counts as failed. What the engine cannot offer makes the outcome `not-rehearsable`, never `ok`.
 */
export async function rehearse(request: RehearsalRequest): Promise<RehearsalReport> {
  const started = performance.now();
  const limits = { ...DEFAULT_LIMITS, ...request.limits };
  const drafts: MigrationDraft[] = request.migrations.map(emptyReport);
  const { server, targetMajor = null } = request.engine ?? {};
  const prefix = `change_mgmt_rehearsal_${randomBytes(6).toString("hex")}_`;
  const task: WorkerTask = {
    base: request.base,
    migrations: request.migrations,
    cacheFolder: request.cacheFolder,
    seedRows: request.seedRows ?? true,
    keepState: request.keepState ?? false,
    engine:
      server === undefined
        ? { kind: "embedded", major: embeddedMajorFor(targetMajor) }
        : { kind: "server", url: server, prefix },
  };
  let postgres: string | null = null;
  let doing: Doing = { migration: null, direction: "base", line: null, what: "starting the engine" };
  request.signal?.throwIfAborted();
  const on = (message: WorkerMessage) => {
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
  };
  if (task.engine.kind === "embedded") await holdEngineCode(task.engine.major);
  const end = await onHeldServer(server, prefix, textsOf(request), () => runWorker(task, limits, request.signal, on));
  if (end !== null) markOpen(drafts, doing, end);
  return {
    ok: drafts.every((draft) => draft.rehearsal.up.outcome === "ok"),
    engine: {
      name: server === undefined ? "pglite" : "postgres",
      postgres,
      mismatch: mismatch(postgres, targetMajor),
    },
    migrations: drafts,
    ms: Math.round(performance.now() - started),
  };
}

/** All SQL that a rehearsal runs. */
function textsOf({ base, migrations }: RehearsalRequest): string[] {
  const files = "dump" in base ? [] : base.map((file) => ("sql" in file ? file.sql : file.up));
  return [...files, ...migrations.flatMap(({ up, down }) => (down === null ? [up] : [up, down]))];
}

/** Runs the work while a server is held for it, if one is named; a server that cannot be had is an early end. */
async function onHeldServer(
  server: string | undefined,
  prefix: string,
  texts: readonly string[],
  work: () => Promise<EarlyEnd | null>,
): Promise<EarlyEnd | null> {
  if (server === undefined) return await work();
  const { holdServer } = await import("./server-source.ts");
  let held: Awaited<ReturnType<typeof holdServer>>;
  try {
    held = await holdServer(server, prefix, texts);
  } catch (error) {
    return { cause: "crash", reason: `the server for rehearsals cannot be used: ${(error as Error).message}` };
  }
  try {
    return await work();
  } finally {
    await held.release();
  }
}

function mismatch(postgres: string | null, target: number | null): string | null {
  if (postgres === null || target === null || Number.parseInt(postgres, 10) === target) return null;
  return `The target is Postgres ${target}; this ran on ${postgres}, whose catalogs and locks may differ.`;
}

/** Why a worker ended before it was done: a limit (with its sentence), or its own failure. */
export interface EarlyEnd {
  readonly cause: "statement" | "total" | "memory" | "crash";
  readonly reason: string;
}

async function runWorker(
  task: WorkerTask,
  limits: Required<RehearsalLimits>,
  signal: AbortSignal | undefined,
  on: (message: WorkerMessage) => void,
): Promise<EarlyEnd | null> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: task, execArgv: [] });
  // Heard from the beginning: a worker that was quick is gone before its last message is read.
  const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  let onAbort = () => {};
  let done = false;
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
      let memoryBefore = process.memoryUsage.rss();
      const memoryTimer = setInterval(() => {
        if (process.memoryUsage.rss() - memoryBefore <= limits.memoryMb * MEBIBYTE) return;
        finish({ cause: "memory", reason: `it took more than ${limits.memoryMb} MiB of memory and was ended` });
      }, MEMORY_LOOK_MS);
      const stopWatching = () => {
        clearTimeout(totalTimer);
        clearTimeout(statementTimer);
        clearInterval(memoryTimer);
      };
      const finish = (end: EarlyEnd | null) => {
        stopWatching();
        resolve(end);
      };
      onAbort = () => {
        stopWatching();
        reject(signal!.reason);
      };
      signal?.addEventListener("abort", onAbort);
      worker.on("message", (message: WorkerMessage) => {
        on(message);
        // What the engine itself takes, or took to build its base, is none of the migration's.
        if (message.type === "engine") memoryBefore = process.memoryUsage.rss();
        if (message.type === "doing") {
          clearTimeout(statementTimer);
          if (message.doing.line === null) return;
          const reason = `the statement did not end within ${seconds(limits.statementMs)} and was ended`;
          statementTimer = setTimeout(() => finish({ cause: "statement", reason }), limits.statementMs);
        } else if (message.type === "done") {
          done = true;
          finish(null);
        } else if (message.type === "crashed") finish({ cause: "crash", reason: message.reason });
      });
      worker.on("error", (error) =>
        finish({ cause: "crash", reason: `the embedded engine gave up: ${String(error)}` }),
      );
      worker.on("exit", (code) => finish({ cause: "crash", reason: `the embedded engine ended with code ${code}` }));
    });
  } finally {
    signal?.removeEventListener("abort", onAbort);
    if (done) await leaves(worker, gone);
    else {
      worker.removeAllListeners();
      await worker.terminate();
    }
  }
}

/** Waits until a worker that has nothing left to do is gone: one that is ended while its engine is being compiled can take the process with it. */
async function leaves(worker: Worker, gone: Promise<void>): Promise<void> {
  const late = setTimeout(() => worker.terminate(), LEAVES_WITHIN_MS);
  await gone;
  clearTimeout(late);
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}
