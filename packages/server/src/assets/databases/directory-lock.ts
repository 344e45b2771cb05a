import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { processIdentity } from "./process-identity.ts";

/** Who holds a lock file. `identity` tells the process from a later one with the same id. */
export interface LockHolder {
  readonly pid: number;
  readonly identity: string | null;
  readonly host: string;
  /** RFC 3339 UTC. */
  readonly since: string;
  readonly nonce: string;
}

export type LockAttempt =
  | { readonly held: true; release(): Promise<void> }
  | { readonly held: false; readonly holder: LockHolder };

const POLL_MS = 50;
const HEARTBEAT_MS = 1_000;
/** A holder on another machine cannot be looked up; it counts as dead when its lock has not been touched for so long. */
const FOREIGN_DEAD_MS = 6_000;

/**
 * Takes the lock file at `path`, waiting up to `waitMs` while a living process holds it (this one included).
 * A lock whose process is dead is taken over at once. Of any number who try, one holds it.
 */
export async function takeLock(path: string, waitMs: number): Promise<LockAttempt> {
  const until = Date.now() + waitMs;
  for (;;) {
    const mine: LockHolder = {
      pid: process.pid,
      identity: processIdentity(process.pid),
      host: hostname(),
      since: new Date().toISOString(),
      nonce: randomUUID(),
    };
    if ((await publish(mine, path)) || (await takeOver(mine, path))) return hold(mine, path);
    const holder = await readHolder(path);
    if (holder && Date.now() >= until) return { held: false, holder };
    if (holder) await wait(POLL_MS);
  }
}

function hold(mine: LockHolder, path: string): LockAttempt {
  const heartbeat = setInterval(() => {
    const now = new Date();
    // Only other machines read the time stamp; a beat that fails there is made up for by the next.
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    held: true,
    async release() {
      clearInterval(heartbeat);
      if ((await readHolder(path))?.nonce === mine.nonce) await rm(path, { force: true });
    },
  };
}

/** Creates the file with its whole content in one step, or says that there is one already. */
async function publish(mine: LockHolder, path: string): Promise<boolean> {
  const draft = `${path}.${mine.nonce}`;
  try {
    await writeFile(draft, JSON.stringify(mine));
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Replaces the lock of a dead holder. Exactly one process may do so: the one that creates the claim on that very lock
 * and still finds it in place afterwards.
 */
async function takeOver(mine: LockHolder, path: string): Promise<boolean> {
  const dead = await readHolder(path);
  if (dead === null || !(await isDead(dead, path))) return false;
  const claim = `${path}.after-${dead.nonce}`;
  if (!(await publish(mine, claim))) {
    const claimant = await readHolder(claim);
    if (claimant && (await isDead(claimant, claim))) await rm(claim, { force: true });
    return false;
  }
  try {
    if ((await readHolder(path))?.nonce !== dead.nonce) return false;
    const draft = `${path}.${mine.nonce}`;
    await writeFile(draft, JSON.stringify(mine));
    await rename(draft, path);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

async function isDead(holder: LockHolder, path: string): Promise<boolean> {
  if (holder.host === hostname()) return processIdentity(holder.pid) !== holder.identity;
  try {
    return Date.now() - (await stat(path)).mtimeMs > FOREIGN_DEAD_MS;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Null when there is no lock file. A file that cannot be read as a lock counts as one of a dead process. */
async function readHolder(path: string): Promise<LockHolder | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    // Cut off by a full disk or a power loss: its writer cannot have gone on.
    return { pid: 0, identity: "unreadable", host: hostname(), since: "", nonce: "unreadable" };
  }
}
