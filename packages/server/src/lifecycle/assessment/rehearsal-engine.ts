import type { RehearsalEngine } from "@change-mgmt/analysis/rehearsal/report.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import type { Db } from "../../storage/store.ts";

/** What rehearsals run on under the configuration in force: the embedded engine nearest to its databases, or the server that is given for them. */
export async function engineInForce(db: Db, server: string | undefined): Promise<RehearsalEngine> {
  const configuration = await currentConfiguration(db);
  return { targetMajor: configuration?.document.postgres ?? null, ...(server ? { server } : {}) };
}
