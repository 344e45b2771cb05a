import { BaseNotRehearsable } from "./base-files.ts";
import { upNotRehearsable } from "./drafts.ts";
import { embeddedSource } from "./embedded-source.ts";
import type { Engine, EngineSource } from "./engine.ts";
import { compileQuickly, holdEngineCode } from "./engine-code.ts";
import { judgeText } from "./judge-parts.ts";
import { RelationProbe } from "./probe.ts";
import type { Doing, ProcessMessage, RehearsalTask } from "./process-messages.ts";
import { rehearseMigration } from "./rehearse-migration.ts";
import { type MigrationEnd, readStatements } from "./run-part.ts";
import { runStatements } from "./run-statements.ts";

/** Rehearses the migrations of a task one after the other and tells of everything as it happens. What it throws is the engine's own failure. */
export async function performTask(task: RehearsalTask, tell: (message: ProcessMessage) => void): Promise<void> {
  await new TaskRun(task, tell).run();
}

class TaskRun {
  readonly #task: RehearsalTask;
  readonly #tell: (message: ProcessMessage) => void;

  constructor(task: RehearsalTask, tell: (message: ProcessMessage) => void) {
    this.#task = task;
    this.#tell = tell;
  }

  async run(): Promise<void> {
    const { migrations, seedRows, propose, keepState, passing } = this.#task;
    if (passing) compileQuickly();
    let source: EngineSource;
    try {
      source = await this.#source();
    } catch (error) {
      if (!(error instanceof BaseNotRehearsable)) throw error;
      if (migrations.length === 0) this.#tell({ type: "unbuilt", reason: error.message });
      for (const index of migrations.keys()) await this.#notRehearsable(index, error.message);
      return;
    }
    if (migrations.length === 0) return;
    this.#doing({ migration: null, direction: "base", line: null, what: "opening the engine" });
    let engine = await source.open([]);
    const { rows } = await engine.query("select current_setting('server_version') as version");
    this.#tell({ type: "engine", postgres: String(rows[0]!.version), memory: process.memoryUsage.rss() });
    for (const [index, migration] of migrations.entries()) {
      let seeded = seedRows;
      let end = await this.#rehearse(engine, index, seeded);
      if (end.failedOnData && seeded) {
        seeded = false;
        engine = await this.#openAfter(source, engine, index);
        this.#tell({ type: "restart", migration: index });
        end = await this.#rehearse(engine, index, seeded);
        const note = "On generated rows it failed for the sake of their values; this is the run on empty tables.";
        this.#tell({ type: "draft", migration: index, draft: { notes: [note] } });
      }
      if (end.downWrong && propose) {
        // The way back that is there has left something, so the proposed one is tried on a state of its own.
        engine = await this.#openAfter(source, engine, index);
        const { state } = await this.#proposeInstead(engine, index, seeded);
        end = { ...end, state };
      }
      if (!end.upOk) {
        for (let later = index + 1; later < migrations.length; later++) {
          await this.#notRehearsable(later, `${migration.name} before it did not run`);
        }
        await engine.close();
        return;
      }
      if (index === migrations.length - 1) break;
      const ready =
        end.state === "after" || (end.state === "before" && (await this.#applyAgain(engine, index)) === null);
      if (!ready) engine = await this.#openAfter(source, engine, index + 1);
    }
    await engine.close();
    if (keepState) await source.keep(migrations);
  }

  async #source(): Promise<EngineSource> {
    const { base, migrations, cacheFolder, engine } = this.#task;
    const texts = migrations.flatMap(({ up, down }) => (down === null ? [up] : [up, down]));
    const onStatement = (file: string, line: number | null) =>
      this.#doing({ migration: null, direction: "base", line, what: `building the base (${file})` });
    if (engine.kind === "embedded") {
      await holdEngineCode(engine.major);
      return await embeddedSource({ major: engine.major, base, texts, cacheFolder, onStatement });
    }
    // A rehearsal on the embedded engine has no use for the driver.
    const { serverSource } = await import("./server-source.ts");
    return await serverSource({ url: engine.url, prefix: engine.prefix, base, texts, onStatement });
  }

  #doing(doing: Doing): void {
    this.#tell({ type: "doing", doing });
  }

  async #notRehearsable(migration: number, reason: string): Promise<void> {
    const { down } = this.#task.migrations[migration]!;
    const downReport = {
      outcome: down === null ? "absent" : "not-rehearsable",
      data: "not-checked",
      line: null,
      differences: [],
      reason,
      dataReason: null,
    } as const;
    const rehearsal = { up: upNotRehearsable(reason), down: downReport };
    const read = await judgeText(this.#task.migrations[migration]!);
    this.#tell({ type: "draft", migration, draft: { rehearsal, ...read } });
  }

  #rehearse(engine: Engine, index: number, seedRows: boolean) {
    return rehearseMigration(
      engine,
      this.#task.migrations[index]!,
      { seedRows, propose: this.#task.propose },
      {
        doing: (direction, line, what) => this.#doing({ migration: index, direction, line, what }),
        statement: (direction, report) => this.#tell({ type: "statement", migration: index, direction, report }),
        draft: (draft) => this.#tell({ type: "draft", migration: index, draft }),
      },
    );
  }

  /** Runs the way there once more, and the way back that is proposed; of that alone is told. */
  #proposeInstead(engine: Engine, index: number, seedRows: boolean): Promise<MigrationEnd> {
    return rehearseMigration(
      engine,
      { ...this.#task.migrations[index]!, down: null },
      { seedRows, propose: true },
      {
        doing: (_, line, what) => this.#doing({ migration: index, direction: "between", line, what }),
        statement: () => {},
        draft: ({ proposal }) => {
          if (proposal) this.#tell({ type: "draft", migration: index, draft: { proposal } });
        },
      },
    );
  }

  /** A fresh engine with the first `count` migrations applied. */
  async #openAfter(source: EngineSource, used: Engine, count: number): Promise<Engine> {
    await used.close();
    this.#doing({ migration: count, direction: "between", line: null, what: "applying the earlier ones again" });
    return await source.open(this.#task.migrations.slice(0, count));
  }

  /** Applies a migration without looking; answers null, or why it did not run again (it left something outside the schema, such as a role). */
  async #applyAgain(engine: Engine, index: number): Promise<string | null> {
    const migration = this.#task.migrations[index]!;
    const statements = await readStatements(migration.up);
    if ("reason" in statements) return statements.reason;
    if (statements.length === 0) return null;
    this.#doing({ migration: index, direction: "between", line: null, what: "applying it again for the next" });
    const listener = { before: () => {}, after: () => {} };
    const probe = await RelationProbe.watch(engine.query);
    const end = await runStatements(engine, probe, statements, migration.transactional, listener);
    await engine.resetSession();
    return end.outcome === "ok" ? null : end.reason;
  }
}
