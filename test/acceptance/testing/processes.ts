import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { COMPILED, ROOT } from "./folder.ts";
import { until } from "./waiting.ts";

const MAIN = join(ROOT, "packages/cli/src/main.ts");
const STARTS_WITHIN_MS = 110_000;

/** A process of the product. */
export interface Running {
  readonly pid: number;
  /** Of a server: where it answers. */
  readonly address: string;
  readonly stderr: () => string;
  /** Ends it in order and answers its exit code. */
  stop(): Promise<number | null>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Runs a line of the command line to its end. */
export async function runCli(args: readonly string[], env: Env, cwd = ROOT): Promise<Ended> {
  const child = begin(args, env, cwd);
  const [code] = (await once(child.process, "close")) as [number | null];
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

/** Starts `serve` on a free port, without the sample's changes, and waits until it says where it is. `main` is that of another version. */
export async function serve(args: readonly string[], env: Env, main = MAIN): Promise<Running> {
  const child = begin(["serve", "--port=0", "--json", "--no-sample-changes", ...args], env, ROOT, main);
  const address = () => /"address": "([^"]+)"/.exec(child.stdout())?.[1];
  return await whenReady(child, "the server says its address", address);
}

/** Starts a `worker` and waits until it says that it runs. */
export async function work(env: Env, args: readonly string[] = []): Promise<Running> {
  const child = begin(["worker", ...args], env, ROOT);
  return await whenReady(child, "the worker runs", () =>
    child.stderr().includes("The worker runs.") ? "" : undefined,
  );
}

interface Child {
  readonly process: ChildProcess;
  stdout(): string;
  stderr(): string;
}

function begin(args: readonly string[], env: Env, cwd: string, main = MAIN): Child {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH, HOME, NO_COLOR: "1", NODE_COMPILE_CACHE: COMPILED, ...env } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Nothing is left behind when the tests themselves are ended.
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.removeListener("exit", end));
  const heard = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    heard.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    heard.err += text;
  });
  return { process: child, stdout: () => heard.out, stderr: () => heard.err };
}

async function whenReady(child: Child, what: string, ready: () => string | undefined): Promise<Running> {
  const { process: ran } = child;
  const gone = () => ran.exitCode !== null || ran.signalCode !== null;
  await until(
    what,
    () => ready() ?? gone(),
    (answer) => answer !== false,
    STARTS_WITHIN_MS,
  );
  const address = ready();
  if (address === undefined) throw new Error(`it ended with ${ran.exitCode}: ${child.stdout()}${child.stderr()}`);
  const ended = async (signal: NodeJS.Signals) => {
    if (gone()) return ran.exitCode;
    const exit = once(ran, "exit");
    ran.kill(signal);
    await exit;
    return ran.exitCode;
  };
  return {
    pid: ran.pid!,
    address,
    stderr: child.stderr,
    stop: () => ended("SIGTERM"),
    kill: async () => void (await ended("SIGKILL")),
  };
}
