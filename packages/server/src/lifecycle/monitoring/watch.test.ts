import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { TriggerAnswer } from "@change-mgmt/domain/process/rollback-trigger.ts";
import { aTable } from "@change-mgmt/domain/testing/builders.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Targets } from "../../assets/databases/target.ts";
import { createMeasure } from "../../assets/measures/measure.ts";
import { watchCrossings } from "../../storage/crossing.ts";
import type { Store } from "../../storage/store.ts";
import {
  accepted,
  aQuickProcess,
  aSmallWorkspace,
  refused,
  type SmallWorkspace,
} from "../../testing/small-workspace.ts";
import { newEmbeddedStore } from "../../testing/stores.ts";
import { loadDeployments } from "../change-queries.ts";
import { requestDeployment } from "../deployment/request-deployment.ts";
import { requestRollback } from "../deployment/request-rollback.ts";
import { runDeployment } from "../deployment/run-deployment.ts";
import { watchDeployments } from "./begin-watch.ts";
import { endWatch } from "./end-watch.ts";
import { askForEvaluations, evaluateWatches } from "./evaluate-watch.ts";

let store: Store;
let now = new Date("2026-03-02T10:00:00.000Z");
/** What the health check answers; null: it hangs up. */
let health: number | null;
const site = createServer((_asked, answer) => {
  if (health === null) return answer.destroy();
  answer.statusCode = health;
  answer.end();
});
let address: string;
let environments = 0;
let environment: string;
let workspace: SmallWorkspace;

beforeAll(async () => {
  store = await newEmbeddedStore();
  const triggers = aTable("triggers", always, { dimensions: [], hit: "collect" });
  workspace = await aSmallWorkspace(store, { process: { ...aQuickProcess(), triggers }, now: () => now });
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  address = `http://127.0.0.1:${(site.address() as AddressInfo).port}/health`;
});

afterAll(async () => {
  site.close();
  await store?.close();
});

beforeEach(() => {
  health = 200;
  environment = `environment-${++environments}`;
});

const noTarget = async () => refuse("TARGET_UNREACHABLE", "No target here.", "Give one.");
const nowhere: Targets = { open: noTarget, remove: noTarget };
const measure = createMeasure({
  targets: nowhere,
  metrics: async () => ({ reading: { missing: "no metrics here" } }),
  privateHosts: new Set(),
});
const byHand: Artifact[] = [
  { kind: "manual", id: "a", name: "a", steps: [{ id: "apply", title: "Do it", undo: "Undo it" }] },
];
const always: TriggerAnswer = {
  triggers: [{ id: "health", title: "A health check fails", metric: "health" }],
  intervalSeconds: 60,
  failures: 3,
};
const running = new AbortController().signal;

interface Deployed {
  readonly change: string;
  readonly deployment: string;
}

/** Deploys a change and begins its watch. */
async function deployed(watch: object[] = [{ metric: "health", http: address, ...LIMITS }]): Promise<Deployed> {
  await workspace.configure([{ name: environment, database: "embedded:nowhere", ...{ watch } }]);
  return await deployedAgain();
}

const LIMITS = { atLeast: 1, timeoutSeconds: 5 };

async function deployedAgain(): Promise<Deployed> {
  const { door, people } = workspace;
  const change = await workspace.submitted(byHand);
  const { deployment } = accepted(
    await door.execute(requestDeployment, { id: change, environment }, { actor: people.lena }),
  );
  await runDeployment({ db: store.db, door, targets: nowhere, measure, plan: noSteps }, deployment, running, false);
  await watchDeployments(door).handle(delivered("deployment.succeeded", { deployment }));
  return { change, deployment };
}

const noSteps = async () => accept([{ id: "a:apply", title: "Do it", run: async () => ({ state: "done" as const }) }]);

function delivered(event: string, details: Readonly<Record<string, unknown>>) {
  return { key: event, event, changeId: null, details, attempt: 1, signal: running };
}

/** Lets a minute go by, and does what has become due. Answers how many evaluations that were. */
async function aMinute(minutes = 1): Promise<number> {
  now = new Date(now.getTime() + minutes * 60_000);
  await askForEvaluations(store.db, now);
  return await work();
}

async function work(): Promise<number> {
  const due = await store.db
    .deleteFrom("outbox")
    .where("event", "=", "watch.due")
    .returning(["event", "payload"])
    .execute();
  const handler = evaluateWatches({ db: store.db, door: workspace.door, measure });
  for (const { event, payload } of due) await handler.handle(delivered(event, payload as Record<string, unknown>));
  return due.length;
}

const view = async (deployment: string) => (await loadDeployments(store.db, { id: deployment }))[0]!;
const stateOf = async (deployment: string) => (await view(deployment)).watch?.state;

const toldOf = async (change: string) =>
  (
    await store.db.selectFrom("audit_trail").select("action").where("change_id", "=", change).orderBy("id").execute()
  ).flatMap(({ action }) => (/^(watch|rollback)\./.test(action) ? [action] : []));

test("a deployment whose check fails three times in a row is rolled back, and the trail says what was seen", async () => {
  const { change, deployment } = await deployed();
  expect((await view(deployment)).steps[0]).toMatchObject({ id: "baseline", state: "done", output: ["health: 1"] });
  expect(await aMinute()).toBe(1);
  health = 503;
  await aMinute();
  health = null;
  await aMinute();
  expect(await stateOf(deployment)).toBe("watching");
  await aMinute();
  expect(await stateOf(deployment)).toBe("rolling-back");
  const [rollback] = await loadDeployments(store.db, { changeId: change });
  expect(rollback).toMatchObject({ direction: "rollback", environment, requestedBy: "lena" });
  expect(await toldOf(change)).toEqual(["watch.began", "watch.failing", "watch.triggered", "rollback.requested"]);
  expect(workspace.committed.find(({ type }) => type === "rollback.requested")!.details).toMatchObject({
    reason: "Set off after 3 failures in a row: A health check fails: the health check fails.",
  });
  expect(await aMinute()).toBe(0);
});

test("what cannot be measured holds the watch, and whoever ends it says why", async () => {
  const nameless = [{ metric: "health", http: "http://nowhere.invalid/", ...LIMITS }];
  const { change, deployment } = await deployed(nameless);
  const { door, people } = workspace;
  for (let n = 0; n < 5; n++) await aMinute();
  const held = await view(deployment);
  expect(held.watch).toMatchObject({ state: "held", checks: [{ result: "inconclusive", failures: 0 }] });
  await aMinute(120);
  expect(await stateOf(deployment)).toBe("held");
  const end = (actor = people.lena) => door.execute(endWatch, { id: change, deployment, reason: "Seen." }, { actor });
  expect(refused(await end(people.rosa)).code).toBe("NOT_ALLOWED");
  accepted(await end());
  expect((await view(deployment)).watch).toMatchObject({
    state: "ended",
    endedBy: "lena",
    reason: "Seen.",
    nextAt: null,
  });
  expect(refused(await end()).code).toBe("WATCH_ENDED");
  expect(await toldOf(change)).toEqual([
    "watch.began",
    "watch.held",
    "watch.end.refused",
    "watch.ended",
    "watch.end.refused",
  ]);
});

test("it passes when its time is over, and ends when somebody takes the deployment back", async () => {
  const first = await deployed();
  await aMinute(59);
  expect(await stateOf(first.deployment)).toBe("watching");
  await aMinute();
  expect(await stateOf(first.deployment)).toBe("passed");
  environment = `environment-${++environments}`;
  const second = await deployed();
  const { door, people } = workspace;
  const back = { id: second.change, environment, reason: "By hand." };
  accepted(await door.execute(requestRollback, back, { actor: people.lena }));
  await aMinute();
  expect(await stateOf(second.deployment)).toBe("ended");
});

test("a rollback that cannot begin yet is told once, tried at each interval, and begins when it can", async () => {
  const older = await deployed();
  const newer = await deployedAgain();
  await workspace.door.execute(
    endWatch,
    { id: newer.change, deployment: newer.deployment, reason: "Of no interest." },
    { actor: workspace.people.lena },
  );
  health = 500;
  for (let n = 0; n < 5; n++) await aMinute();
  const waiting = (await view(older.deployment)).watch;
  expect(waiting).toMatchObject({ state: "triggered", refusal: { code: "NEWER_DEPLOYMENT" } });
  expect((await toldOf(older.change)).filter((one) => one === "watch.rollback-refused")).toHaveLength(1);
  await store.db.deleteFrom("change_environments").where("change_id", "=", newer.change).execute();
  await aMinute();
  expect(await stateOf(older.deployment)).toBe("rolling-back");
});

test("what nothing measures is said by name, and a watch of nothing is over at once", async () => {
  const { change, deployment } = await deployed([]);
  expect((await view(deployment)).watch).toMatchObject({ state: "ended", unmeasured: ["A health check fails"] });
  expect(await toldOf(change)).toEqual(["watch.unmeasured"]);
});

test("an evaluation counts once, however often its job comes, and an outage leaves no heap of them", async () => {
  const { deployment } = await deployed();
  health = 500;
  now = new Date(now.getTime() + 60_000);
  await askForEvaluations(store.db, now);
  for (let n = 1; n < 6; n++) {
    now = new Date(now.getTime() + 60_000);
    await askForEvaluations(store.db, now);
  }
  const all = await store.db.selectFrom("outbox").select("payload").where("event", "=", "watch.due").execute();
  const due = all.filter(({ payload }) => (payload as { deployment: string }).deployment === deployment);
  expect(due).toHaveLength(1);
  const handler = evaluateWatches({ db: store.db, door: workspace.door, measure });
  const again = delivered("watch.due", due[0]!.payload as Record<string, unknown>);
  for (let n = 0; n < 4; n++) await handler.handle(again);
  expect((await view(deployment)).watch).toMatchObject({ evaluations: 1, checks: [{ failures: 1 }] });
  await store.db.deleteFrom("outbox").where("event", "=", "watch.due").execute();
  // Its job was lost: after a while it is asked for anew.
  now = new Date(now.getTime() + 60_000);
  await askForEvaluations(store.db, now);
  await store.db.deleteFrom("outbox").where("event", "=", "watch.due").execute();
  expect(await aMinute(5)).toBe(0);
  expect(await aMinute(10)).toBe(1);
});

test("dying at any point between measuring and rolling back loses nothing and rolls back once", async () => {
  const points = ["watch.measure", "door.watch.evaluate", "door.watch.evaluate.result", "door.watch.roll-back"];
  for (const point of points) {
    for (const side of ["before", "after"]) {
      health = 200;
      environment = `environment-${++environments}`;
      const { change, deployment } = await deployed();
      health = 500;
      await aMinute();
      await aMinute();
      now = new Date(now.getTime() + 60_000);
      await askForEvaluations(store.db, now);
      const all = await store.db.deleteFrom("outbox").where("event", "=", "watch.due").returning("payload").execute();
      const due = all.find(({ payload }) => (payload as { deployment: string }).deployment === deployment);
      const handler = evaluateWatches({ db: store.db, door: workspace.door, measure });
      const job = delivered("watch.due", due!.payload as Record<string, unknown>);
      watchCrossings((name, at) => {
        if (name === point && at === side) throw new Error("died here");
      });
      try {
        await expect(handler.handle(job), `${point}, ${side}`).rejects.toThrow("died here");
      } finally {
        watchCrossings(undefined);
      }
      await handler.handle(job);
      expect(await stateOf(deployment), `${point}, ${side}`).toBe("rolling-back");
      const rollbacks = (await loadDeployments(store.db, { changeId: change })).map(({ direction }) => direction);
      expect(rollbacks, `${point}, ${side}`).toEqual(["rollback", "deploy"]);
    }
  }
});
