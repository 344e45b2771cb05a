import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What tells a process from a later one with the same id: when it started, in the words of the operating system.
 * Null when no such process runs.
 */
export function processIdentity(pid: number): string | null {
  if (!runs(pid)) return null;
  if (process.platform === "linux") {
    try {
      // The command's name, in parentheses, may itself contain blanks and parentheses.
      const afterName = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!;
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      return `${boot}/${afterName.split(" ")[19]}`;
    } catch {
      return runs(pid) ? "running" : null;
    }
  }
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    // No `ps` here (Windows): the id alone has to do.
    return runs(pid) ? "running" : null;
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
