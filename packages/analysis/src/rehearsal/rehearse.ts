import { randomBytes } from "node:crypto";
import { textOf } from "./base-files.ts";
import { DEFAULT_LIMITS } from "./default-limits.ts";
import { emptyReport, type MigrationDraft, markOpen } from "./drafts.ts";
import { embeddedMajorFor } from "./embedded-majors.ts";
import type { Doing, ProcessMessage, RehearsalTask } from "./process-messages.ts";
import type { RehearsalReport, RehearsalRequest } from "./report.ts";
import { type EarlyEnd, runTask } from "./run-task.ts";

export type * from "./report.ts";

/** Up to so many migrations an engine that is compiled well never earns the time that takes. */
const FEW_MIGRATIONS = 5;

/**
 * Runs migrations and their down parts on a disposable Postgres, the embedded one or on the server that is named, and reports what they did, and what came back.
 * Each migration is applied, judged, taken back, compared with the state before, and applied again for the next one.
 * It runs in a process of its own, which is ended when a statement or the whole exceeds its limit, and otherwise kept for a while for the
 * next one: what exceeds a limit counts as failed. What the engine cannot offer makes the outcome `not-rehearsable`, never `ok`.
 */
export async function rehearse(request: RehearsalRequest): Promise<RehearsalReport> {
  const started = performance.now();
  const limits = { ...DEFAULT_LIMITS, ...request.limits };
  const drafts: MigrationDraft[] = request.migrations.map(emptyReport);
  const { server, targetMajor = null } = request.engine ?? {};
  const prefix = `change_mgmt_rehearsal_${randomBytes(6).toString("hex")}_`;
  const task: RehearsalTask = {
    base: request.base,
    migrations: request.migrations,
    cacheFolder: request.cacheFolder,
    seedRows: request.seedRows ?? true,
    propose: request.propose ?? false,
    keepState: request.keepState ?? false,
    passing: request.passing === true && request.migrations.length <= FEW_MIGRATIONS,
    engine:
      server === undefined
        ? { kind: "embedded", major: embeddedMajorFor(targetMajor) }
        : { kind: "server", url: server, prefix },
  };
  let postgres: string | null = null;
  let doing: Doing = { migration: null, direction: "base", line: null, what: "starting the engine" };
  request.signal?.throwIfAborted();
  const on = (message: ProcessMessage) => {
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
  const end = await onHeldServer(server, prefix, textsOf(request), () => runTask(task, limits, request.signal, on));
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
  return [...base.map(textOf), ...migrations.flatMap(({ up, down }) => (down === null ? [up] : [up, down]))];
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
