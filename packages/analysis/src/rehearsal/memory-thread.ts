import { writeSync } from "node:fs";
import { MEMORY_FD } from "./process-messages.ts";

const EACH_MS = 200;

// A thread of its own, as a statement that runs gives way to nothing: it tells what the process takes, in bytes, and when nobody
// is left to hear of it, the process that started this one is gone and this one ends as well, whatever it is at.
setInterval(() => {
  try {
    writeSync(MEMORY_FD, `${process.memoryUsage.rss()}\n`);
  } catch {
    process.kill(process.pid, "SIGKILL");
  }
}, EACH_MS);
