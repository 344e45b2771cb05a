import { type ChildProcess, spawn } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import type { Socket } from "node:net";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { MEMORY_FD, MESSAGES_FD, type ProcessMessage, type RehearsalTask } from "./process-messages.ts";

const ENTRY = fileURLToPath(new URL("./process-entry.ts", import.meta.url));
const IDLE_MS = 60_000;
const MOST_IDLE = 2;
/** After so many tasks a new process takes over, so that what one of them left in memory does not stay. */
const MOST_TASKS = 50;
/** What the process may know of the environment: how to reach a server of rehearsals, and what it is to be in. */
const ENVIRONMENT = /^(?:PG.*|HOME|PATH|TZ|LANG|LC_.*|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_.*)$/;

/** Who hears of what a process does with its task. */
export interface ProcessListener {
  message(message: ProcessMessage): void;
  /** Bytes that the process takes, five times a second. */
  memory(bytes: number): void;
  /** The process is gone; why, in a sentence. Nothing follows. */
  gone(reason: string): void;
}

const idle: RehearsalProcess[] = [];

/**
 * A process that rehearses one task at a time. Whatever a statement does to it, the process that started it lives on; and it ends
 * with the one that started it.
 */
export class RehearsalProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #listener: ProcessListener | null = null;
  #memory: number | null = null;
  #tasks = 0;
  #complaint = "";
  #idleTimer: NodeJS.Timeout | undefined;

  private constructor() {
    this.#child = spawn(process.execPath, ["--no-warnings", ENTRY], {
      env: environment(),
      stdio: ["pipe", "ignore", "pipe", "pipe", "pipe"],
    });
    this.#closed = new Promise((resolve) => {
      this.#child.once("close", (code, signal) => {
        forget(this);
        this.#listener?.gone(`the engine's process ended with ${this.#lastWords(signal ?? `code ${code}`)}`);
        resolve();
      });
    });
    // That it cannot be started, or hears no more, is followed by its close.
    this.#child.on("error", ({ message }) => this.#complain(message));
    this.#child.stdin!.on("error", ({ message }) => this.#complain(message));
    this.#child.stderr!.setEncoding("utf8").on("data", (text: string) => this.#complain(text));
    this.#lines(MESSAGES_FD, (line) => this.#listener?.message(JSON.parse(line) as ProcessMessage));
    this.#lines(MEMORY_FD, (line) => {
      this.#memory = Number(line);
      this.#listener?.memory(this.#memory);
    });
  }

  /** Its number among the processes of the machine; undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** One that waits for work, or a new one. */
  static take(): RehearsalProcess {
    const taken = idle.pop() ?? new RehearsalProcess();
    clearTimeout(taken.#idleTimer);
    taken.#hold(true);
    return taken;
  }

  /** Gives it its task. Of its memory is told first what it took so far, where that is known. */
  work(task: RehearsalTask, listener: ProcessListener): void {
    this.#listener = listener;
    this.#tasks++;
    if (this.#memory !== null) listener.memory(this.#memory);
    this.#child.stdin!.write(`${JSON.stringify(task)}\n`);
  }

  /** Keeps it for the next task; only for one that has done all of its last. It holds up no end of this process. */
  async giveBack(): Promise<void> {
    if (idle.length >= MOST_IDLE || this.#tasks >= MOST_TASKS) return await this.end();
    this.#listener = null;
    this.#idleTimer = setTimeout(() => this.end(), IDLE_MS).unref();
    this.#hold(false);
    idle.push(this);
  }

  /** Ends it at once, in whatever it is at; resolves when it is gone. */
  async end(): Promise<void> {
    forget(this);
    this.#listener = null;
    this.#hold(true);
    this.#child.kill("SIGKILL");
    await this.#closed;
  }

  #lines(descriptor: number, hear: (line: string) => void): void {
    createInterface({ input: this.#child.stdio[descriptor] as Readable }).on("line", hear);
  }

  #complain(text: string): void {
    this.#complaint = (this.#complaint + text).slice(-2000);
  }

  #lastWords(end: string): string {
    const said = /^.*(?:Error|Abort|error|FATAL).*$/m.exec(this.#complaint)?.[0];
    return said === undefined ? end : `${end}: ${said}`;
  }

  /** Whether this process waits for it before it ends by itself. */
  #hold(held: boolean): void {
    const each = [this.#child, ...(this.#child.stdio as (Socket | null)[])];
    for (const handle of each) held ? handle?.ref() : handle?.unref();
  }
}

function forget(one: RehearsalProcess): void {
  const at = idle.indexOf(one);
  if (at >= 0) idle.splice(at, 1);
}

/** No secret of this process is there to be found. What it compiles is kept where this one keeps it, if it does. */
function environment(): NodeJS.ProcessEnv {
  const known = Object.entries(process.env).filter(([name]) => ENVIRONMENT.test(name));
  const compiled = getCompileCacheDir();
  return { ...Object.fromEntries(known), ...(compiled ? { NODE_COMPILE_CACHE: dirname(compiled) } : {}) };
}
