import { randomUUID } from "node:crypto";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Io } from "./io.ts";

const { env, argv } = process;
/** A server writes nothing outside its data folder, so only the short-lived commands keep compiled code in the user's cache. */
const cached = !argv.some((word) => word === "serve" || word === "worker" || word === "demo");
if (cached && !env.NODE_COMPILE_CACHE && !env.NODE_DISABLE_COMPILE_CACHE)
  enableCompileCache(join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "change-mgmt", "compiled"));

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
