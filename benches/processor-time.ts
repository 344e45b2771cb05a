import { readdirSync, readFileSync } from "node:fs";
import { withClient } from "@change-mgmt/server/testing/postgres.ts";

/** Milliseconds of a tick in /proc, which Linux has fixed for programs. */
const TICK_MS = 10;

/** Milliseconds of processor time that processes have used so far; Linux alone. */
export function processorTime(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (statOf(pid)?.own ?? 0), 0);
}

/** The same of all processes that this one started and that have ended. */
export function endedProcessorTime(): number {
  return statOf(process.pid)!.ended;
}

/** The same of a Postgres server with all its backends, those that have ended too. */
export function postgresTime(postmaster: number): number {
  let ticks = (statOf(postmaster)?.own ?? 0) + (statOf(postmaster)?.ended ?? 0);
  for (const entry of readdirSync("/proc")) {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : undefined;
    if (stat?.parent === postmaster) ticks += stat.own;
  }
  return ticks;
}

/** The process that started all backends of the server at an address, which runs on this machine. */
export async function postmasterOf(url: string): Promise<number> {
  const pid = await withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    return statOf(rows[0]!.pid)?.parent;
  });
  if (pid === undefined) throw new Error("the server's processes cannot be seen from here");
  return pid;
}

/** Fields 4 and 14 to 17 of proc(5) stat; undefined for a process that has ended. */
function statOf(pid: number): { parent: number; own: number; ended: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const ms = (first: number) => (fields[first]! + fields[first + 1]!) * TICK_MS;
    return { parent: fields[1]!, own: ms(11), ended: ms(13) };
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
