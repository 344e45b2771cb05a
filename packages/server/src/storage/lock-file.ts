import { randomUUID } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";

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

const ATTEMPTS = 100;
const PAUSE_MS = 10;

/**
 * Makes this process the only owner of what a lock file stands for. Refuses with STORE_IN_USE, naming the living holder;
 * a lock that a dead process of this host left behind is taken over at once. Waits a second at most, for others that take it over too.
 */
export function lockFile(path: string, name: string, now: Date): Outcome<FileLock> {
  mkdirSync(dirname(path), { recursive: true });
  const own: LockHolder = {
    pid: process.pid,
    host: hostname(),
    startedAt: processStatus(process.pid).startedAt,
    name,
    since: now.toISOString(),
  };
  // Written before it gets its name, so that nobody ever sees a lock without its holder.
  const draft = `${path}.${randomUUID()}`;
  const lock = (takenOver: boolean) => accept({ takenOver, release: () => releaseOwn(path, own) });
  try {
    writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (claim(draft, path)) return lock(false);
      const holder = readHolder(path);
      if (holder && isAlive(holder)) return inUse(path, holder);
      if (replaceDead(draft, path, name, now)) return lock(true);
      pause();
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return refuse("STORE_IN_USE", `${path} changes hands all the time.`, "Several processes start at once; try again.");
}

/** Gives the draft the lock's name unless something has that name. */
function claim(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Puts the draft in the place of a lock whose holder is dead. Who may do that is a lock of its own: of two that saw the same dead holder,
 * the second would otherwise remove the lock of the first.
 */
function replaceDead(draft: string, path: string, name: string, now: Date): boolean {
  const guard = lockFile(`${path}.takeover`, name, now);
  if (!guard.ok) return false;
  try {
    if (!existsSync(path)) return false;
    const holder = readHolder(path);
    if (holder && isAlive(holder)) return false;
    renameSync(draft, path);
    return true;
  } finally {
    guard.value.release();
  }
}

function inUse(path: string, holder: LockHolder): Refused {
  return refuse(
    "STORE_IN_USE",
    `${path.replace(/\.lock$/, "")} belongs to ${holder.name} (process ${holder.pid} on ${holder.host}, since ${holder.since}).`,
    "An embedded database has one owner. Use that process over HTTP, stop it, choose another --data-dir, or set DATABASE_URL to share one Postgres.",
    { details: { ...holder } },
  );
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
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
  const { state, startedAt } = processStatus(holder.pid);
  // A zombie has ended; only its parent has not asked how.
  return state !== "Z" && (holder.startedAt === "" || holder.startedAt === startedAt);
}

/** State letter and start of a process, in the kernel's clock ticks since boot; empty where the system does not say. */
function processStatus(pid: number): { state: string; startedAt: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", startedAt: fields[19] ?? "" };
  } catch {
    return { state: "", startedAt: "" };
  }
}
