import { runLine } from "@change-mgmt/cli/testing/run-line.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { aTable } from "@change-mgmt/domain/testing/builders.ts";
import { type StartedHttp, startHttp } from "@change-mgmt/server/http/testing.ts";
import { castVote } from "@change-mgmt/server/lifecycle/approval/cast-vote.ts";
import { changeRoutes } from "@change-mgmt/server/lifecycle/change-routes.ts";
import { requestDeployment } from "@change-mgmt/server/lifecycle/deployment/request-deployment.ts";
import { runDeployment } from "@change-mgmt/server/lifecycle/deployment/run-deployment.ts";
import {
  beginScheduled,
  scheduleDeployment,
  unscheduleDeployment,
} from "@change-mgmt/server/lifecycle/deployment/schedule-deployment.ts";
import type { Store } from "@change-mgmt/server/storage/store.ts";
import {
  accepted,
  aQuickProcess,
  aSmallWorkspace,
  refused,
  type SmallWorkspace,
} from "@change-mgmt/server/testing/small-workspace.ts";
import { newEmbeddedStore } from "@change-mgmt/server/testing/stores.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const BEFORE = new Date("2026-12-23T12:00:00Z");
const FROZEN = new Date("2026-12-24T00:00:00Z");
const AFTER = new Date("2026-12-27T00:00:00Z");

const noTarget = async () => refuse("TARGET_UNREACHABLE", "No target here.", "Give one.");
const nowhere = { open: noTarget, remove: noTarget };
let store: Store;
let workspace: SmallWorkspace;
let http: StartedHttp;
let admin: Actor;
let now = BEFORE;
let ran: string[];
let id: string;

beforeAll(async () => {
  store = await newEmbeddedStore();
  const past = {
    id: "past-freeze",
    title: "Past a freeze",
    from: { roles: ["team-lead" as const] },
    count: 1,
    due: "bypass" as const,
  };
  const process = {
    ...aQuickProcess(),
    freezes: [{ id: "end-of-year", title: "End of the year", from: "12-24", to: "12-26", zone: "UTC" }],
    approvals: aTable("approvals", { requirements: [past] }),
  };
  workspace = await aSmallWorkspace(store, { process, now: () => now });
  await store.db.insertInto("user_roles").values({ handle: "admin", role: "operator" }).execute();
  admin = { ...workspace.people.admin, roles: ["administrator", "operator"] };
  const { door, processes } = workspace;
  http = await startHttp(changeRoutes({ db: store.db, door, processes, targets: nowhere }), {
    authenticate: async () => accept(admin),
  });
});

afterAll(async () => {
  await http?.app.close();
  await store?.close();
});

beforeEach(async () => {
  now = BEFORE;
  ran = [];
  id = await workspace.submitted();
});

/** Carries a deployment on as a worker would; its one step may fail in a way that is tried again. */
async function work(deployment: string, fails: boolean): Promise<unknown> {
  const plan = async () =>
    accept([
      {
        id: "a:apply",
        title: "Do it",
        async run() {
          ran.push("a:apply");
          if (!fails) return { state: "done" as const, output: null };
          const { refusal } = refuse("TARGET_UNREACHABLE", "The target is away.", "Wait.");
          return { state: "failed" as const, refusal, targetState: "Nothing was done.", retryable: true };
        },
      },
    ]);
  const tools = { db: store.db, door: workspace.door, targets: nowhere, plan };
  return await runDeployment(tools, deployment, new AbortController().signal, false).catch((error: Error) => error);
}

async function ended(deployment: string) {
  const row = await store.db
    .selectFrom("deployments")
    .select(["state", "refusal", "target_state"])
    .where("id", "=", deployment)
    .executeTakeFirstOrThrow();
  const { code } = (row.refusal ?? {}) as { code?: string };
  return { state: row.state, code, targetState: row.target_state };
}

const request = (environment = "staging") =>
  workspace.door.execute(requestDeployment, { id, environment }, { actor: admin });
const refusedToStart = { state: "failed", code: "FROZEN", targetState: "Nothing was done to the target." };

test("in a freeze an administrator is refused over HTTP and on the command line", async () => {
  now = FROZEN;
  const answer = await http.send(
    "POST",
    `/api/changes/${id}/deploy`,
    { environment: "staging" },
    { "idempotency-key": "f1" },
  );
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([409, "FROZEN"]);
  const line = await runLine(["deploy", id, "--environment=staging"], { server: http.url });
  expect(line.code).toBe(1);
  expect(line.stderr).toContain("[FROZEN]");
});

test("nothing is put down for a moment in a freeze, and what was put down before it began is refused when it should begin", async () => {
  const body = { environment: "staging", at: FROZEN.toISOString() };
  const answer = await http.send("POST", `/api/changes/${id}/schedule`, body, { "idempotency-key": "s1" });
  expect(((await answer.json()) as { code: string }).code).toBe("FROZEN");
  const line = await runLine(["schedule", id, "--environment=staging", "--at=2026-12-23T23:59:59Z"], {
    server: http.url,
  });
  expect(line.code).toBe(0);
  // The worker comes a moment too late.
  now = FROZEN;
  await beginScheduled(store.db, workspace.door, now);
  await beginScheduled(store.db, workspace.door, now);
  const seen = await http.client("changes.get", { params: { id } });
  expect(seen.scheduled).toMatchObject([{ state: "refused", code: "FROZEN", by: "admin" }]);
});

test("what was put down begins once, when its moment has come, and not when it was taken back", async () => {
  const put = (at: string) =>
    workspace.door.execute(scheduleDeployment, { id, environment: "staging", at }, { actor: admin });
  accepted(await put("2026-12-23T13:00:00Z"));
  expect(refused(await put("2026-12-23T14:00:00Z")).code).toBe("SCHEDULED_ALREADY");
  const back = { id, environment: "staging" };
  accepted(await workspace.door.execute(unscheduleDeployment, back, { actor: admin }));
  expect(refused(await workspace.door.execute(unscheduleDeployment, back, { actor: admin })).code).toBe(
    "NOT_SCHEDULED",
  );
  accepted(await put("2026-12-23T14:00:00Z"));
  const deployments = () => store.db.selectFrom("deployments").select("id").where("change_id", "=", id).execute();
  now = new Date("2026-12-23T13:30:00Z");
  await beginScheduled(store.db, workspace.door, now);
  expect(await deployments()).toEqual([]);
  now = new Date("2026-12-23T14:00:00Z");
  await Promise.all([beginScheduled(store.db, workspace.door, now), beginScheduled(store.db, workspace.door, now)]);
  const [begun, ...others] = await deployments();
  expect(others).toEqual([]);
  await work(begun!.id, false);
  expect(await ended(begun!.id)).toMatchObject({ state: "succeeded" });
});

test("what was asked for before the freeze is refused when a worker begins it in the freeze", async () => {
  const { deployment } = accepted(await request());
  now = FROZEN;
  await work(deployment, false);
  expect(ran).toEqual([]);
  expect(await ended(deployment)).toEqual(refusedToStart);
});

test("an automatic retry in the freeze is refused as well, as long as nothing was done", async () => {
  const { deployment } = accepted(await request());
  expect(await work(deployment, true)).toBeInstanceOf(Error);
  expect(ran).toEqual(["a:apply"]);
  now = FROZEN;
  await work(deployment, true);
  expect(ran).toEqual(["a:apply"]);
  expect(await ended(deployment)).toEqual(refusedToStart);
  // And again by hand, as often as anybody tries; afterwards it goes on.
  expect(refused(await request()).code).toBe("FROZEN");
  now = AFTER;
  const again = accepted(await request());
  await work(again.deployment, false);
  expect(await ended(again.deployment)).toMatchObject({ state: "succeeded" });
});

test("only an approval of its own passes a freeze, and the trail says by whom", async () => {
  now = FROZEN;
  const { contentHash } = await http.client("changes.get", { params: { id } });
  const given = { id, decision: "approve", contentHash };
  expect(refused(await workspace.door.execute(castVote, given, { actor: workspace.people.lena })).code).toBe(
    "NOT_AN_APPROVER",
  );
  expect(refused(await request()).hint).toContain("Before that it takes the approval past-freeze.");
  accepted(
    await workspace.door.execute(castVote, { ...given, requirement: "past-freeze" }, { actor: workspace.people.lena }),
  );
  const { deployment } = accepted(await request());
  await work(deployment, false);
  expect(await ended(deployment)).toMatchObject({ state: "succeeded" });
  const entries = await store.db
    .selectFrom("audit_trail")
    .select("details")
    .where("action", "=", "window.bypassed")
    .execute();
  expect(entries.map(({ details }) => details)).toMatchObject([
    { environment: "staging", code: "FROZEN", approvedBy: ["lena"] },
    { environment: "staging", code: "FROZEN", approvedBy: ["lena"] },
  ]);
});
