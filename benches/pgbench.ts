import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Script } from "./lifecycle-statements.ts";

export interface PgbenchOptions {
  readonly clients: number;
  readonly seconds: number;
}

/** How often pgbench runs a script in a second and altogether, on so many connections; throws when one of its statements fails. */
export async function pgbench(
  databaseUrl: string,
  { text, variables }: Script,
  { clients, seconds }: PgbenchOptions,
): Promise<{ readonly perSecond: number; readonly count: number }> {
  const folder = mkdtempSync(join(tmpdir(), "change-mgmt-bench-"));
  try {
    const file = join(folder, "script.sql");
    writeFileSync(file, text);
    const given = Object.entries(variables).map(([name, value]) => `--define=${name}=${value}`);
    // As the driver sends statements: parsed, bound and executed each time.
    const flags = ["-n", "-f", file, "-M", "extended", "-c", String(clients), "-T", String(seconds)];
    const { stdout, stderr } = await promisify(execFile)("pgbench", [...flags, ...given, databaseUrl], {
      maxBuffer: 1 << 26,
    }).catch((error: { stdout: string; stderr: string }) => error);
    const tps = /^tps = ([\d.]+) /m.exec(stdout)?.[1];
    const failed = /number of failed transactions: (\d+)/.exec(stdout)?.[1];
    if (tps === undefined || failed !== "0" || /aborted/.test(stderr))
      throw new Error(`pgbench: ${stderr.slice(0, 2000)}`);
    const count = /number of transactions actually processed: (\d+)/.exec(stdout)?.[1];
    return { perSecond: Number(tps), count: Number(count) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
