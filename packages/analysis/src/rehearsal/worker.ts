import { parentPort, workerData } from "node:worker_threads";
import { BaseNotRehearsable } from "./base-files.ts";
import { upNotRehearsable } from "./drafts.ts";
import { embeddedSource } from "./embedded-source.ts";
import type { Engine, EngineSource } from "./engine.ts";
import { RelationProbe } from "./probe.ts";
import { readStatements, rehearseMigration } from "./rehearse-migration.ts";
import { runStatements } from "./run-statements.ts";
import type { WorkerMessage, WorkerTask } from "./worker-messages.ts";

const task = workerData as WorkerTask;

function tell(message: WorkerMessage): void {
  parentPort!.postMessage(message);
}

async function work(): Promise<void> {
  const texts = task.migrations.flatMap(({ up, down }) => (down === null ? [up] : [up, down]));
  let source: EngineSource;
  try {
    source = await sourceFor(texts);
  } catch (error) {
    if (!(error instanceof BaseNotRehearsable)) throw error;
    for (const index of task.migrations.keys()) notRehearsable(index, error.message);
    return;
  }
  tell({ type: "doing", doing: { migration: null, direction: "base", line: null, what: "opening the engine" } });
  let engine = await source.open([]);
  const { rows } = await engine.query("select current_setting('server_version') as version");
  tell({ type: "engine", postgres: String(rows[0]!.version) });
  for (const [index, migration] of task.migrations.entries()) {
    let end = await rehearseOne(engine, index, task.seedRows);
    if (end.failedOnData && task.seedRows) {
      engine = await openAfter(source, engine, index);
      tell({ type: "restart", migration: index });
      end = await rehearseOne(engine, index, false);
      const note = "On generated rows it failed for the sake of their values; this is the run on empty tables.";
      tell({ type: "draft", migration: index, draft: { notes: [note] } });
    }
    if (!end.upOk) {
      for (let later = index + 1; later < task.migrations.length; later++) {
        notRehearsable(later, `${migration.name} before it did not run`);
      }
      await engine.close();
      return;
    }
    if (index === task.migrations.length - 1) break;
    const ready = end.state === "after" || (end.state === "before" && (await applyAgain(engine, index)) === null);
    if (!ready) engine = await openAfter(source, engine, index + 1);
  }
  await engine.close();
  if (task.keepState) await source.keep(task.migrations);
}

async function sourceFor(texts: readonly string[]): Promise<EngineSource> {
  const { base, cacheFolder, engine } = task;
  const onStatement = (file: string, line: number | null) =>
    tell({ type: "doing", doing: { migration: null, direction: "base", line, what: `building the base (${file})` } });
  if (engine.kind === "embedded") {
    return await embeddedSource({ major: engine.major, base, texts, cacheFolder, onStatement });
  }
  // A rehearsal on the embedded engine has no use for the driver.
  const { serverSource } = await import("./server-source.ts");
  return await serverSource({ url: engine.url, prefix: engine.prefix, base, texts, onStatement });
}

function notRehearsable(migration: number, reason: string): void {
  const { down } = task.migrations[migration]!;
  const downReport = {
    outcome: down === null ? "absent" : "not-rehearsable",
    data: "not-checked",
    line: null,
    differences: [],
    reason,
    dataReason: null,
  } as const;
  tell({ type: "draft", migration, draft: { rehearsal: { up: upNotRehearsable(reason), down: downReport } } });
}

function rehearseOne(engine: Engine, index: number, seedRows: boolean) {
  return rehearseMigration(engine, task.migrations[index]!, seedRows, {
    doing: (direction, line, what) => tell({ type: "doing", doing: { migration: index, direction, line, what } }),
    statement: (direction, report) => tell({ type: "statement", migration: index, direction, report }),
    draft: (draft) => tell({ type: "draft", migration: index, draft }),
  });
}

/** A fresh engine with the first `count` migrations applied. */
async function openAfter(source: EngineSource, used: Engine, count: number): Promise<Engine> {
  await used.close();
  const what = "applying the earlier ones again";
  tell({ type: "doing", doing: { migration: count, direction: "between", line: null, what } });
  return await source.open(task.migrations.slice(0, count));
}

/** Applies a migration without looking; answers null, or why it did not run again (it left something outside the schema, such as a role). */
async function applyAgain(engine: Engine, index: number): Promise<string | null> {
  const migration = task.migrations[index]!;
  const statements = await readStatements(migration.up);
  if ("reason" in statements) return statements.reason;
  if (statements.length === 0) return null;
  tell({
    type: "doing",
    doing: { migration: index, direction: "between", line: null, what: "applying it again for the next" },
  });
  const listener = { before: () => {}, after: () => {} };
  const probe = await RelationProbe.watch(engine.query);
  const end = await runStatements(engine, probe, statements, migration.transactional, listener);
  await engine.resetSession();
  return end.outcome === "ok" ? null : end.reason;
}

try {
  await work();
  tell({ type: "done" });
} catch (error) {
  tell({
    type: "crashed",
    reason: `the embedded engine gave up: ${error instanceof Error ? error.message : String(error)}`,
  });
}
