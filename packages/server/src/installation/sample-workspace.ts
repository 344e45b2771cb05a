import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findMigrations } from "@change-mgmt/analysis/sql/find-migrations.ts";
import { splitStatements } from "@change-mgmt/analysis/sql/statements.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor, Role } from "@change-mgmt/domain/identity/roles.ts";
import { importConfiguration } from "../assets/environments/import-configuration.ts";
import { currentConfiguration } from "../storage/configuration-record.ts";
import type { Db } from "../storage/store.ts";
import type { Installation } from "./open.ts";
import { addSamplePerson, beginSample, sampleState } from "./sample/sample-record.ts";

/** The repository that the sample workspace is made of. */
export const SHOP = fileURLToPath(new URL("../../../../examples/shop/", import.meta.url));

interface SamplePerson {
  readonly handle: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly teams: readonly string[];
}

/** One person for each role, so that every part of the road can be seen through the eyes of whoever walks it. */
export const SAMPLE_PEOPLE: readonly SamplePerson[] = [
  { handle: "rosa", name: "Rosa Requester", roles: ["requester"], teams: ["web"] },
  { handle: "dev", name: "Dev Developer", roles: ["developer"], teams: ["data-platform"] },
  { handle: "lena", name: "Lena Lead", roles: ["team-lead"], teams: ["data-platform"] },
  { handle: "archie", name: "Archie Architect", roles: ["architect"], teams: ["architecture"] },
  { handle: "bo", name: "Bo Bots", roles: ["team-lead"], teams: ["bots"] },
  { handle: "wim", name: "Wim Web", roles: ["team-lead"], teams: ["web"] },
  { handle: "olga", name: "Olga Operator", roles: ["operator"], teams: ["data-platform"] },
  { handle: "quinn", name: "Quinn Quality", roles: ["qa"], teams: ["data-platform"] },
  { handle: "bora", name: "Bora Board", roles: ["board-member"], teams: [] },
  { handle: "audrey", name: "Audrey Auditor", roles: ["auditor"], teams: [] },
];

/**
 * Makes the sample workspace in an empty store, in the name of its administrator: its configuration, its databases as they were before any
 * change, and its people. One that was cut off is completed; a workspace that is somebody's own, or from which the sample was removed, is
 * left alone unless it is asked for. Refusals where it was asked for: WORKSPACE_IN_USE, HANDLE_TAKEN.
 */
export async function makeSampleWorkspace(
  installation: Installation,
  actor: Actor,
  say: (line: string) => void,
  asked = false,
): Promise<Outcome<true>> {
  const { door, store, targets } = installation;
  const request = { actor };
  const text = await readFile(join(SHOP, "change-mgmt.yaml"), "utf8");
  const present = new Set((await store.db.selectFrom("users").select("handle").execute()).map(({ handle }) => handle));
  const missing = SAMPLE_PEOPLE.filter(({ handle }) => !present.has(handle));
  const before = await currentConfiguration(store.db);
  const state = await sampleState(store.db);
  const isNew = before === undefined && (state === undefined || state === "removed");
  if (asked) {
    const free = isNew ? await handlesFree(store.db) : workspaceInUse(state !== undefined);
    if (!free.ok) return free;
  }
  const isEmpty = isNew && (asked || (present.size <= 1 && state === undefined));
  const isItsOwn = before === undefined || before.hash === createHash("sha256").update(text).digest("hex");
  const isCutOff = (state === "people" || state === "making") && isItsOwn && (!before || missing.length > 0);
  if (!isEmpty && !isCutOff) return accept(true);
  const begun = await door.execute(beginSample, { changes: false }, request);
  if (!begun.ok) return begun;
  say("making the sample workspace: configuration, three databases, people (once)");
  const found = await findMigrations(SHOP);
  if (!found.ok) return found;
  const history = found.value.map(({ name, text: sql }) => ({ name, sql }));
  if (!before) {
    const file = { file: "change-mgmt.yaml", text, history, folder: SHOP };
    const imported = await door.execute(importConfiguration, file, request);
    // Several processes may start on one empty Postgres; whoever was first has done it.
    if (!imported.ok && imported.refusal.code !== "CONFIG_CHANGE_NEEDED") return imported;
  }
  const configuration = await currentConfiguration(store.db);
  for (const environment of configuration!.document.environments) {
    if (!environment.database.startsWith("embedded:")) continue;
    // What a removal that was cut off has left behind.
    const clean = state === "removed" ? await targets.remove(environment) : accept(true);
    if (!clean.ok) return clean;
    const prepared = await applyHistory(installation, environment, history);
    if (!prepared.ok) return prepared;
    say(`  ${environment.name}: ${history.length} migrations of its history applied`);
  }
  for (const person of missing) {
    const made = await door.execute(
      addSamplePerson,
      { ...person, roles: [...person.roles], teams: [...person.teams] },
      request,
    );
    if (!made.ok && made.refusal.code !== "HANDLE_TAKEN") return made;
  }
  return accept(true);
}

function workspaceInUse(isSample: boolean): Outcome<true> {
  return isSample
    ? refuse("SAMPLE_THERE", "The sample workspace is there already.", "`sample remove` removes it.")
    : refuse(
        "WORKSPACE_IN_USE",
        "This workspace has a configuration of its own; the sample needs an empty one.",
        "Start a server on another data folder.",
      );
}

async function handlesFree(db: Db): Promise<Outcome<true>> {
  const handles = SAMPLE_PEOPLE.map(({ handle }) => handle);
  const taken = await db.selectFrom("users").select("handle").where("handle", "in", handles).executeTakeFirst();
  if (!taken) return accept(true);
  return refuse(
    "HANDLE_TAKEN",
    `Somebody is called "${taken.handle}" here, as one of the sample people is.`,
    "Start a server on another data folder.",
  );
}

/** Builds a sample database, once: one that has tables already is left as it is. */
async function applyHistory(
  { targets }: Installation,
  environment: Parameters<Installation["targets"]["open"]>[0],
  history: readonly { sql: string }[],
): Promise<Outcome<true>> {
  const opened = await targets.open(environment);
  if (!opened.ok) return opened;
  const session = opened.value;
  try {
    const { rows } = await session.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1");
    if (rows.length > 0) return accept(true);
    await session.query("BEGIN");
    for (const { sql } of history) {
      const statements = await splitStatements(sql);
      if (!statements.ok) return statements;
      for (const statement of statements.value) await session.query(statement.text);
    }
    await session.query("COMMIT");
    return accept(true);
  } finally {
    await session.close();
  }
}
