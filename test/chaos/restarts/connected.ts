import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { withClient } from "@change-mgmt/server/testing/postgres.ts";

/** How many connections each of the processes has to the database, in their order. By `/proc`, so on Linux only. */
export async function connectionsOf(databaseUrl: string, pids: readonly number[]): Promise<number[]> {
  const ports = await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ port: number }>(
      "SELECT client_port AS port FROM pg_stat_activity WHERE datname = current_database()",
    );
    return new Set(rows.map(({ port }) => port));
  });
  const portOf = new Map<string, number>();
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readFileSync(file, "utf8").split("\n").slice(1)) {
      const [, local, , , , , , , , inode] = line.trim().split(/\s+/);
      if (local && inode) portOf.set(inode, Number.parseInt(local.split(":").at(-1)!, 16));
    }
  }
  return pids.map((pid) => {
    const sockets = readdirSync(`/proc/${pid}/fd`).map((fd) => socketOf(`/proc/${pid}/fd/${fd}`));
    return sockets.filter((inode) => inode !== undefined && ports.has(portOf.get(inode) ?? 0)).length;
  });
}

function socketOf(descriptor: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(descriptor))?.[1];
  } catch (error) {
    // Closed between the two looks.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
