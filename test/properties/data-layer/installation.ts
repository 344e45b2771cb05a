import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { importConfiguration } from "@change-mgmt/server/assets/environments/import-configuration.ts";
import { createUser } from "@change-mgmt/server/assets/people/people-commands.ts";
import { loadActor } from "@change-mgmt/server/identity/actors.ts";
import { firstStart } from "@change-mgmt/server/installation/first-start.ts";
import { type Installation, openInstallation } from "@change-mgmt/server/installation/open.ts";
import { SAMPLE_PEOPLE } from "@change-mgmt/server/installation/sample-workspace.ts";
import { dataFolder, ROOT } from "../../acceptance/testing/folder.ts";

/** Handles of everybody there is in the installation. */
export const HANDLES = ["admin", ...SAMPLE_PEOPLE.map(({ handle }) => handle)] as const;

export interface OpenInstallation {
  readonly installation: Installation;
  readonly actors: Readonly<Record<string, Actor>>;
  close(): Promise<void>;
}

/** An installation without a worker, with the sample's people and configuration: embedded, or on the Postgres of the address. */
export async function open(databaseUrl?: string): Promise<OpenInstallation> {
  const folder = dataFolder();
  const say = () => {};
  const place = databaseUrl === undefined ? {} : { databaseUrl };
  const opened = await openInstallation({ dataDir: folder.path, env: {}, owner: "a property", say, ...place });
  if (!opened.ok) throw new Error(opened.refusal.message);
  const installation = opened.value;
  const { store } = installation;
  const close = async () => {
    await store.close();
    folder.remove();
  };
  try {
    const first = await firstStart(installation, { demo: false, say });
    if (!first.ok) throw new Error(first.refusal.message);
    await settle(installation);
    const actors = await Promise.all(
      HANDLES.map(async (handle) => [handle, await loadActor(store.db, handle)] as const),
    );
    return { installation, actors: Object.fromEntries(actors) as Record<string, Actor>, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Puts the sample's configuration in force and adds its people, unless that was done on this store before. */
async function settle({ door, store }: Installation): Promise<void> {
  const actor = (await loadActor(store.db, "admin"))!;
  if (await loadActor(store.db, "rosa")) return;
  const text = readFileSync(join(ROOT, "examples/shop/change-mgmt.yaml"), "utf8");
  const imported = await door.execute(importConfiguration, { text }, { actor });
  if (!imported.ok) throw new Error(imported.refusal.message);
  for (const { roles, teams, ...person } of SAMPLE_PEOPLE) {
    const made = await door.execute(createUser, { ...person, roles: [...roles], teams: [...teams] }, { actor });
    if (!made.ok) throw new Error(made.refusal.message);
  }
}
