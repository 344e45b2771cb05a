import type { Rehearsal, Validation } from "@change-mgmt/api/changes.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Status } from "@change-mgmt/domain/change/status.ts";
import { checkDuty } from "@change-mgmt/domain/identity/duties.ts";
import { checkPermission, type Permission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { validateChange } from "@change-mgmt/domain/lifecycle/implementation/validation.ts";
import { moveBy } from "@change-mgmt/domain/lifecycle/settle.ts";
import type { z } from "zod";
import type { Targets } from "../assets/databases/target.ts";
import type { Door } from "../commands/execute.ts";
import type { Call, Handlers } from "../commands/handler.ts";
import { loadChange } from "../storage/change-record.ts";
import { isId } from "../storage/ids.ts";
import type { ProcessLibrary } from "../storage/process-record.ts";
import { loadSituation } from "../storage/situation-record.ts";
import type { Db } from "../storage/store.ts";
import { castVote } from "./approval/cast-vote.ts";
import { recuse } from "./approval/recuse.ts";
import { reworkChange } from "./approval/rework-change.ts";
import { withdrawVote } from "./approval/withdraw-vote.ts";
import { assessChange } from "./assessment/assess-change.ts";
import { targetEvidence, targetNow } from "./assessment/target-evidence.ts";
import { listChanges, listComments, loadDeployments } from "./change-queries.ts";
import { viewChange } from "./change-view.ts";
import { pauseDeployment, resumeDeployment } from "./deployment/pause-deployment.ts";
import { readConflicts } from "./deployment/planned.ts";
import { readyToDeploy, requestDeployment } from "./deployment/request-deployment.ts";
import { requestRollback } from "./deployment/request-rollback.ts";
import { scheduleDeployment, unscheduleDeployment } from "./deployment/schedule-deployment.ts";
import { signOffStep, stopDeployment } from "./deployment/stop-deployment.ts";
import { addStep } from "./implementation/add-step.ts";
import { completeStep } from "./implementation/complete-step.ts";
import { submitReport } from "./implementation/submit-report.ts";
import { closeChange } from "./monitoring/close-change.ts";
import { endWatch } from "./monitoring/end-watch.ts";
import { readOverview } from "./overview.ts";
import { cancelChange } from "./requests/cancel-change.ts";
import { commentOnChange } from "./requests/comment-on-change.ts";
import { createChange } from "./requests/create-change.ts";
import { editChange } from "./requests/edit-change.ts";
import { submitChange } from "./requests/submit-change.ts";

export interface RouteTools {
  readonly db: Db;
  readonly door: Door;
  readonly processes: ProcessLibrary;
  readonly targets: Targets;
}

type AnyCall = Pick<Call<"changes.get">, "actor" | "idempotencyKey" | "expectedVersion">;

/** Everything one can ask of changes and deployments over HTTP; each act is a command through the door. */
export function changeRoutes({ db, door, processes, targets }: RouteTools): Handlers {
  const view = (id: string, actor: Actor) => viewChange(db, processes, id, actor, new Date());
  const request = ({ actor, idempotencyKey, expectedVersion }: AnyCall) => ({ actor, idempotencyKey, expectedVersion });
  const thenView = async (outcome: Promise<Outcome<{ id: string }>>, { actor }: AnyCall) => {
    const done = await outcome;
    return done.ok ? await view(done.value.id, actor) : done;
  };
  const thenDeployment = async (outcome: Promise<Outcome<{ deployment: string }>>) => {
    const done = await outcome;
    return done.ok ? await deployment(db, done.value.deployment) : done;
  };
  const onDeployment = async (
    { params: { id } }: { readonly params: { readonly id: string } },
    act: (at: { id: string; deployment: string }) => Promise<Outcome<{ deployment: string }>>,
  ) => {
    const row = isId(id)
      ? await db.selectFrom("deployments").select("change_id").where("id", "=", id).executeTakeFirst()
      : undefined;
    return row ? await thenDeployment(act({ id: row.change_id, deployment: id })) : unknownDeployment(id);
  };
  return {
    "changes.create": (call) => thenView(door.execute(createChange, call.body, request(call)), call),
    "changes.list": (call) => allowed(call.actor, "change.read", () => listChanges(db, processes, call.query)),
    "changes.get": (call) => allowed(call.actor, "change.read", () => view(call.params.id, call.actor)),
    "changes.edit": (call) =>
      thenView(door.execute(editChange, { ...call.body, id: call.params.id }, request(call)), call),
    "changes.submit": (call) => thenView(door.execute(submitChange, { id: call.params.id }, request(call)), call),
    "changes.assess": (call) =>
      thenView(door.execute(assessChange, { ...call.body, id: call.params.id }, request(call)), call),
    "changes.completeStep": (call) =>
      thenView(
        door.execute(completeStep, { ...call.body, id: call.params.id, step: call.params.stepId }, request(call)),
        call,
      ),
    "changes.addStep": (call) =>
      thenView(door.execute(addStep, { ...call.body, id: call.params.id }, request(call)), call),
    "changes.vote": (call) =>
      thenView(door.execute(castVote, { ...call.body, id: call.params.id }, request(call)), call),
    "changes.withdraw": (call) =>
      thenView(door.execute(withdrawVote, { ...call.body, id: call.params.id }, request(call)), call),
    "changes.recuse": (call) =>
      thenView(door.execute(recuse, { ...call.body, id: call.params.id }, request(call)), call),
    "changes.rework": (call) =>
      thenView(door.execute(reworkChange, { ...call.body, id: call.params.id }, request(call)), call),
    "changes.cancel": (call) =>
      thenView(door.execute(cancelChange, { ...call.body, id: call.params.id }, request(call)), call),
    "changes.close": (call) =>
      thenView(door.execute(closeChange, { ...call.body, id: call.params.id }, request(call)), call),
    "changes.status": (call) => thenView(toStatus(door, call, request(call)), call),
    "changes.deploy": async (call) => {
      const { body, params } = call;
      if (body.dryRun) return await dryRun({ db, door, processes, targets }, params.id, body.environment, call.actor);
      return await thenDeployment(door.execute(requestDeployment, { ...body, id: params.id }, request(call)));
    },
    "changes.conflicts": (call) =>
      allowed(call.actor, "change.read", () => readConflicts(db, processes, call.params.id, call.query, new Date())),
    "changes.schedule": (call) =>
      thenView(door.execute(scheduleDeployment, { ...call.body, id: call.params.id }, request(call)), call),
    "changes.unschedule": (call) =>
      thenView(door.execute(unscheduleDeployment, { ...call.body, id: call.params.id }, request(call)), call),
    "changes.rollback": (call) =>
      thenDeployment(door.execute(requestRollback, { ...call.body, id: call.params.id }, request(call))),
    "changes.signOff": (call) =>
      thenDeployment(door.execute(signOffStep, { ...call.body, id: call.params.id }, request(call))),
    "changes.comments": (call) =>
      allowed(call.actor, "change.read", async () => {
        const found = await loadChange(db, call.params.id);
        return found.ok ? await listComments(db, found.value.id, call.query) : found;
      }),
    "changes.comment": (call) => door.execute(commentOnChange, { ...call.body, id: call.params.id }, request(call)),
    "changes.validation": (call) => allowed(call.actor, "change.read", () => validation(db, processes, call.params.id)),
    "changes.report": async (call) => {
      const done = await door.execute(submitReport, { ...call.body, id: call.params.id }, request(call));
      return done.ok ? await validation(db, processes, done.value.id) : done;
    },
    "changes.deployments": (call) =>
      allowed(call.actor, "change.read", async () => {
        const found = await loadChange(db, call.params.id);
        return found.ok ? accept({ items: await loadDeployments(db, { changeId: found.value.id }) }) : found;
      }),
    overview: (call) =>
      allowed(call.actor, "change.read", async () => accept(await readOverview(db, processes, call.actor, new Date()))),
    "deployments.get": (call) => allowed(call.actor, "change.read", () => deployment(db, call.params.id)),
    "deployments.cancel": (call) =>
      onDeployment(call, (at) => door.execute(stopDeployment, { ...call.body, ...at }, request(call))),
    "deployments.pause": (call) =>
      onDeployment(call, (at) => door.execute(pauseDeployment, { ...call.body, ...at }, request(call))),
    "deployments.endWatch": (call) =>
      onDeployment(call, (at) => door.execute(endWatch, { ...call.body, ...at }, request(call))),
    "deployments.resume": (call) => onDeployment(call, (at) => door.execute(resumeDeployment, at, request(call))),
  };
}

/** Answers a question when the asker may ask it. */
export async function allowed<T>(
  actor: Actor,
  permission: Permission,
  answer: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const permitted = checkPermission(actor, permission);
  return permitted.ok ? await answer() : permitted;
}

async function deployment(db: Db, id: string) {
  const [found] = isId(id) ? await loadDeployments(db, { id }) : [];
  return found ? accept(found) : unknownDeployment(id);
}

function unknownDeployment(id: string) {
  return refuse("NOT_FOUND", `There is no deployment ${id}.`, "The change names its deployments.");
}

/** `PUT status` runs the act that leads to the status, and nothing else does. */
async function toStatus(
  door: Door,
  { params: { id }, body }: Call<"changes.status">,
  request: Parameters<Door["execute"]>[2],
): Promise<Outcome<{ id: string }>> {
  const { status, environment, reason, impact, contentHash } = body;
  const needed = (name: string, value: string | undefined) =>
    value === undefined
      ? refuse("INPUT_INVALID", `To bring a change to ${status}, "${name}" is needed.`, `Give ${name}.`, {
          place: { pointer: `/${name}` },
        })
      : accept(value);
  const withChange = async (outcome: Promise<Outcome<unknown>>): Promise<Outcome<{ id: string }>> => {
    const done = await outcome;
    return done.ok ? accept({ id }) : done;
  };
  const acts: Partial<Record<Status, () => Promise<Outcome<{ id: string }>>>> = {
    submitted: () => door.execute(submitChange, { id }, request),
    assessing: () =>
      given(needed("impact", impact), (text) => door.execute(assessChange, { id, impact: text }, request)),
    implementing: () =>
      given(needed("reason", reason), (text) => door.execute(reworkChange, { id, reason: text }, request)),
    approved: () =>
      given(needed("contentHash", contentHash), (hash) =>
        door.execute(
          castVote,
          { id, decision: "approve", contentHash: hash, ...(reason === undefined ? {} : { comment: reason }) },
          request,
        ),
      ),
    rejected: () =>
      given(needed("contentHash", contentHash), (hash) =>
        door.execute(
          castVote,
          { id, decision: "reject", contentHash: hash, ...(reason === undefined ? {} : { comment: reason }) },
          request,
        ),
      ),
    deploying: () =>
      given(needed("environment", environment), (name) =>
        withChange(door.execute(requestDeployment, { id, environment: name }, request)),
      ),
    rolling_back: () =>
      given(needed("environment", environment), (name) =>
        given(needed("reason", reason), (text) =>
          withChange(door.execute(requestRollback, { id, environment: name, reason: text }, request)),
        ),
      ),
    cancelled: () =>
      given(needed("reason", reason), (text) => door.execute(cancelChange, { id, reason: text }, request)),
    closed: () => door.execute(closeChange, { id, ...(reason === undefined ? {} : { summary: reason }) }, request),
  };
  const run = acts[status];
  if (run) return await run();
  return refuse(
    "STATUS_NOT_SET",
    `No act brings a change to "${status}"; it gets there by itself when its gates are open.`,
    `Statuses that an act leads to: ${Object.keys(acts).join(", ")}.`,
    { place: { pointer: "/status" } },
  );
}

async function given<T>(value: Outcome<string>, act: (text: string) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  return value.ok ? await act(value.value) : value;
}

/** Whether the gates are open for a deployment, and what it would do; nothing is reserved. */
async function dryRun({ db, processes, targets }: RouteTools, id: string, environment: string, actor: Actor) {
  const permitted = checkPermission(actor, "change.deploy");
  if (!permitted.ok) return permitted;
  const found = await loadChange(db, id);
  if (!found.ok) return found;
  const change = found.value;
  const process = await processes.pinned(db, change.process.hash);
  const duty = checkDuty(process.duties, change.requester, actor.handle, "deploy");
  if (!duty.ok) return duty;
  const now = new Date();
  const situation = await loadSituation(db, change, now);
  const ready = await readyToDeploy(db, change, situation, environment, () =>
    moveBy("deploy", change, { process, situation }, environment),
  );
  if (!ready.ok) return ready;
  const steps = change.artifacts.map((artifact) => ({
    id: artifact.id,
    title: artifact.name,
    state: "pending" as const,
    attempt: 0,
    startedAt: null,
    finishedAt: null,
    message: null,
    progress: null,
    output: [],
  }));
  return accept({
    id: "dry-run",
    change: change.number,
    environment,
    direction: "deploy" as const,
    state: "requested" as const,
    attempt: 0,
    requestedBy: actor.handle,
    requestedAt: now.toISOString(),
    startedAt: null,
    finishedAt: null,
    paused: null,
    targetState: "Nothing was done: every gate is open.",
    refusal: null,
    steps,
    onTarget: await targetNow(db, targets, change, ready.value.plan.environment),
  });
}

async function validation(db: Db, processes: ProcessLibrary, id: string): Promise<Outcome<z.input<typeof Validation>>> {
  const found = await loadChange(db, id);
  if (!found.ok) return found;
  const change = found.value;
  const process = await processes.pinned(db, change.process.hash);
  const situation = await loadSituation(db, change, new Date());
  const { result, checks } = validateChange(process, change, situation);
  const rows = await db
    .selectFrom("rehearsals")
    .selectAll()
    .where("change_id", "=", change.id)
    .where("content_hash", "=", change.contentHash)
    .orderBy("artifact")
    .execute();
  const rehearsals = rows.map(
    (row): z.input<typeof Rehearsal> => ({
      artifact: row.artifact,
      outcome: row.outcome as z.input<typeof Rehearsal>["outcome"],
      report: row.report as Record<string, unknown>,
      at: row.created_at.toISOString(),
    }),
  );
  const times = rehearsals.map((rehearsal) => rehearsal.at).sort();
  return accept({
    change: change.number,
    contentHash: change.contentHash,
    result,
    checks: [...checks],
    rehearsals,
    targets: await targetEvidence(db, change),
    at: times.at(-1) ?? null,
  });
}
