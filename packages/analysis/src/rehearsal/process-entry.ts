import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { performTask } from "./perform-task.ts";
import { MESSAGES_FD, type ProcessMessage, type RehearsalTask } from "./process-messages.ts";

// Whoever started this process ends it, in a terminal too, where an interrupt reaches both.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
new Worker(new URL("./memory-thread.ts", import.meta.url), { execArgv: [] }).unref();

/** Written at once and in order, since the statement that comes next may never give way to anything that waits. */
function tell(message: ProcessMessage): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let written = 0; written < line.length; ) written += writeSync(MESSAGES_FD, line, written);
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    await performTask(JSON.parse(line) as RehearsalTask, tell);
    tell({ type: "done" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    tell({ type: "crashed", reason: `the embedded engine gave up: ${reason}` });
  }
  // It is ended by force as a rule, and would keep nothing of what it compiled.
  flushCompileCache();
}
process.exit();
