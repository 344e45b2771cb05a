import type { Artifact, Assessment, Change, Recusal, Step, Vote } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Status } from "@change-mgmt/domain/change/status.ts";
import type { Move } from "@change-mgmt/domain/lifecycle/reopening.ts";
import { componentsOf } from "@change-mgmt/domain/process/facts.ts";
import type { Facts, Process } from "@change-mgmt/domain/process/process.ts";
import { type CompiledQuery, type RawBuilder, type Selectable, sql } from "kysely";
import { isId, newId } from "./ids.ts";
import { json } from "./json.ts";
import { isSearchedAlike, searchWrites } from "./search-record.ts";
import type { Db, Tx } from "./store.ts";
import type { Tables } from "./tables.ts";
import { together } from "./together.ts";
import { keepUnderWay } from "./under-way-record.ts";

/** What `metadata` holds beside the columns. */
interface Metadata {
  readonly fields: Change["fields"];
  readonly assessment: Assessment | null;
  readonly facts: Facts;
  readonly environments: readonly string[];
  readonly recusals?: readonly Recusal[];
  readonly asked?: NonNullable<Change["asked"]>;
}

/** Loads a change by its UUID or its number, with checklist and votes. */
export async function loadChange(db: Db | Tx, reference: string): Promise<Outcome<Change>> {
  if (!couldBeReference(reference)) return unknownChange(reference);
  return changeFrom(reference, ...(await together(db, changeQueries(db, reference, false))));
}

/**
 * The statements that load a change by its UUID or its number, for `changeFrom`; it is locked until the transaction ends where asked. Those
 * behind the first see what was committed while it waited for the lock.
 */
export function changeQueries(
  db: Db | Tx,
  reference: string,
  lock: boolean,
): [CompiledQuery<ChangeRow>, CompiledQuery<VoteRow>] {
  const query = db
    .selectFrom("change_requests")
    .innerJoin("workflow_states", "workflow_states.change_id", "change_requests.id")
    .selectAll("change_requests")
    .select(["workflow_states.current_step", "workflow_states.step_data"])
    .where(isId(reference) ? "change_requests.id" : "change_requests.number", "=", reference);
  // Of a table that is joined and not locked, whoever has waited for the lock would get the row as it was before the waiting.
  const change = lock ? query.forUpdate(["change_requests", "workflow_states"]) : query;
  const votes = db
    .selectFrom("change_approvals")
    .selectAll()
    .where("change_id", "=", idOf(reference))
    .orderBy("created_at")
    .orderBy("id");
  return [change.compile(), votes.compile()];
}

/** A change as the rows say that `changeQueries` answered with. */
export function changeFrom(reference: string, rows: readonly ChangeRow[], votes: readonly VoteRow[]): Outcome<Change> {
  return rows[0] ? accept(changeOf(rows[0], votes)) : unknownChange(reference);
}

/** Whether the database can be asked for it: no text there has a U+0000, and asked for one, Postgres breaks off the transaction. */
export function couldBeReference(reference: string): boolean {
  return !reference.includes("\0");
}

/** The UUID of the change that a UUID or a number names, as an expression; null where there is none. */
export function idOf(reference: string): RawBuilder<string> {
  return isId(reference)
    ? sql<string>`${reference}::uuid`
    : sql<string>`(SELECT id FROM change_mgmt.change_requests WHERE number = ${reference})`;
}

/** The refusal of a reference that names no change. */
export function unknownChange(reference: string): Refused {
  return refuse("CHANGE_UNKNOWN", `There is no change ${reference}.`, "Look at the list of changes for its number.", {
    place: { pointer: "/id" },
  });
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
type VoteRow = Selectable<Tables["change_approvals"]>;

function changeOf(row: ChangeRow, votes: readonly VoteRow[]): Change {
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
        ...(vote.given_for === null ? {} : { for: vote.given_for }),
        decision: vote.decision as Vote["decision"],
        ...(vote.comment === null ? {} : { comment: vote.comment }),
        contentHash: vote.content_hash,
        at: vote.created_at.toISOString(),
        ...(vote.meeting_id === null ? {} : { meeting: { id: vote.meeting_id, present: vote.meeting_present ?? [] } }),
        ...(vote.withdrawn_at === null
          ? {}
          : { withdrawn: { at: vote.withdrawn_at.toISOString(), by: vote.withdrawn_by ?? vote.voter } }),
      }),
    ),
    ...(metadata.recusals === undefined ? {} : { recusals: metadata.recusals }),
    ...(metadata.asked === undefined ? {} : { asked: metadata.asked }),
    facts: metadata.facts,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** The statements that write a change which is new, or which was loaded as `before` and locked, with its votes and what of it is searched. */
export async function changeWrites(
  tx: Tx,
  change: Change,
  process: Process,
  before: Change | undefined,
): Promise<CompiledQuery<unknown>[]> {
  const searched = isSearchedAlike(before, change) ? [] : await searchWrites(tx, change, before);
  return [
    before === undefined ? insertChange(tx, change, process) : updateChange(tx, change, process, before),
    ...searched,
    keepUnderWay(tx, change),
    ...withdrawnVotes(tx, change, before?.votes ?? []),
    ...addedVotes(tx, change, before?.votes ?? []),
  ];
}

function insertChange(tx: Tx, change: Change, process: Process): CompiledQuery<unknown> {
  const made = {
    ...rowOf(change, process),
    id: change.id,
    number: change.number,
    requester: change.requester,
    created_at: new Date(change.createdAt),
  };
  return tx
    .with("saved", (also) => also.insertInto("change_requests").values(made))
    .insertInto("workflow_states")
    .values({ ...stateOf(change), change_id: change.id, created_at: new Date(change.createdAt) })
    .compile();
}

function updateChange(tx: Tx, change: Change, process: Process, before: Change): CompiledQuery<unknown> {
  return (
    tx
      .with("saved", (also) =>
        also.updateTable("change_requests").set(rowOf(change, process)).where("id", "=", change.id),
      )
      // A search document that said what the change was before says the same of what it is now.
      .with("searched", (also) =>
        also
          .updateTable("change_search")
          .set({ change_version: change.version })
          .where("change_id", "=", change.id)
          .where("change_version", "=", before.version),
      )
      .updateTable("workflow_states")
      .set(stateOf(change))
      .where("change_id", "=", change.id)
      .compile()
  );
}

function stateOf(change: Change) {
  return {
    current_step: change.stage,
    step_data: json<unknown>(change.steps),
    updated_at: new Date(change.updatedAt),
  };
}

function rowOf(change: Change, process: Process) {
  const metadata: Metadata = {
    fields: change.fields,
    assessment: change.assessment,
    facts: change.facts,
    environments: change.environments,
    ...((change.recusals ?? []).length === 0 ? {} : { recusals: change.recusals! }),
    ...(change.asked === undefined ? {} : { asked: change.asked }),
  };
  return {
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
}

/** The statement that tells of the moves of a change, where it made any. */
export function historyRows(
  tx: Tx,
  changeId: string,
  moves: readonly Move[],
  { by, at }: { readonly by: string; readonly at: Date },
): CompiledQuery<unknown>[] {
  if (moves.length === 0) return [];
  const rows = moves.map((move) => ({
    id: newId(),
    change_id: changeId,
    from_stage: move.from,
    to_stage: move.to,
    from_status: move.fromStatus,
    to_status: move.toStatus,
    trigger: move.trigger,
    actor: by,
    created_at: at,
  }));
  return [tx.insertInto("change_history").values(rows).compile()];
}

/** The statements that mark the votes which have been withdrawn since. */
function withdrawnVotes(tx: Tx, change: Change, before: readonly Vote[]): CompiledQuery<unknown>[] {
  const stood = new Set(before.filter((vote) => vote.withdrawn === undefined).map((vote) => vote.id));
  return change.votes
    .filter((vote) => vote.withdrawn !== undefined && stood.has(vote.id))
    .map(({ id, withdrawn }) =>
      tx
        .updateTable("change_approvals")
        .set({ withdrawn_at: new Date(withdrawn!.at), withdrawn_by: withdrawn!.by })
        .where("id", "=", id)
        .compile(),
    );
}

/** The statement that writes the votes a change has and the database does not have yet. */
function addedVotes(tx: Tx, change: Change, before: readonly Vote[]): CompiledQuery<unknown>[] {
  const known = new Set(before.map((vote) => vote.id));
  const added = change.votes.filter((vote) => !known.has(vote.id));
  if (added.length === 0) return [];
  const rows = added.map((vote) => ({
    id: vote.id,
    change_id: change.id,
    requirement: vote.requirement,
    environment: vote.environment ?? null,
    voter: vote.voter,
    given_for: vote.for ?? null,
    decision: vote.decision,
    comment: vote.comment ?? null,
    content_hash: vote.contentHash,
    created_at: new Date(vote.at),
    withdrawn_at: null,
    withdrawn_by: null,
    meeting_id: vote.meeting?.id ?? null,
    meeting_present: vote.meeting === undefined ? null : json([...vote.meeting.present]),
  }));
  return [tx.insertInto("change_approvals").values(rows).compile()];
}
