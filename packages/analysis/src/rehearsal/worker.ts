import { parentPort, workerData } from "node:worker_threads";
import { upNotRehearsable } from "./drafts.ts";
import { BaseNotRehearsable, type Engine, type EngineSource, engineSource } from "./engine.ts";
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
    source = await engineSource(task.base, texts, task.cacheFolder, (file, line) =>
      tell({
        type: "doing",
        doing: { migration: null, direction: "base", line, what: `building the base (${file})` },
      }),
    );
  } catch (error) {
    if (!(error instanceof BaseNotRehearsable)) throw error;
    for (const index of task.migrations.keys()) notRehearsable(index, error.message);
    return;
  }
  tell({ type: "doing", doing: { migration: null, direction: "base", line: null, what: "opening the engine" } });
  let engine = await source.open();
  const { rows } = await engine.query("select current_setting('server_version') as version");
  tell({ type: "engine", postgres: String(rows[0]!.version) });
  for (const [index, migration] of task.migrations.entries()) {
    let end = await rehearseOne(engine, index, task.seedRows);
    if (end.failedOnData && task.seedRows) {
      engine = await stateBefore(source, engine, index);
      tell({ type: "restart", migration: index });
      end = await rehearseOne(engine, index, false);
      const note = "On generated rows it failed for the sake of their values; this is the run on empty tables.";
      tell({ type: "draft", migration: index, draft: { notes: [note] } });
    }
    if (!end.upOk) {
      for (let later = index + 1; later < task.migrations.length; later++) {
        notRehearsable(later, `${migration.name} before it did not run`);
      }
      break;
    }
    if (index === task.migrations.length - 1) break;
    const ready = end.state === "after" || (end.state === "before" && (await applyAgain(engine, index)) === null);
    if (!ready) engine = await stateBefore(source, engine, index + 1);
  }
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

/** A fresh engine with everything before the given migration applied. */
async function stateBefore(source: EngineSource, used: Engine, index: number): Promise<Engine> {
  await used.close();
  const engine = await source.open();
  for (let earlier = 0; earlier < index; earlier++) {
    const failure = await applyAgain(engine, earlier);
    if (failure !== null) throw new Error(`${task.migrations[earlier]!.name} ran once and not again: ${failure}`);
  }
  return engine;
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
