import type { Artifact, Assessment, Change, Step, Vote } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Status } from "@change-mgmt/domain/change/status.ts";
import { componentsOf } from "@change-mgmt/domain/process/facts.ts";
import type { Facts, Process } from "@change-mgmt/domain/process/process.ts";
import type { Selectable } from "kysely";
import { isId } from "./ids.ts";
import { json } from "./json.ts";
import { keepSearchable } from "./search-record.ts";
import type { Db, Tx } from "./store.ts";
import type { Tables } from "./tables.ts";
import { keepUnderWay } from "./under-way-record.ts";

/** What `metadata` holds beside the columns. */
interface Metadata {
  readonly fields: Change["fields"];
  readonly assessment: Assessment | null;
  readonly facts: Facts;
  readonly environments: readonly string[];
}

/** Loads a change by its UUID or its number, with checklist and votes; locked until the transaction ends where asked. */
export async function loadChange(db: Db | Tx, reference: string, lock: boolean): Promise<Outcome<Change>> {
  let query = db
    .selectFrom("change_requests")
    .innerJoin("workflow_states", "workflow_states.change_id", "change_requests.id")
    .selectAll("change_requests")
    .select(["workflow_states.current_step", "workflow_states.step_data"])
    .where(isId(reference) ? "change_requests.id" : "change_requests.number", "=", reference);
  // Of a table that is joined and not locked, whoever has waited for the lock would get the row as it was before the waiting.
  if (lock) query = query.forUpdate(["change_requests", "workflow_states"]);
  // No text of the database has a U+0000; asked for one, Postgres breaks off the transaction.
  const row = reference.includes("\0") ? undefined : await query.executeTakeFirst();
  if (!row) {
    return refuse("CHANGE_UNKNOWN", `There is no change ${reference}.`, "Look at the list of changes for its number.", {
      place: { pointer: "/id" },
    });
  }
  const votes = await db
    .selectFrom("change_approvals")
    .selectAll()
    .where("change_id", "=", row.id)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return accept(changeOf(row, votes));
}

/** Loads several changes by their UUIDs, with checklists and votes, in two queries; those that do not exist are left out. */
export async function loadChanges(db: Db | Tx, ids: readonly string[]): Promise<Change[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("change_requests")
    .innerJoin("workflow_states", "workflow_states.change_id", "change_requests.id")
    .selectAll("change_requests")
    .select(["workflow_states.current_step", "workflow_states.step_data"])
    .where("change_requests.id", "in", ids)
    .execute();
  const votes = Map.groupBy(
    await db
      .selectFrom("change_approvals")
      .selectAll()
      .where("change_id", "in", ids)
      .orderBy("created_at")
      .orderBy("id")
      .execute(),
    (vote) => vote.change_id,
  );
  return rows.map((row) => changeOf(row, votes.get(row.id) ?? []));
}

type ChangeRow = Selectable<Tables["change_requests"]> & { readonly current_step: string; readonly step_data: unknown };

function changeOf(row: ChangeRow, votes: readonly Selectable<Tables["change_approvals"]>[]): Change {
  const metadata = row.metadata as Metadata;
  return {
    id: row.id,
    number: row.number,
    process: { name: row.process_name, version: row.process_version, hash: row.process_hash },
    title: row.title,
    description: row.description,
    type: row.type,
    priority: row.priority,
    requester: row.requester,
    assignee: row.assignee,
    team: row.team,
    status: row.status as Status,
    stage: row.current_step,
    fields: metadata.fields,
    artifacts: row.artifacts as Artifact[],
    environments: metadata.environments,
    contentHash: row.content_hash,
    assessment: metadata.assessment,
    steps: row.step_data as Step[],
    votes: votes.map(
      (vote): Vote => ({
        id: vote.id,
        requirement: vote.requirement,
        ...(vote.environment === null ? {} : { environment: vote.environment }),
        voter: vote.voter,
        decision: vote.decision as Vote["decision"],
        ...(vote.comment === null ? {} : { comment: vote.comment }),
        contentHash: vote.content_hash,
        at: vote.created_at.toISOString(),
      }),
    ),
    facts: metadata.facts,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** Writes a change that is new, or one that was loaded and locked, and what of it is searched, its comments among them. */
export async function saveChange(tx: Tx, change: Change, process: Process, isNew: boolean): Promise<void> {
  const metadata: Metadata = {
    fields: change.fields,
    assessment: change.assessment,
    facts: change.facts,
    environments: change.environments,
  };
  const row = {
    process_name: change.process.name,
    process_version: change.process.version,
    process_hash: change.process.hash,
    title: change.title,
    description: change.description,
    type: change.type,
    priority: change.priority,
    assignee: change.assignee,
    team: change.team,
    status: change.status,
    breaking: change.facts.breaking === true,
    components: [...componentsOf(process, change.fields)],
    metadata: json<unknown>(metadata),
    artifacts: json<unknown>(change.artifacts),
    content_hash: change.contentHash,
    version: change.version,
    updated_at: new Date(change.updatedAt),
  };
  const state = {
    current_step: change.stage,
    step_data: json<unknown>(change.steps),
    updated_at: new Date(change.updatedAt),
  };
  if (isNew) {
    const made = {
      ...row,
      id: change.id,
      number: change.number,
      requester: change.requester,
      created_at: new Date(change.createdAt),
    };
    await tx
      .with("saved", (also) => also.insertInto("change_requests").values(made))
      .insertInto("workflow_states")
      .values({ ...state, change_id: change.id, created_at: new Date(change.createdAt) })
      .execute();
  } else {
    await tx
      .with("saved", (also) => also.updateTable("change_requests").set(row).where("id", "=", change.id))
      .updateTable("workflow_states")
      .set(state)
      .where("change_id", "=", change.id)
      .execute();
  }
  await keepSearchable(tx, change);
  await keepUnderWay(tx, change);
}

/** Writes the votes that a change has and the database does not have yet. */
export async function saveVotes(tx: Tx, change: Change, before: readonly Vote[]): Promise<void> {
  const known = new Set(before.map((vote) => vote.id));
  const added = change.votes.filter((vote) => !known.has(vote.id));
  if (added.length === 0) return;
  await tx
    .insertInto("change_approvals")
    .values(
      added.map((vote) => ({
        id: vote.id,
        change_id: change.id,
        requirement: vote.requirement,
        environment: vote.environment ?? null,
        voter: vote.voter,
        decision: vote.decision,
        comment: vote.comment ?? null,
        content_hash: vote.contentHash,
        created_at: new Date(vote.at),
      })),
    )
    .execute();
}
