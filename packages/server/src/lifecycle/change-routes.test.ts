import type { SetStatus } from "@change-mgmt/api/changes.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import type { Call, Handlers } from "../commands/handler.ts";
import type { Store } from "../storage/store.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../testing/small-workspace.ts";
import { nowhere } from "../testing/step-context.ts";
import { newEmbeddedStore, storedRows } from "../testing/stores.ts";
import { changeRoutes } from "./change-routes.ts";

let store: Store;
let workspace: SmallWorkspace;
let routes: Handlers;

beforeAll(async () => {
  store = await newEmbeddedStore();
  workspace = await aSmallWorkspace(store);
  routes = changeRoutes({ db: store.db, door: workspace.door, processes: workspace.processes, targets: nowhere });
});

afterAll(() => store?.close());

const call = (actor: Actor, rest: object) => ({ actor, signal: new AbortController().signal, ...rest }) as never;
const manual = {
  kind: "manual",
  id: "do",
  name: "Do it",
  steps: [{ id: "one", title: "One", undo: "Undo one" }],
} as const;
const deploy = async (id: string, dryRun: boolean, environment = "staging", actor: Actor = workspace.people.lena) =>
  routes["changes.deploy"]!(call(actor, { params: { id }, body: { environment, dryRun } }) as Call<"changes.deploy">);
const view = async (id: string, actor: Actor = workspace.people.lena) =>
  accepted(await routes["changes.get"]!(call(actor, { params: { id } }) as Call<"changes.get">));

test("a dry run says what a deployment would do and leaves nothing; it is refused where the deployment is", async () => {
  const id = await workspace.submitted([manual]);
  const before = await storedRows(store);
  expect(accepted(await deploy(id, true))).toMatchObject({
    id: "dry-run",
    environment: "staging",
    steps: [{ id: "do" }],
  });
  expect(await storedRows(store)).toEqual(before);

  const draft = await workspace.draft([manual]);
  const broken = await workspace.submitted([{ ...manual, steps: [...manual.steps, ...manual.steps] }]);
  const { rosa, lena } = workspace.people;
  for (const [change, where, who, code] of [
    [draft, "staging", lena, "NO_TRANSITION"],
    [broken, "staging", lena, "STEP_ID_TWICE"],
    [id, "moon", lena, "ENVIRONMENT_UNKNOWN"],
    [id, "staging", rosa, "NOT_ALLOWED"],
    [id, "staging", { ...lena, handle: "rosa" }, "OWN_CHANGE"],
  ] as const) {
    const [dry, real] = [
      refused(await deploy(change, true, where, who)),
      refused(await deploy(change, false, where, who)),
    ];
    expect(real).toEqual(dry);
    expect(dry.code).toBe(code);
  }
  const { id: deployment } = accepted(await deploy(id, false));
  expect(refused(await deploy(id, true))).toMatchObject({ code: "ENVIRONMENT_BUSY", details: { deployment } });
});

test("what a person is shown as possible is what they may do, and why not is what they would be told", async () => {
  await workspace.configure([{ name: "acts", database: "embedded:acts" }]);
  const id = await workspace.submitted([manual]);
  const acts = async (actor: Actor) => Object.fromEntries((await view(id, actor)).acts.map((act) => [act.act, act]));
  const { lena, rosa } = workspace.people;
  expect((await acts(lena))["deploy:acts"]).toEqual({ act: "deploy:acts", allowed: true });
  expect((await acts(rosa))["deploy:acts"]).toMatchObject({ allowed: false, code: "NOT_ALLOWED" });
  const told = refused(await deploy(id, false, "acts", rosa));
  expect((await acts(rosa))["deploy:acts"]).toMatchObject({ code: told.code, reason: told.message, hint: told.hint });
  expect((await acts(lena))["rollback:acts"]).toMatchObject({ allowed: false, code: "NOT_DEPLOYED" });
});

test("while another change has an environment, acts name it, where a person cannot do anything else first", async () => {
  await workspace.configure([{ name: "taken", database: "embedded:taken" }]);
  const [first, second] = [await workspace.submitted([manual]), await workspace.submitted([manual])];
  const draft = await workspace.draft([manual]);
  const { id: deployment } = accepted(await deploy(first, false, "taken"));
  const { number } = await view(first);
  const told = async (id: string, act: string) => (await view(id)).acts.find((one) => one.act === act);
  for (const id of [first, second, draft]) {
    const { code, message, hint } = refused(await deploy(id, true, "taken"));
    expect(await told(id, "deploy:taken")).toMatchObject({ allowed: false, code, reason: message, hint });
  }
  const has = `${number}'s deployment to taken has it at this moment; it waits for a worker.`;
  expect(await told(second, "deploy:taken")).toMatchObject({ code: "ENVIRONMENT_BUSY", reason: has, deployment });
  expect(await told(first, "deploy:taken")).toMatchObject({ code: "ENVIRONMENT_BUSY", deployment });
  expect(await told(draft, "deploy:taken")).toMatchObject({ code: "NO_TRANSITION" });
});

const setStatus = async (id: string, body: z.input<typeof SetStatus>, actor: Actor) =>
  routes["changes.status"]!(call(actor, { params: { id }, body }) as Call<"changes.status">);

test("a status is reached only by the act that leads to it, and refused like that act", async () => {
  const { rosa, lena, audrey } = workspace.people;
  const id = await workspace.draft([]);
  expect(refused(await setStatus(id, { status: "monitoring" }, lena)).code).toBe("STATUS_NOT_SET");
  expect(refused(await setStatus(id, { status: "submitted" }, audrey)).code).toBe("NOT_ALLOWED");
  expect(refused(await setStatus(id, { status: "closed" }, lena)).code).toBe("NO_TRANSITION");
  expect(accepted(await setStatus(id, { status: "submitted" }, rosa)).status).toBe("approved");
  for (const [body, pointer] of [
    [{ status: "cancelled" }, "/reason"],
    [{ status: "assessing" }, "/impact"],
    [{ status: "approved" }, "/contentHash"],
    [{ status: "deploying" }, "/environment"],
    [{ status: "rolling_back", environment: "staging" }, "/reason"],
  ] as const) {
    expect(refused(await setStatus(id, body, lena))).toMatchObject({ code: "INPUT_INVALID", place: { pointer } });
  }
  expect(accepted(await setStatus(id, { status: "cancelled", reason: "not needed" }, rosa)).status).toBe("cancelled");
});

test("what is not there is not found, by its number, its id or any text", async () => {
  const { lena } = workspace.people;
  for (const id of ["Q-999", crypto.randomUUID(), "'; DROP TABLE"]) {
    expect(refused(await routes["changes.get"]!(call(lena, { params: { id } }) as Call<"changes.get">)).code).toBe(
      "CHANGE_UNKNOWN",
    );
    expect(
      refused(await routes["deployments.get"]!(call(lena, { params: { id } }) as Call<"deployments.get">)).code,
    ).toBe("NOT_FOUND");
    const stop = call(lena, { params: { id }, body: { reason: "x" } }) as Call<"deployments.cancel">;
    expect(refused(await routes["deployments.cancel"]!(stop)).code).toBe("NOT_FOUND");
  }
});
