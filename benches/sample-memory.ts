// Loaded into a server with --import, and --expose-gc: at SIGUSR2 it collects its garbage and writes what memory is left in use into the
// file MEMORY_SAMPLES names, a line of JSON.
import { appendFileSync } from "node:fs";

process.on("SIGUSR2", () => {
  (globalThis as { gc?: () => void }).gc!();
  appendFileSync(process.env.MEMORY_SAMPLES!, `${JSON.stringify(process.memoryUsage())}\n`);
});
