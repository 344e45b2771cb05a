import type { ProcessMessage, RehearsalTask } from "./process-messages.ts";
import { RehearsalProcess } from "./rehearsal-process.ts";
import type { RehearsalLimits } from "./report.ts";

const MEBIBYTE = 1024 * 1024;

/** Why a rehearsal ended before it was done: a limit (with its sentence), or its own failure. */
export interface EarlyEnd {
  readonly cause: "statement" | "total" | "memory" | "crash";
  readonly reason: string;
}

/**
 * Has a task done within limits; `on` hears of everything until the end, which is null where all was done. A process that did not get
 * that far is ended. Throws the reason of `signal` when that is aborted.
 */
export async function runTask(
  task: RehearsalTask,
  limits: Required<RehearsalLimits>,
  signal: AbortSignal | undefined,
  on: (message: ProcessMessage) => void,
): Promise<EarlyEnd | null> {
  signal?.throwIfAborted();
  const running = RehearsalProcess.take();
  let statementTimer: NodeJS.Timeout | undefined;
  let totalTimer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  let done = false;
  try {
    return await new Promise<EarlyEnd | null>((resolve, reject) => {
      const end = (cause: EarlyEnd["cause"], reason: string) => resolve({ cause, reason });
      const late = (what: string, ms: number) => `${what} did not end within ${seconds(ms)} and was ended`;
      totalTimer = setTimeout(() => end("total", late("the rehearsal", limits.totalMs)), limits.totalMs);
      onAbort = () => reject(signal!.reason);
      signal?.addEventListener("abort", onAbort);
      let memoryBefore: number | null = null;
      running.work(task, {
        memory(bytes) {
          memoryBefore ??= bytes;
          if (bytes - memoryBefore <= limits.memoryMb * MEBIBYTE) return;
          end("memory", `it took more than ${limits.memoryMb} MiB of memory and was ended`);
        },
        gone: (reason) => end("crash", reason),
        message(message) {
          on(message);
          // What the engine itself takes, or took to build its base, is none of the migration's.
          if (message.type === "engine") memoryBefore = message.memory;
          else if (message.type === "doing") {
            clearTimeout(statementTimer);
            if (message.doing.line === null) return;
            const reason = late("the statement", limits.statementMs);
            statementTimer = setTimeout(() => end("statement", reason), limits.statementMs);
          } else if (message.type === "done") {
            done = true;
            resolve(null);
          } else if (message.type === "crashed") end("crash", message.reason);
        },
      });
    });
  } finally {
    clearTimeout(totalTimer);
    clearTimeout(statementTimer);
    signal?.removeEventListener("abort", onAbort);
    await (done ? running.giveBack() : running.end());
  }
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}
