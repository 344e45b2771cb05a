import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { holdEngineCode } from "@change-mgmt/analysis/rehearsal/engine-code.ts";
import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { crossing } from "../../storage/crossing.ts";
import { sessionError } from "./connection-loss.ts";
import { type LockAttempt, type LockHolder, takeLock } from "./directory-lock.ts";
import type { EmbeddedAnswer, EmbeddedQuestion, EmbeddedStart } from "./embedded-protocol.ts";
import type { TargetEnvironment, TargetSession } from "./target.ts";

/** Where embedded databases live and how long one waits for another session to end. */
export interface EmbeddedHome {
  /** Each database is a directory `NAME` in it, with its lock file `NAME.lock` beside it. */
  readonly folder: string;
  readonly lockWaitMs: number;
  /** Where the template that a new database starts from is kept. */
  readonly cacheFolder: string;
}

const CLOSE_MS = 5_000;

/**
 * Opens the embedded database `name`, made when it is new. Refuses with TARGET_IN_USE, naming the holder, when another
 * session of this or another process has it for longer than `lockWaitMs`, and with TARGET_UNREACHABLE when it does not open.
 */
export async function openEmbedded(
  name: string,
  environment: TargetEnvironment,
  home: EmbeddedHome,
): Promise<Outcome<TargetSession>> {
  const directory = join(home.folder, name);
  const attempted = await attemptLock(directory, environment, home);
  if (!attempted.ok) return attempted;
  const lock = attempted.value;
  if (!lock.held) return inUse(name, environment, lock.holder);
  const release = () => crossing("target.unlock", () => lock.release());
  const session = new EmbeddedSession(directory, environment, home, release);
  const opened = await session.reopen().catch(async (error: unknown) => {
    await session.close();
    throw error;
  });
  if (opened.ok) return accept(session);
  await session.close();
  return opened;
}

/** Removes the embedded database `name`, once no session has it. Refuses with TARGET_IN_USE as opening does. */
export async function removeEmbedded(
  name: string,
  environment: TargetEnvironment,
  home: EmbeddedHome,
): Promise<Outcome<true>> {
  const directory = join(home.folder, name);
  const attempted = await attemptLock(directory, environment, home);
  if (!attempted.ok) return attempted;
  const lock = attempted.value;
  if (!lock.held) return inUse(name, environment, lock.holder);
  try {
    await rm(directory, { recursive: true, force: true });
    return accept(true);
  } finally {
    await lock.release();
  }
}

/** A folder that cannot be written, or a full disk, is the place's fault: TARGET_UNREACHABLE. */
async function attemptLock(
  directory: string,
  environment: TargetEnvironment,
  home: EmbeddedHome,
): Promise<Outcome<LockAttempt>> {
  try {
    await mkdir(home.folder, { recursive: true });
    return accept(await crossing("target.lock", () => takeLock(`${directory}.lock`, home.lockWaitMs)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return refuse(
      "TARGET_UNREACHABLE",
      `The embedded database of environment "${environment.name}" cannot be locked: ${(error as Error).message}.`,
      `See that ${home.folder} can be written and that its disk has room.`,
    );
  }
}

function inUse(name: string, environment: TargetEnvironment, { pid, host, since }: LockHolder): Refused {
  const who = pid === process.pid ? "another session of this process" : "a process";
  return refuse(
    "TARGET_IN_USE",
    `The embedded database "${name}" of environment "${environment.name}" is in use by ${who} (process ${pid} on ${host}, since ${since}).`,
    "Wait until it is done, or end that process; an embedded database has one user at a time.",
    { details: { pid, host, since } },
  );
}

interface Waiting {
  resolve(answer: { rows: Record<string, unknown>[]; rowCount: number }): void;
  reject(error: Error): void;
}

class EmbeddedSession implements TargetSession {
  readonly kind = "embedded";
  serverVersion = "";
  readonly #directory: string;
  readonly #environment: TargetEnvironment;
  readonly #home: EmbeddedHome;
  readonly #release: () => Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #asked = 0;

  constructor(directory: string, environment: TargetEnvironment, home: EmbeddedHome, release: () => Promise<void>) {
    this.#directory = directory;
    this.#environment = environment;
    this.#home = home;
    this.#release = release;
  }

  get usable(): boolean {
    return this.#worker !== null;
  }

  async reopen(): Promise<Outcome<true>> {
    await this.#end("08003", "The session on the embedded database was opened anew.");
    const start: EmbeddedStart = { directory: this.#directory, cacheFolder: this.#home.cacheFolder };
    await holdEngineCode();
    const worker = new Worker(new URL("./embedded-worker.ts", import.meta.url), { workerData: start, execArgv: [] });
    try {
      this.serverVersion = await ready(worker);
    } catch (error) {
      await worker.terminate();
      return refuse(
        "TARGET_UNREACHABLE",
        `The embedded database of environment "${this.#environment.name}" does not open: ${(error as Error).message}.`,
        `See that ${this.#directory} can be written and was made by this version; move it away to start with an empty one.`,
      );
    }
    this.#worker = worker;
    worker.on("message", (message: EmbeddedAnswer) => this.#settle(message));
    worker.on("error", (error) => this.#lost("08006", `The embedded database stopped: ${error.message}`, worker));
    worker.on("exit", () => this.#lost("08006", "The embedded database stopped.", worker));
    return accept(true);
  }

  async query(text: string, values?: readonly unknown[]) {
    const worker = this.#worker;
    if (worker === null) throw sessionError("08003", "The session on the embedded database is not open.");
    const id = ++this.#asked;
    const limit = this.#environment.statementTimeoutMs;
    // Postgres's own statement_timeout needs a timer signal, which the embedded engine has not.
    const timer =
      limit > 0
        ? setTimeout(() => void this.#end("57014", "canceling statement due to statement timeout"), limit)
        : undefined;
    try {
      return await new Promise<{ rows: Record<string, unknown>[]; rowCount: number }>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        worker.postMessage({ ask: "query", id, text, values } satisfies EmbeddedQuestion);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  async interrupt(): Promise<void> {
    await this.#end("57014", "canceling statement due to user request");
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker) {
      this.#worker = null;
      worker.postMessage({ ask: "close" } satisfies EmbeddedQuestion);
      await exitWithin(worker, CLOSE_MS);
    }
    this.#fail("08003", "The session on the embedded database was closed.");
    await this.#release();
  }

  #settle(message: EmbeddedAnswer): void {
    if (message.say === "rows") {
      this.#waiting.get(message.id)?.resolve({ rows: message.rows, rowCount: message.rowCount });
    } else if (message.say === "error") {
      const fields = message.fields as { code?: string; severity?: string };
      const error = sessionError(fields.code ?? "08006", message.message);
      this.#waiting.get(message.id)?.reject(Object.assign(error, fields));
      // An error that is not Postgres's own means that the engine itself is broken.
      if (fields.severity === undefined) void this.#end("08006", message.message);
    }
  }

  async #end(code: string, reason: string): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
    this.#fail(code, reason);
  }

  #lost(code: string, reason: string, worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#fail(code, reason);
  }

  #fail(code: string, reason: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(sessionError(code, reason));
    this.#waiting.clear();
  }
}

function ready(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    // Not removeAllListeners: it would take away the listener by which a Worker learns that somebody wants its messages.
    const settle = (act: () => void) => {
      worker.off("error", failed).off("exit", ended).off("message", answered);
      act();
    };
    const failed = (error: Error) => settle(() => reject(error));
    const ended = (code: number) => settle(() => reject(new Error(`its thread ended with code ${code}`)));
    const answered = (message: EmbeddedAnswer) =>
      settle(() =>
        message.say === "ready"
          ? resolve(message.serverVersion)
          : reject(new Error(`its thread said "${message.say}" first`)),
      );
    worker.on("error", failed).on("exit", ended).on("message", answered);
  });
}

async function exitWithin(worker: Worker, ms: number): Promise<void> {
  const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  const timer = setTimeout(() => void worker.terminate(), ms);
  await exited;
  clearTimeout(timer);
}
