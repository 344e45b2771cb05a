import type { Drift } from "@change-mgmt/api/workspace.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { judgeDrift, type TouchedTables } from "@change-mgmt/domain/lifecycle/deployment/drift.ts";
import { checkFree } from "@change-mgmt/domain/lifecycle/deployment/occupied.ts";
import { members } from "@change-mgmt/domain/process/conditions.ts";
import { compareSchemas } from "@change-mgmt/domain/schema/diff.ts";
import { type SchemaModel, schemaHash } from "@change-mgmt/domain/schema/model.ts";
import type { z } from "zod";
import { readSchema } from "../../assets/databases/read-schema.ts";
import type { Targets } from "../../assets/databases/target.ts";
import { loadChange } from "../../storage/change-record.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import { loadOccupied } from "../../storage/situation-record.ts";
import type { Db } from "../../storage/store.ts";

/** So many differences are named; a schema that is another one altogether is not read to its end by anybody. */
const NAMED = 200;
const CHANGES = 200;

/**
 * Looks at the schema of an environment as it is now, read-only, and says what differs from the last known one. Refusals: NOT_FOUND,
 * ENVIRONMENT_BUSY while a deployment is at work there, and those of opening a target and of reading its schema.
 */
export async function readDrift(db: Db, targets: Targets, name: string): Promise<Outcome<z.input<typeof Drift>>> {
  const document = (await currentConfiguration(db))?.document;
  const environment = document?.environments.find((one) => one.name === name);
  if (!document || !environment)
    return refuse("NOT_FOUND", `There is no environment "${name}".`, "Look at the list of environments.");
  const free = checkFree({ occupied: await loadOccupied(db) }, name);
  if (!free.ok) return free;
  const opened = await targets.open(environment);
  if (!opened.ok) return opened;
  const session = opened.value;
  let found: SchemaModel;
  try {
    const read = await readSchema(session, environment);
    if (!read.ok) return read;
    found = read.value;
  } finally {
    await session.close();
  }
  const last = await db
    .selectFrom("schema_snapshots")
    .select(["model", "hash", "created_at"])
    .where("environment", "=", name)
    .where("purpose", "in", ["after", "baseline"])
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  const foundHash = schemaHash(found);
  const answer = { environment: name, foundHash };
  if (last === undefined)
    return accept({ ...answer, knownHash: null, knownAt: null, drifted: false, differences: [], more: 0 });
  const teams = Object.fromEntries(document.components.map(({ name: component, team }) => [component, team]));
  const known = last.model as unknown as SchemaModel;
  const drift = judgeDrift(known, found, await touchedIn(db, name), teams);
  return accept({
    ...answer,
    knownHash: last.hash,
    knownAt: last.created_at.toISOString(),
    // A deployment passes over another order of columns, with a note.
    drifted: compareSchemas(known, found) === "differs",
    differences: drift.slice(0, NAMED).map(({ affected, ...difference }) => ({
      ...difference,
      affected: affected.map((one) => ({ ...one, changes: [...one.changes] })),
    })),
    more: Math.max(0, drift.length - NAMED),
  });
}

interface Report {
  readonly statements?: readonly { readonly locks: readonly { readonly relation: string }[] }[];
  readonly schemaChange?: readonly { readonly kind?: string; readonly object: string }[];
}

/** The tables of the changes that are deployed to an environment, by their rehearsals, newest first. */
async function touchedIn(db: Db, environment: string): Promise<TouchedTables[]> {
  const rows = await db
    .selectFrom("change_environments as e")
    .innerJoin("change_requests as c", "c.id", "e.change_id")
    .innerJoin("rehearsals as r", (join) =>
      join.onRef("r.change_id", "=", "c.id").onRef("r.content_hash", "=", "c.content_hash"),
    )
    .select(["c.id", "r.report"])
    .where("e.environment", "=", environment)
    .where("e.state", "=", "deployed")
    .orderBy("e.updated_at", "desc")
    .limit(CHANGES)
    .execute();
  const touched: TouchedTables[] = [];
  for (const { id, report } of rows) {
    const change = await loadChange(db, id);
    if (!change.ok) continue;
    const { statements = [], schemaChange = [] } = report as unknown as Report;
    const locked = statements.flatMap(({ locks }) => locks.map(({ relation }) => relation));
    const made = schemaChange.filter(({ kind }) => kind === "table").map(({ object }) => object);
    touched.push({
      change: change.value.number,
      components: members(change.value.facts.component ?? []).map(String),
      tables: [...new Set([...locked, ...made])],
    });
  }
  return touched;
}
