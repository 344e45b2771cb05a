import { createTargets } from "@change-mgmt/server/assets/databases/targets.ts";
import type { EnvironmentName } from "./workspace.ts";

/** Asks the embedded database of an environment something, as somebody who looks at it while no deployment has it open. */
export async function askEmbedded(
  dataDir: string,
  environment: EnvironmentName,
  sql: string,
): Promise<Record<string, unknown>[]> {
  const targets = createTargets({ dataFolder: dataDir, env: {} });
  const limits = { lockTimeoutMs: 1000, statementTimeoutMs: 0, retries: 0 };
  const opened = await targets.open({ name: environment, database: `embedded:${environment}`, ...limits });
  if (!opened.ok) throw new Error(opened.refusal.message);
  try {
    return (await opened.value.query(sql)).rows;
  } finally {
    await opened.value.close();
  }
}
