import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { freePort } from "@change-mgmt/server/testing/postgres.ts";
import { COMPILED, ROOT } from "../../acceptance/testing/folder.ts";
import type { OneFile } from "./one-file.ts";

const ENTRY = join(ROOT, "test/chaos/testing/crashing-server.ts");

export interface MortalOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Crash points of its lives, one each; the life after the last of them has none. */
  readonly deaths: readonly string[];
  /** What it is run from; left out, from its sources. */
  readonly server?: OneFile | undefined;
  /** Done after each death, before the next life begins. */
  readonly between?: (() => Promise<void>) | undefined;
}

/** A server that is started again on the same port whenever it dies; its first lives end where they are told to. */
export class Mortal {
  readonly address: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #deaths: string[];
  readonly #options: MortalOptions;
  #child: ChildProcess | undefined;
  #over = false;
  #log = "";
  /** Crash points that were reached. */
  readonly died: string[] = [];

  private constructor(port: number, options: MortalOptions) {
    this.address = `http://127.0.0.1:${port}`;
    const { PATH, HOME } = process.env as { PATH: string; HOME: string };
    this.#env = {
      PATH,
      HOME,
      NODE_COMPILE_CACHE: options.server?.compileCache ?? COMPILED,
      ...options.env,
      PORT: String(port),
    };
    this.#deaths = [...options.deaths];
    this.#options = options;
  }

  static async start(options: MortalOptions): Promise<Mortal> {
    const mortal = new Mortal(await freePort(), options);
    mortal.#live();
    return mortal;
  }

  /** What its lives said on standard error. */
  get log(): string {
    return this.#log;
  }

  /** Ends it in order; answers the exit code. */
  async stop(): Promise<number | null> {
    this.#over = true;
    const child = this.#child!;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    await exit;
    return child.exitCode;
  }

  #live(): void {
    const death = this.#deaths.shift();
    const child = spawn(process.execPath, [this.#options.server?.path ?? ENTRY], {
      env: { ...this.#env, ...(death === undefined ? {} : { CRASH_AT: death }) },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const end = () => child.kill("SIGKILL");
    process.once("exit", end);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#log = `${this.#log}${text}`.slice(-20_000);
    });
    child.once("exit", (_code, signal) => {
      process.removeListener("exit", end);
      if (signal === "SIGKILL" && death !== undefined) this.died.push(death);
      if (this.#over) return;
      const ready = this.#options.between?.() ?? Promise.resolve();
      ready.then(
        () => this.#over || this.#live(),
        (error: Error) => {
          this.#log = `${this.#log}between two lives: ${error.message}\n`;
        },
      );
    });
    this.#child = child;
  }
}
