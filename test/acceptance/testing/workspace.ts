import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@change-mgmt/api/client.ts";
import { type TestPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { ROOT } from "./folder.ts";
import { addSamplePeople, type People, signIn } from "./people.ts";

const SHOP = join(ROOT, "examples/shop");
const MIGRATIONS = join(SHOP, "supabase/migrations");
export const ENVIRONMENTS = ["development", "staging", "production"] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** The migrations that the sample's databases were built from. */
export const HISTORY: readonly { name: string; sql: string }[] = readdirSync(MIGRATIONS)
  .filter((name) => name.endsWith(".sql"))
  .sort()
  .map((name) => ({ name, sql: readFileSync(join(MIGRATIONS, name), "utf8") }));

/** Name of the variable that holds an environment's address. */
export function variable(environment: EnvironmentName): string {
  return `${environment.toUpperCase()}_DATABASE_URL`;
}

/** Three databases on a real server, built from the sample's history, by environment. */
export async function makeTargets(postgres: TestPostgres): Promise<Record<EnvironmentName, string>> {
  const urls: Partial<Record<EnvironmentName, string>> = {};
  for (const environment of ENVIRONMENTS) {
    const url = await postgres.newDatabase();
    await withClient(url, async (client) => {
      for (const { sql } of HISTORY) await client.query(sql);
    });
    urls[environment] = url;
  }
  return urls as Record<EnvironmentName, string>;
}

/** The variables for a server whose environments are those databases. */
export function targetVariables(urls: Readonly<Record<EnvironmentName, string>>): Record<string, string> {
  return Object.fromEntries(ENVIRONMENTS.map((environment) => [variable(environment), urls[environment]]));
}

/** The sample's configuration with its environments on real servers. */
export function configurationOnServers(limits = "    lockTimeoutMs: 300\n    retries: 1\n"): string {
  const text = readFileSync(join(SHOP, "change-mgmt.yaml"), "utf8");
  return text.replaceAll(
    /^ {4}database: embedded:(\w+)\n/gm,
    (_, environment: EnvironmentName) => `    database: \${${variable(environment)}}\n${limits}`,
  );
}

/** Puts a configuration in force in an empty installation, adds the people of the sample, and signs everybody in. */
export async function settle(address: string, admin: Client, adminToken: string, text: string): Promise<People> {
  await admin("config.import", { body: { text, history: HISTORY.map((file) => ({ ...file })) } });
  await addSamplePeople(admin);
  return await signIn(address, adminToken);
}
