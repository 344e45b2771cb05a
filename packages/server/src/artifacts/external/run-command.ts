import { type ChildProcess, spawn } from "node:child_process";
import { createMask } from "./mask.ts";
import { CommandOutput } from "./output.ts";

/** What is run: program and arguments, never a shell line. `secrets` are masked in everything that is shown or kept. */
export interface Command {
  readonly argv: readonly string[];
  readonly workingFolder: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly secrets: readonly string[];
}

/** How a command ended. `output` is the last 64 KiB of what it printed. */
export type CommandEnd =
  | { readonly how: "exited"; readonly code: number; readonly output: string }
  | { readonly how: "killed"; readonly signal: string; readonly output: string }
  | { readonly how: "timed-out" | "aborted"; readonly output: string }
  | { readonly how: "not-started"; readonly reason: string; readonly output: string };

const GRACE_MS = 5_000;
const OUTPUT_AFTER_EXIT_MS = 1_000;

/**
 * Runs a command in a process group of its own and gives its lines to `say` in order. At the time limit or on abort the whole
 * group gets SIGTERM, and five seconds later SIGKILL, so that what the command started does not outlive it.
 */
export async function runCommand(
  command: Command,
  say: (line: string) => Promise<void>,
  signal: AbortSignal,
): Promise<CommandEnd> {
  const mask = createMask(command.secrets);
  let said: Promise<void> = Promise.resolve();
  const output = new CommandOutput(mask, (line) => {
    said = said.then(() => say(line));
    // Awaited below; a rejection that comes before must not count as unhandled.
    said.catch(() => undefined);
  });
  const [program, ...args] = command.argv;
  let ended: "timed-out" | "aborted" | null = null;
  const child = spawn(program!, args, {
    cwd: command.workingFolder,
    env: command.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  output.read(child.stdout);
  output.read(child.stderr);
  let stopping: Promise<void> | null = null;
  const stop = (why: "timed-out" | "aborted") => {
    ended ??= why;
    stopping ??= endGroup(child);
  };
  const limit = setTimeout(() => stop("timed-out"), command.timeoutMs);
  const onAbort = () => stop("aborted");
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  const exit = await exited(child);
  clearTimeout(limit);
  signal.removeEventListener("abort", onAbort);
  await stopping;
  await said;
  if ("reason" in exit) return { how: "not-started", reason: mask(exit.reason), output: output.text };
  if (ended) return { how: ended, output: output.text };
  if (exit.signal) return { how: "killed", signal: exit.signal, output: output.text };
  return { how: "exited", code: exit.code ?? 1, output: output.text };
}

type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null } | { readonly reason: string };

/** Waits for the end and for the output; something left in the background may hold that open, and is not waited for. */
function exited(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ reason: error.message }));
    child.once("exit", (code, signal) => {
      const enough = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, OUTPUT_AFTER_EXIT_MS);
      child.once("close", () => {
        clearTimeout(enough);
        resolve({ code, signal });
      });
    });
  });
}

/** Resolves when no process of the group is left. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const group = -child.pid;
  signalGroup(group, "SIGTERM");
  for (let waited = 0; waited < GRACE_MS && signalGroup(group, 0); waited += 50) {
    await new Promise((done) => setTimeout(done, 50));
  }
  signalGroup(group, "SIGKILL");
}

/** False when the group is gone. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(group, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
