import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Start of the process as the system counts it, so that a reused pid is not taken for the holder; empty where unknown. */
  readonly startedAt: string;
  readonly name: string;
  readonly since: string;
}

export interface FileLock {
  release(): void;
  /** True when a dead process had left the lock behind: its work may need to be freed. */
  readonly takenOver: boolean;
}

/**
 * Makes this process the only owner of what a lock file stands for. Refuses with STORE_IN_USE, naming the living holder;
 * a lock that a dead process of this host left behind is taken over at once.
 */
export function lockFile(path: string, name: string, now: Date): Outcome<FileLock> {
  mkdirSync(dirname(path), { recursive: true });
  const own: LockHolder = {
    pid: process.pid,
    host: hostname(),
    startedAt: processStart(process.pid),
    name,
    since: now.toISOString(),
  };
  let takenOver = false;
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const file = openSync(path, "wx", 0o600);
      writeSync(file, JSON.stringify(own));
      closeSync(file);
      return accept({ takenOver, release: () => releaseOwn(path, own) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = readHolder(path);
    if (holder && isAlive(holder)) {
      return refuse(
        "STORE_IN_USE",
        `${path.replace(/\.lock$/, "")} belongs to ${holder.name} (process ${holder.pid} on ${holder.host}, since ${holder.since}).`,
        "An embedded database has one owner. Use that process over HTTP, stop it, choose another --data-dir, or set DATABASE_URL to share one Postgres.",
        { details: { ...holder } },
      );
    }
    takenOver = true;
    rmSync(path, { force: true });
  }
  return refuse("STORE_IN_USE", `${path} changes hands all the time.`, "Several processes start at once; try again.");
}

function releaseOwn(path: string, own: LockHolder): void {
  const holder = readHolder(path);
  if (holder?.pid === own.pid && holder.since === own.since) rmSync(path, { force: true });
}

function readHolder(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as LockHolder;
  } catch (error) {
    // Gone meanwhile, or cut off while it was written: both mean that nobody holds it.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return holder.startedAt === "" || holder.startedAt === processStart(holder.pid);
}

/** Start time of a process in the kernel's clock ticks since boot; empty where the system does not say. */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
