import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { freePort } from "@change-mgmt/server/testing/postgres.ts";
import { ROOT } from "../../acceptance/testing/folder.ts";

const ENTRY = join(ROOT, "test/chaos/testing/crashing-server.ts");

/** A server that is started again on the same port whenever it dies; its first lives end where they are told to. */
export class Mortal {
  readonly address: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #deaths: string[];
  #child: ChildProcess | undefined;
  #over = false;
  #log = "";
  /** Crash points that were reached. */
  readonly died: string[] = [];

  private constructor(port: number, env: Readonly<Record<string, string>>, deaths: readonly string[]) {
    this.address = `http://127.0.0.1:${port}`;
    this.#env = { ...env, PORT: String(port) };
    this.#deaths = [...deaths];
  }

  /** `deaths` are the crash points of its lives, one each; the life after the last of them has none. */
  static async start(env: Readonly<Record<string, string>>, deaths: readonly string[]): Promise<Mortal> {
    const mortal = new Mortal(await freePort(), env, deaths);
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
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [ENTRY], {
      env: { PATH, HOME, ...this.#env, ...(death === undefined ? {} : { CRASH_AT: death }) } as NodeJS.ProcessEnv,
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
      if (!this.#over) this.#live();
    });
    this.#child = child;
  }
}
