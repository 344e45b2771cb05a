import { WORKSPACE_STREAM } from "@change-mgmt/domain/audit/entry.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import { loadChanges } from "../../storage/change-record.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import type { Db, Tx } from "../../storage/store.ts";
import { removeRows } from "./remove-rows.ts";
import { sampleState } from "./sample-record.ts";

/** What there is of the sample, as it would be removed. */
export interface SampleHoldings {
  readonly changes: readonly { readonly id: string; readonly number: string }[];
  readonly people: readonly { readonly id: string; readonly handle: string }[];
  readonly teams: readonly string[];
  readonly environments: readonly string[];
  /** Deployments of its changes that are not over. */
  readonly running: readonly { readonly id: string; readonly change: string; readonly number: string }[];
}

/**
 * Everything that belongs to the sample. Refusals: SAMPLE_NOT_THERE, and SAMPLE_IN_USE where changes, people or a configuration that are
 * not of the sample depend on it, with a problem for each.
 */
export async function sampleHoldings(db: Db | Tx): Promise<Outcome<SampleHoldings>> {
  const state = await sampleState(db);
  if (state === undefined || state === "removed") {
    return refuse("SAMPLE_NOT_THERE", "There is no sample workspace here.", "There is nothing to remove.");
  }
  const { rows: changes } = await sql<{ id: string; number: string; requester: string; own: boolean }>`
    SELECT c.id, c.number, c.requester, (u.is_sample OR s.story IS NOT NULL) AS own
    FROM change_mgmt.change_requests c JOIN change_mgmt.users u ON u.handle = c.requester
    LEFT JOIN change_mgmt.sample_changes s ON s.change_id = c.id ORDER BY c.id`.execute(db);
  const people = await db.selectFrom("users").select(["id", "handle"]).where("is_sample", "=", true).execute();
  const configuration = await currentConfiguration(db);
  const teams = configuration?.document.teams.map(({ name }) => name) ?? [];
  const { rows: members } = await sql<{ handle: string; team: string }>`
    SELECT m.handle, m.team FROM (SELECT handle, team FROM change_mgmt.team_members
      UNION SELECT handle, team FROM change_mgmt.user_positions WHERE team IS NOT NULL) m
    JOIN change_mgmt.users u ON u.handle = m.handle
    WHERE NOT u.is_sample AND m.team = ANY(${teams}::text[]) ORDER BY m.handle, m.team`.execute(db);
  const problems = [
    ...changes
      .filter(({ own }) => !own)
      .map(({ number, requester }) => ({
        code: "CHANGE_NOT_OF_SAMPLE",
        message: `${number} was requested by ${requester}, who is not one of the sample people.`,
      })),
    ...members.map(({ handle, team }) => ({
      code: "PERSON_IN_SAMPLE_TEAM",
      message: `${handle} is in the sample's team ${team}.`,
    })),
    ...(configuration && configuration.version > 1
      ? [
          {
            code: "CONFIGURATION_NOT_OF_SAMPLE",
            message: `Version ${configuration.version} of the configuration, imported by ${configuration.importedBy}, is in force and is not the sample's.`,
          },
        ]
      : []),
  ];
  if (problems.length > 0) {
    return refuse(
      "SAMPLE_IN_USE",
      `The sample workspace is not removed: ${problems.map(({ message }) => message).join(" ")}`,
      "Take people out of the sample's teams. Changes stay for good, so with changes of your own keep this workspace, or start an empty one in another data folder with --no-demo.",
      { problems },
    );
  }
  const running = await db
    .selectFrom("deployments as d")
    .innerJoin("change_requests as c", "c.id", "d.change_id")
    .select(["d.id", "c.id as change", "c.number"])
    .where("d.state", "in", ["requested", "running", "waiting"])
    .execute();
  return accept({
    changes: changes.map(({ id, number }) => ({ id, number })),
    people,
    teams,
    environments: configuration?.document.environments.map(({ name }) => name) ?? [],
    running,
  });
}

const nothing = z.object({});

/** Says that the sample is about to go: nothing more is made, and deployments that run are told to stop. */
export const announceRemoval = defineCommand<object, { running: number }>({
  name: "sample.announce-removal",
  permission: "sample.manage",
  input: nothing,
  async run({ tx, actor, now }) {
    await tx.selectFrom("sample_workspace").select("id").forUpdate().execute();
    const held = await sampleHoldings(tx);
    if (!held.ok) return held;
    await tx.updateTable("sample_workspace").set({ state: "removing", changed_at: now }).execute();
    const { running } = held.value;
    if (running.length > 0) {
      await tx
        .updateTable("deployments")
        .set({ cancelled_by: actor.handle, cancel_reason: "The sample workspace is removed." })
        .where(
          "id",
          "in",
          running.map(({ id }) => id),
        )
        .execute();
    }
    const changes = await loadChanges(tx, [...new Set(running.map(({ change }) => change))]);
    return accept({
      value: { running: running.length },
      stream: WORKSPACE_STREAM,
      events: running.map(({ id, change }) => ({
        type: "deployment.cancel-requested",
        details: { deployment: id, reason: "The sample workspace is removed." },
        change: changes.find((one) => one.id === change),
      })),
    });
  },
});

/** Removes everything that belongs to the sample from the store. The audit trail stays as it is, and numbers are not given out again. */
export const removeSample = defineCommand<object, SampleHoldings>({
  name: "sample.remove",
  permission: "sample.manage",
  input: nothing,
  async run({ tx, now }) {
    await tx.selectFrom("sample_workspace").select("id").forUpdate().execute();
    const held = await sampleHoldings(tx);
    if (!held.ok) return held;
    const { changes, people, teams, environments, running } = held.value;
    if (running.length > 0) {
      return refuse(
        "SAMPLE_BUSY",
        `Deployments of ${running.map(({ number }) => number).join(", ")} have not stopped yet.`,
        "Try again in a moment.",
      );
    }
    const ids = changes.map(({ id }) => id);
    await tx.deleteFrom("sample_changes").execute();
    await removeRows(tx, "change_requests", "id", ids);
    await sql`DELETE FROM change_mgmt.outbox WHERE change_id = ANY(${ids}::uuid[]) AND sent_at IS NULL`.execute(tx);
    await sql`DELETE FROM change_mgmt.schema_snapshots WHERE environment = ANY(${environments}::text[])`.execute(tx);
    await tx.deleteFrom("configurations").execute();
    for (const table of ["attachment_pieces", "attachment_contents"]) {
      await sql`DELETE FROM ${sql.table(`change_mgmt.${table}`)} c
        WHERE NOT EXISTS (SELECT 1 FROM change_mgmt.attachments a WHERE a.content = c.sha256)`.execute(tx);
    }
    await sql`DELETE FROM change_mgmt.idempotency_keys
      WHERE actor = ANY(${people.map(({ id }) => id)}::text[]) OR key LIKE 'sample:%'`.execute(tx);
    await removeRows(
      tx,
      "users",
      "handle",
      people.map(({ handle }) => handle),
    );
    await removeRows(tx, "teams", "name", teams);
    await tx.updateTable("sample_workspace").set({ state: "removed", changed_at: now }).execute();
    const details = {
      changes: changes.map(({ number }) => number),
      people: people.map(({ handle }) => handle),
      teams,
      environments,
    };
    return accept({ value: held.value, stream: WORKSPACE_STREAM, events: [{ type: "sample.removed", details }] });
  },
});
