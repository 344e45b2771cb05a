import type { ChangeSummary, Deployment, ListChanges } from "@change-mgmt/api/changes.ts";
import type { CitedFile } from "@change-mgmt/domain/change/attachment.ts";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { STATUSES, type Status } from "@change-mgmt/domain/change/status.ts";
import { triesOf } from "@change-mgmt/domain/lifecycle/deployment/tries.ts";
import { stageOf } from "@change-mgmt/domain/process/transition.ts";
import { excerptOf } from "@change-mgmt/domain/search/excerpt.ts";
import { partsOf } from "@change-mgmt/domain/search/parts.ts";
import { readQuery } from "@change-mgmt/domain/search/query.ts";
import { sql } from "kysely";
import type { z } from "zod";
import { ID_KEY, pageOf, readCursor } from "../commands/cursor.ts";
import type { ProcessLibrary } from "../storage/process-record.ts";
import { findFew, loadSearched, searchQuery } from "../storage/search-record.ts";
import type { Db } from "../storage/store.ts";
import { together } from "../storage/together.ts";
import { watchView } from "./monitoring/watch-view.ts";

type Summary = z.input<typeof ChangeSummary>;
type DeploymentView = z.input<typeof Deployment>;

const OVER: readonly Status[] = ["closed", "cancelled", "rejected"];

/**
 * A page of changes, newest first where nothing else is asked for, by keyset over the id; the cost of a page does not grow with how far
 * it is. With `q` only what is found by it, each with why.
 */
export async function listChanges(
  db: Db,
  processes: ProcessLibrary,
  query: z.output<typeof ListChanges>,
): Promise<Outcome<{ items: Summary[]; nextCursor: string | null }>> {
  const after = readCursor(query.cursor, ID_KEY);
  if (!after.ok) return after;
  const statuses = query.status?.split(",").map((status) => status.trim());
  const unknown = statuses?.find((status) => !(STATUSES as readonly string[]).includes(status));
  if (unknown !== undefined) {
    return refuse("INPUT_INVALID", `There is no status "${unknown}".`, `Statuses: ${STATUSES.join(", ")}.`, {
      place: { pointer: "/query/status" },
    });
  }
  const oldest = query.order === "oldest";
  const terms = readQuery(query.q ?? "");
  const sought = searchQuery(terms);
  const found = sought === undefined ? undefined : await findFew(db, terms);
  const few = found && onlySearched(query) ? pageOfIds(found, query, after.value) : found;
  if (few?.length === 0) return accept({ items: [], nextCursor: null });
  let select = db
    .selectFrom("change_requests as c")
    .innerJoin("workflow_states as w", "w.change_id", "c.id")
    .select([
      "c.id",
      "c.number",
      "c.process_name",
      "c.process_hash",
      "c.title",
      "c.type",
      "c.priority",
      "c.status",
      "w.current_step",
      "c.team",
      "c.requester",
      "c.assignee",
      "c.breaking",
      "c.version",
      "c.created_at",
      "c.updated_at",
    ])
    .orderBy("c.id", oldest ? "asc" : "desc")
    .limit(query.limit + 1);
  if (after.value !== undefined) select = select.where("c.id", oldest ? ">" : "<", after.value);
  if (few !== undefined) select = select.where("c.id", "in", [...few]);
  else if (sought !== undefined) {
    select = select
      .innerJoin("change_search as s", "s.change_id", "c.id")
      .where(sql<boolean>`s.document @@ ${sought}::tsquery`);
  }
  if (statuses !== undefined) select = select.where("c.status", "in", statuses);
  if (query.active === true) select = select.where("c.status", "not in", [...OVER]);
  if (query.type !== undefined) select = select.where("c.type", "=", query.type);
  if (query.team !== undefined) select = select.where("c.team", "=", query.team);
  if (query.requester !== undefined) select = select.where("c.requester", "=", query.requester);
  if (query.assignee !== undefined) select = select.where("c.assignee", "=", query.assignee);
  if (query.component !== undefined) select = select.where(sql<boolean>`c.components @> ARRAY[${query.component}]`);
  const { items, nextCursor } = pageOf(await select.execute(), query.limit, (row) => row.id);
  const titles = new Map<string, (stage: string) => string>();
  for (const hash of new Set(items.map((row) => row.process_hash))) {
    const process = await processes.pinned(db, hash);
    titles.set(hash, (stage) => stageOf(process, stage).title);
  }
  const searched =
    sought === undefined
      ? undefined
      : await loadSearched(
          db,
          items.map((row) => row.id),
        );
  const whyFound = (id: string) => {
    const found = searched?.get(id);
    return found ? (excerptOf(partsOf(found), terms) ?? null) : null;
  };
  return accept({
    nextCursor,
    items: items.map((row) => ({
      ...(searched ? { match: whyFound(row.id) } : {}),
      id: row.id,
      number: row.number,
      process: row.process_name,
      title: row.title,
      type: row.type,
      priority: row.priority,
      status: row.status as Status,
      stage: row.current_step,
      stageTitle: titles.get(row.process_hash)!(row.current_step),
      team: row.team,
      requester: row.requester,
      assignee: row.assignee,
      breaking: row.breaking,
      version: row.version,
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
    })),
  });
}

/** Whether nothing but the search decides what is found. */
function onlySearched({ q, cursor, limit, order, ...filters }: z.output<typeof ListChanges>): boolean {
  return Object.values(filters).every((filter) => filter === undefined);
}

/** Those of the ids that are on a page, and one more. Ids of changes are in the order of creation. */
function pageOfIds(
  ids: readonly string[],
  { order, limit }: z.output<typeof ListChanges>,
  after: string | undefined,
): string[] {
  const inOrder = ids.toSorted();
  if (order !== "oldest") inOrder.reverse();
  const from = after === undefined ? 0 : inOrder.findIndex((id) => (order === "oldest" ? id > after : id < after));
  return from < 0 ? [] : inOrder.slice(from, from + limit + 1);
}

/** Comments of a change, oldest first. */
export async function listComments(db: Db, changeId: string, query: { cursor?: string | undefined; limit: number }) {
  const after = readCursor(query.cursor, ID_KEY);
  if (!after.ok) return after;
  let select = db
    .selectFrom("change_comments")
    .selectAll()
    .where("change_id", "=", changeId)
    .orderBy("id")
    .limit(query.limit + 1);
  if (after.value !== undefined) select = select.where("id", ">", after.value);
  const { items, nextCursor } = pageOf(await select.execute(), query.limit, (row) => row.id);
  return accept({
    nextCursor,
    items: items.map(({ id, author, text, created_at, files }) => ({
      id,
      author,
      text,
      at: created_at.toISOString(),
      files: files as CitedFile[],
    })),
  });
}

const LINES = 500;

/** Deployments by id or of a change, newest first, with their steps and the newest lines of output of each, and the watch of each, in five queries. */
export async function loadDeployments(
  db: Db,
  by: { readonly id: string } | { readonly changeId: string },
): Promise<DeploymentView[]> {
  let select = db
    .selectFrom("deployments as d")
    .innerJoin("change_requests as c", "c.id", "d.change_id")
    .selectAll("d")
    .select("c.number")
    .orderBy("d.id", "desc")
    .limit(100);
  select = "id" in by ? select.where("d.id", "=", by.id) : select.where("d.change_id", "=", by.changeId);
  const rows = await select.execute();
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const [steps, signOffs, lines, watches] = await together(db, [
    db.selectFrom("deployment_steps").selectAll().where("deployment_id", "in", ids).orderBy("position").compile(),
    db.selectFrom("sign_offs").select(["deployment_id", "step"]).where("deployment_id", "in", ids).compile(),
    sql<{ deployment_id: string; step: string; line: string }>`
      SELECT deployment_id, step, line FROM (
        SELECT o.*, row_number() OVER (PARTITION BY deployment_id ORDER BY id DESC) AS back
        FROM change_mgmt.deployment_output o WHERE deployment_id = ANY(${ids}::uuid[])) newest
      WHERE back <= ${LINES} ORDER BY id`.compile(db),
    db.selectFrom("deployment_watches").selectAll().where("deployment_id", "in", ids).compile(),
  ]);
  const signed = new Set(signOffs.map((one) => `${one.deployment_id} ${one.step}`));
  return rows.map((row) => {
    const watch = watches.find((one) => one.deployment_id === row.id);
    const own = steps.filter((step) => step.deployment_id === row.id);
    const tries = triesOf(
      row.attempt,
      own.map(({ step, attempt }) => ({ attempt, signedOff: signed.has(`${row.id} ${step}`) })),
    );
    return {
      id: row.id,
      change: row.number,
      environment: row.environment,
      direction: row.direction as DeploymentView["direction"],
      state: row.state as DeploymentView["state"],
      attempt: tries.deployment,
      requestedBy: row.requested_by,
      requestedAt: row.requested_at.toISOString(),
      startedAt: row.started_at?.toISOString() ?? null,
      finishedAt: row.finished_at?.toISOString() ?? null,
      paused:
        row.paused_by === null
          ? null
          : { by: row.paused_by, reason: row.pause_reason!, at: row.paused_at!.toISOString() },
      targetState: row.target_state,
      refusal: row.refusal as (Refusal & Record<string, unknown>) | null,
      watch: watch === undefined ? null : watchView(watch),
      steps: own.map((step, at) => ({
        id: step.step,
        title: step.title,
        state: step.state as DeploymentView["steps"][number]["state"],
        attempt: tries.steps[at]!,
        startedAt: step.started_at?.toISOString() ?? null,
        finishedAt: step.finished_at?.toISOString() ?? null,
        message: step.message,
        progress: step.progress as DeploymentView["steps"][number]["progress"],
        output: lines
          .filter((line) => line.deployment_id === row.id && line.step === step.step)
          .map((line) => line.line),
      })),
    };
  });
}
