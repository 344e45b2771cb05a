import { withClient } from "@change-mgmt/server/testing/postgres.ts";
import { until } from "./waiting.ts";

/** What a refusal may touch: its own entry in the trail, and when a token was last used. Leases come and go in the background. */
const MAY_CHANGE = /^(audit_.*|api_tokens|leases)$/;

/** A fingerprint of everything the product has stored, table by table, apart from the audit trail. */
export async function storedState(databaseUrl: string): Promise<Record<string, string>> {
  return await withClient(databaseUrl, async (client) => {
    const ask = async (sql: string) => (await client.query(sql)).rows as Record<string, unknown>[];
    await until(
      "what is under way in the background has ended",
      () =>
        ask(`SELECT (SELECT count(*)::int FROM change_mgmt.outbox WHERE sent_at IS NULL) AS unsent,
                    (SELECT count(*)::int FROM change_mgmt_jobs.job WHERE state < 'completed') AS open`),
      ([row]) => row?.unsent === 0 && row.open === 0,
    );
    const tables = await ask(
      "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'change_mgmt' ORDER BY 1",
    );
    const state: Record<string, string> = {};
    for (const { name } of tables) {
      if (MAY_CHANGE.test(String(name))) continue;
      const [row] = await ask(
        `SELECT count(*) || ' rows ' || coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '') AS is FROM change_mgmt.${name} t`,
      );
      state[String(name)] = String(row!.is);
    }
    return state;
  });
}
