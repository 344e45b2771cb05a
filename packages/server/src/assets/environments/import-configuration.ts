import { createHash } from "node:crypto";
import { loadWorkspaceFile, type WorkspaceConfig } from "@change-mgmt/analysis/configuration/workspace-file.ts";
import { ImportConfig } from "@change-mgmt/api/workspace.ts";
import { WORKSPACE_STREAM } from "@change-mgmt/domain/audit/entry.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Status } from "@change-mgmt/domain/change/status.ts";
import { sql } from "kysely";
import type { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import { loadChange } from "../../storage/change-record.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import { newId } from "../../storage/ids.ts";
import { json } from "../../storage/json.ts";
import type { Tx } from "../../storage/store.ts";

const APPROVED: ReadonlySet<Status> = new Set([
  "approved",
  "scheduled",
  "deploying",
  "monitoring",
  "reviewing",
  "closed",
]);

/**
 * Puts a configuration in force. The first one an administrator imports as it is; every later one must be named, by its hash, in a change
 * that was approved, so that nobody moves components, owners or environments alone.
 */
export const importConfiguration = defineCommand<z.output<typeof ImportConfig>, { version: number }>({
  name: "config.import",
  permission: "config.import",
  input: ImportConfig,
  async run({ tx, actor, now, processes }, { file, text, history, folder, change: reference }) {
    const loaded = loadWorkspaceFile(text, file);
    if (!loaded.ok) return loaded;
    const document = loaded.value;
    if (!processes.inForce(document.process)) {
      return refuse(
        "PROCESS_UNKNOWN",
        `There is no process "${document.process}".`,
        `Processes here: ${processes
          .list()
          .map(({ process }) => process.name)
          .join(", ")}.`,
        { place: { file } },
      );
    }
    const hash = createHash("sha256").update(text).digest("hex");
    // Two imports at once must not both take themselves for the first; who only reads is not held up.
    await sql`LOCK TABLE change_mgmt.configurations IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
    const current = await currentConfiguration(tx);
    if (current?.hash === hash && history === undefined)
      return accept({ value: { version: current.version }, stream: WORKSPACE_STREAM, events: [] });
    const carried =
      current === undefined || current.hash === hash ? accept(null) : await carryingChange(tx, reference, hash);
    if (!carried.ok) return carried;
    const version = (current?.version ?? 0) + 1;
    await tx
      .insertInto("configurations")
      .values({
        version,
        hash,
        document: json<unknown>(document),
        ...(history === undefined ? {} : { history: json<unknown>(history) }),
        file_name: file,
        file_text: text,
        folder: folder ?? null,
        change_id: carried.value,
        imported_by: actor.handle,
        created_at: now,
      })
      .execute();
    const details = {
      version,
      hash,
      file,
      workspace: document.workspace,
      history: history?.length ?? null,
      environments: document.environments.map(({ name }) => name),
      teams: await makeTeams(tx, document, now),
      change: reference ?? null,
    };
    return accept({ value: { version }, stream: WORKSPACE_STREAM, events: [{ type: "config.imported", details }] });
  },
});

async function carryingChange(tx: Tx, reference: string | undefined, hash: string): Promise<Outcome<string>> {
  const hint = `Make a change whose description names sha256:${hash}, have it approved, and import with --change.`;
  if (reference === undefined)
    return refuse(
      "CONFIG_CHANGE_NEEDED",
      "A configuration is in force; another one comes with an approved change.",
      hint,
    );
  const found = await loadChange(tx, reference);
  if (!found.ok) return found;
  const change = found.value;
  if (!APPROVED.has(change.status))
    return refuse(
      "CONFIG_CHANGE_NOT_APPROVED",
      `${change.number} is ${change.status}, not approved.`,
      "Have it approved first.",
    );
  if (!JSON.stringify([change.fields, change.artifacts]).includes(hash))
    return refuse("CONFIG_NOT_IN_CHANGE", `${change.number} was approved, but not for this file.`, hint);
  return accept(change.id);
}

/** Makes the teams the file declares and that are not here; answers their names. That a component's team is declared, the file was read with. */
async function makeTeams(tx: Tx, { teams }: WorkspaceConfig, now: Date): Promise<string[]> {
  if (teams.length === 0) return [];
  const made = await tx
    .insertInto("teams")
    .values(teams.map(({ name, title }) => ({ id: newId(), name, title, created_at: now })))
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returning("name")
    .execute();
  return made.map(({ name }) => name);
}
