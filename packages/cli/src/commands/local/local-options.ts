import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { OptionSpec } from "../../command.ts";
import type { Io } from "../../io.ts";
import { usage } from "../../stop.ts";

export const dataDirOption: OptionSpec = {
  flags: "--data-dir <dir>",
  about: "folder that holds everything embedded (else CHANGE_MGMT_DATA, else .change-mgmt)",
};

/** Where the store is: a Postgres when DATABASE_URL is set, else a folder. */
export interface StorePlace {
  /** Absolute. */
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

/** The store that options and environment name. An address with a password belongs in the environment only. */
export function storePlace({ env, cwd }: Pick<Io, "env" | "cwd">, dataDir: string | undefined): StorePlace {
  const { CHANGE_MGMT_DATA, DATABASE_URL } = env;
  const place = { dataDir: resolve(cwd, dataDir || CHANGE_MGMT_DATA || ".change-mgmt") };
  if (!DATABASE_URL) return place;
  if (!/^postgres(ql)?:\/\//.test(DATABASE_URL))
    throw usage(
      "DATABASE_URL is not the address of a Postgres.",
      "Write it like postgres://user:password@host:5432/database.",
    );
  return { ...place, databaseUrl: DATABASE_URL };
}

/** Whether there is a store to open at that place. */
export function storeMayExist({ dataDir, databaseUrl }: StorePlace): boolean {
  return databaseUrl !== undefined || existsSync(dataDir);
}

/** `--port`, else PORT, else 7070; 0 lets the system choose. */
export function portOf(env: Io["env"], typed: number | undefined): number {
  if (typed !== undefined) return typed;
  if (!env.PORT) return 7070;
  const port = Number(env.PORT);
  if (/^\d+$/.test(env.PORT) && port <= 65_535) return port;
  throw usage(`PORT=${env.PORT} is not a port.`, "Set it to a whole number from 0 to 65535.");
}
