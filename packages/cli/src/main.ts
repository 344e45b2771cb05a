import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Io } from "./io.ts";

const { env, argv } = process;

/** Ends quietly when the reader of a pipe has gone, as `head` does. */
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });

let interrupt: AbortController | undefined;
const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env,
  cwd: process.cwd(),
  now: () => new Date(),
  newKey: randomUUID,
  pause: (milliseconds, signal) => pause(milliseconds, undefined, signal ? { signal } : {}).catch(() => undefined),
  interrupted() {
    if (!interrupt) {
      const controller = new AbortController();
      interrupt = controller;
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort(signal));
    }
    return interrupt.signal;
  },
};

const { run } = await import("./run.ts");
try {
  process.exitCode = await run(argv.slice(2), io);
} catch (error) {
  process.stderr.write(`change-mgmt failed unexpectedly: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 3;
}
