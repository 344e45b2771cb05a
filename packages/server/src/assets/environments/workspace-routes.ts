import type { Config, Environment } from "@change-mgmt/api/workspace.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import { checkFree } from "@change-mgmt/domain/lifecycle/deployment/occupied.ts";
import { schemaHash } from "@change-mgmt/domain/schema/model.ts";
import { sql } from "kysely";
import type { z } from "zod";
import type { Door } from "../../commands/execute.ts";
import type { Handlers } from "../../commands/handler.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import type { ProcessLibrary } from "../../storage/process-record.ts";
import { loadOccupied } from "../../storage/situation-record.ts";
import type { Db } from "../../storage/store.ts";
import { readSchema } from "../databases/read-schema.ts";
import type { Targets } from "../databases/target.ts";
import { importConfiguration } from "./import-configuration.ts";
import { processRoutes } from "./process-routes.ts";
import { setBaseline } from "./set-baseline.ts";

/** Processes, the configuration in force and the environments over HTTP. */
export function workspaceRoutes({
  db,
  door,
  processes,
  targets,
}: {
  db: Db;
  door: Door;
  processes: ProcessLibrary;
  targets: Targets;
}): Handlers {
  return {
    ...processRoutes({ db, processes }),
    "config.get": async ({ actor }) => {
      const permitted = checkPermission(actor, "config.read");
      return permitted.ok ? await configuration(db) : permitted;
    },
    "config.import": async ({ body, ...request }) => {
      const done = await door.execute(importConfiguration, body, request);
      return done.ok ? await configuration(db) : done;
    },
    "environments.list": async ({ actor }) => {
      const permitted = checkPermission(actor, "config.read");
      return permitted.ok ? accept({ items: await environments(db) }) : permitted;
    },
    "environments.baseline": async ({ body, params, ...request }) => {
      // The target is looked at only for those who may; the command checks again with everything else.
      const permitted = checkPermission(request.actor, "environment.baseline");
      if (!permitted.ok)
        return await door.execute(
          setBaseline,
          { environment: params.name, reason: body.reason, model: { objects: {} } },
          request,
        );
      const current = await currentConfiguration(db);
      const environment = current?.document.environments.find(({ name }) => name === params.name);
      if (!environment)
        return refuse("NOT_FOUND", `There is no environment "${params.name}".`, "Look at the list of environments.");
      const opened = await targets.open(environment);
      if (!opened.ok) return opened;
      const session = opened.value;
      try {
        const read = await readSchema(session, environment);
        if (!read.ok) return read;
        const model = read.value;
        if (body.schemaHash !== undefined && schemaHash(model) !== body.schemaHash)
          return refuse(
            "DRIFT_MOVED_ON",
            `The schema of environment "${params.name}" has changed since it was looked at.`,
            "Look at the drift again, then decide.",
          );
        return await door.execute(setBaseline, { environment: params.name, reason: body.reason, model }, request);
      } finally {
        await session.close();
      }
    },
  };
}

interface PlacedChange {
  readonly environment: string;
  readonly number: string;
  readonly title: string;
  readonly state: z.output<typeof Environment>["changes"][number]["state"];
  readonly updated_at: Date;
  readonly deployment_id: string | null;
}

async function environments(db: Db): Promise<z.input<typeof Environment>[]> {
  const current = await currentConfiguration(db);
  const { rows } = await sql<{ environment: string; hash: string; created_at: Date }>`
    SELECT DISTINCT ON (environment) environment, hash, created_at FROM change_mgmt.schema_snapshots
    WHERE purpose IN ('after', 'baseline') ORDER BY environment, id DESC`.execute(db);
  const occupied = await loadOccupied(db);
  const { rows: changes } = await sql<PlacedChange>`
    SELECT environment, number, title, state, updated_at, deployment_id FROM (
      SELECT e.*, c.number, c.title, row_number() OVER (PARTITION BY e.environment ORDER BY e.updated_at DESC, c.id DESC) AS place
      FROM change_mgmt.change_environments e JOIN change_mgmt.change_requests c ON c.id = e.change_id
      WHERE e.state IN ('deploying', 'deployed', 'failed', 'rolling-back')) placed
    WHERE place <= 10 ORDER BY environment, place`.execute(db);
  return (current?.document.environments ?? []).map((configured, index) => {
    const { name, database, lockTimeoutMs, statementTimeoutMs, retries } = configured;
    const snapshot = rows.find((row) => row.environment === name);
    const free = checkFree({ occupied }, name);
    return {
      name,
      order: index + 1,
      database,
      lockTimeoutMs,
      statementTimeoutMs,
      retries,
      schemaHash: snapshot?.hash ?? null,
      snapshotAt: snapshot?.created_at.toISOString() ?? null,
      running: occupied.find((row) => row.environment === name)?.deployment ?? null,
      busy: free.ok ? null : { reason: free.refusal.message, hint: free.refusal.hint },
      changes: changes
        .filter((row) => row.environment === name)
        .map(({ number, title, state, updated_at, deployment_id }) => ({
          number,
          title,
          state,
          at: updated_at.toISOString(),
          deployment: deployment_id,
        })),
    };
  });
}

async function configuration(db: Db): Promise<Outcome<z.input<typeof Config>>> {
  const current = await currentConfiguration(db);
  if (!current)
    return refuse(
      "NOT_FOUND",
      "No configuration is in force yet.",
      "An administrator imports change-mgmt.yaml with `config import`.",
    );
  const change =
    current.changeId === null
      ? undefined
      : await db.selectFrom("change_requests").select("number").where("id", "=", current.changeId).executeTakeFirst();
  return accept({
    version: current.version,
    hash: current.hash,
    workspace: current.document.workspace,
    process: current.document.process,
    postgres: current.document.postgres ?? null,
    folder: current.folder,
    teams: current.document.teams.map(({ name, title }) => ({ name, title })),
    components: current.document.components.map(({ name, path, team, board = null }) => ({ name, path, team, board })),
    environments: await environments(db),
    commands: Object.entries(current.document.commands)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { run, verify = null, rollback = null, workingFolder, timeoutSeconds }]) => ({
        name,
        run,
        verify,
        rollback,
        workingFolder,
        timeoutSeconds,
      })),
    importedBy: current.importedBy,
    importedAt: current.importedAt,
    change: change?.number ?? null,
  });
}
