import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type SigningKey, signingKey } from "../audit/signing-key.ts";
import type { Call } from "../commands/handler.ts";
import { addToOutbox } from "../outbox/add.ts";
import type { Delivery, EventHandler } from "../outbox/handler.ts";
import { newId } from "../storage/ids.ts";
import { json } from "../storage/json.ts";
import { takeLease } from "../storage/leases.ts";
import type { Store } from "../storage/store.ts";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../testing/small-workspace.ts";
import { openedStore } from "../testing/stores.ts";
import { deadLetterRoutes } from "./dead-letters.ts";
import { DEAD_LETTERS, openQueue } from "./queue.ts";
import { relayOutbox } from "./relay.ts";
import { startWorker, type Worker } from "./worker.ts";

const key: SigningKey = accepted(signingKey("1".repeat(64), "/nowhere"));
let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;
let worker: Worker | undefined;
let handled: Delivery[];

beforeAll(async () => {
  postgres = await startPostgres();
});

beforeEach(async () => {
  handled = [];
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store);
});

afterEach(async () => {
  await worker?.close();
  worker = undefined;
  await store.close();
});

afterAll(() => postgres?.stop());

function aHandler(more: Partial<EventHandler> = {}): EventHandler {
  return {
    name: "listen",
    events: ["thing.done"],
    retries: 0,
    retryDelaySeconds: 1,
    concurrency: 1,
    handle: async (delivery) => void handled.push(delivery),
    ...more,
  };
}

async function tell(count: number, event = "thing.done"): Promise<void> {
  await store.db.transaction().execute((tx) =>
    addToOutbox(
      tx,
      Array.from({ length: count }, (_, n) => ({ type: event, changeId: null, details: { n } })),
    ),
  );
}

const said: string[] = [];
const start = async (...handlers: EventHandler[]) => {
  worker = await startWorker({ store, handlers, key, say: (line) => void said.push(line) });
  return worker;
};

async function queued(handler: string): Promise<string[]> {
  const { rows } = await store.pool.query("SELECT data ->> 'key' AS key FROM change_mgmt_jobs.job WHERE name = $1", [
    handler,
  ]);
  return rows.map((row) => row.key as string);
}

const unsent = async () =>
  (await store.db.selectFrom("outbox").select("id").where("sent_at", "is", null).execute()).length;

test("relays at once hand every event over once to each handler that wants it", async () => {
  const handlers = [
    aHandler(),
    aHandler({ name: "listen-too" }),
    aHandler({ name: "deaf", events: ["never.happens"] }),
  ];
  const boss = await openQueue(store, handlers, false, () => {});
  await tell(250);
  const relay = async (): Promise<number> => {
    const { rows: sent } = await relayOutbox(store, boss, handlers);
    return sent === 0 ? 0 : sent + (await relay());
  };
  const sent = await Promise.all([relay(), relay(), relay()]);
  expect(sent.reduce((sum, count) => sum + count)).toBe(250);
  for (const { name } of handlers.slice(0, 2)) expect(new Set(await queued(name)).size).toBe(250);
  expect(await queued("listen")).toHaveLength(250);
  expect(await queued("deaf")).toEqual([]);
  expect(await unsent()).toBe(0);
  await boss.stop({ graceful: false });
});

test("a relay that dies between handing over and marking has done neither", async () => {
  const handlers = [aHandler()];
  const boss = await openQueue(store, handlers, false, () => {});
  await tell(3);
  await store.pool.query(`
    CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'killed'; END $$;
    CREATE TRIGGER die BEFORE UPDATE ON change_mgmt.outbox FOR EACH ROW EXECUTE FUNCTION die()`);
  await expect(relayOutbox(store, boss, handlers)).rejects.toThrow("killed");
  expect([await queued("listen"), await unsent()]).toEqual([[], 3]);
  await store.pool.query("DROP TRIGGER die ON change_mgmt.outbox");
  expect(await relayOutbox(store, boss, handlers)).toMatchObject({ rows: 3, more: false });
  expect(new Set(await queued("listen")).size).toBe(3);
  await boss.stop({ graceful: false });
});

test("what committed is worked on, and sealed, without anybody asking again", async () => {
  const { wake } = await start(aHandler());
  await workspace.submitted();
  await tell(5);
  wake();
  await expect.poll(() => handled.length).toBe(5);
  expect(handled.map(({ details }) => details.n).sort()).toEqual([0, 1, 2, 3, 4]);
  expect(handled[0]).toMatchObject({
    event: "thing.done",
    changeId: null,
    attempt: 1,
    key: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  await expect
    .poll(async () => (await store.db.selectFrom("audit_trail").select("id").where("seq", "is", null).execute()).length)
    .toBe(0);
});

test("what fails is tried again with the same key, ends among the dead letters, and is sent again from there", async () => {
  let broken = true;
  const { boss, wake } = await start(
    aHandler({
      retries: 1,
      async handle(delivery) {
        handled.push(delivery);
        if (broken) throw new Error(`broken ${delivery.attempt}`);
      },
    }),
  );
  await tell(1);
  wake();
  const { people, door } = workspace;
  const routes = deadLetterRoutes({ db: store.db, door, boss });
  const call = (rest: object) => ({ actor: people.olga, signal: new AbortController().signal, ...rest }) as unknown;
  const list = async () => accepted(await routes["jobs.dead"]!(call({}) as Call<"jobs.dead">)).items;
  await expect.poll(async () => (await list()).length, { timeout: 30_000 }).toBe(1);
  expect(handled.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(said).toEqual(expect.arrayContaining(["listen, try 1: broken 1", "listen, try 2: broken 2"]));
  expect(new Set(handled.map((delivery) => delivery.key)).size).toBe(1);
  const [letter] = await list();
  expect(letter).toMatchObject({
    handler: "listen",
    event: "thing.done",
    change: null,
    error: "broken 2",
    data: { n: 0 },
  });

  broken = false;
  const resend = (actor = people.olga) =>
    routes["jobs.resend"]!(call({ actor, params: { id: letter!.id } }) as Call<"jobs.resend">);
  expect(refused(await resend(people.rosa)).code).toBe("NOT_ALLOWED");
  const outcomes = await Promise.all([resend(), resend()]);
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
  expect(refused(outcomes.find((outcome) => !outcome.ok)!).code).toBe("NOT_FOUND");
  await expect.poll(() => handled.length, { timeout: 30_000 }).toBe(3);
  expect(handled[2]).toMatchObject({ attempt: 1, key: handled[0]!.key, details: { n: 0 } });
  expect(await list()).toEqual([]);
  const entries = await store.db
    .selectFrom("audit_trail")
    .select(["actor", "details"])
    .where("action", "=", "job.resent")
    .execute();
  expect(entries).toEqual([{ actor: "olga", details: { handler: "listen", event: "thing.done" } }]);
});

test("a store that goes away under the work costs it no try, and the rest of the queue nothing", async () => {
  const outages = 2;
  const { boss, wake } = await start(
    aHandler({
      retries: 1,
      async handle(delivery) {
        handled.push(delivery);
        // The session in hand is ended by the server, as by its restart.
        if (handled.length <= outages) await store.pool.query("SELECT pg_terminate_backend(pg_backend_pid())");
      },
    }),
  );
  await tell(1);
  wake();
  await expect.poll(() => handled.length, { timeout: 30_000 }).toBe(outages + 1);
  expect(handled.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
  expect(new Set(handled.map((delivery) => delivery.key)).size).toBe(1);
  expect(await boss.findJobs(DEAD_LETTERS)).toEqual([]);
});

test("closing lets work in hand end, begins nothing new, and leaves the rest for the next start", async () => {
  let ended = "";
  const begun = Promise.withResolvers<AbortSignal>();
  const first = await start(
    aHandler({
      async handle({ signal }) {
        begun.resolve(signal);
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        ended += "ended ";
      },
    }),
  );
  await tell(2);
  first.wake();
  const signal = await begun.promise;
  expect(signal.aborted).toBe(false);
  await first.close();
  worker = undefined;
  expect(ended).toBe("ended ");
  await start(aHandler());
  await expect.poll(() => handled.length, { timeout: 30_000 }).toBe(1);
});

async function aDeployment(environment: string, state: string, more: object = {}): Promise<string> {
  const id = newId();
  const change = await workspace.submitted();
  await store.db
    .insertInto("deployments")
    .values({
      id,
      change_id: change,
      environment,
      direction: "deploy",
      state,
      content_hash: "",
      plan: json<unknown>({}),
      reason: null,
      requested_by: "olga",
      requested_at: new Date(),
      started_at: null,
      finished_at: null,
      cancelled_by: null,
      cancel_reason: null,
      target_state: null,
      ...more,
    })
    .execute();
  return id;
}

test("deployments that nobody has in hand are announced, and no others", async () => {
  const later = new Date(Date.now() + 600_000);
  const earlier = new Date(Date.now() - 600_000);
  const orphans = [
    await aDeployment("running", "running"),
    await aDeployment("due", "running", { retry_at: earlier }),
    await aDeployment("forgotten", "requested", { requested_at: earlier }),
    await aDeployment("stopped", "waiting", { cancelled_by: "olga" }),
  ];
  await aDeployment("fresh", "requested");
  await aDeployment("waits", "waiting");
  await aDeployment("retried", "running", { retry_at: later });
  await aDeployment("ended", "succeeded");
  await aDeployment("leased", "running");
  await takeLease(store.db, "environment:leased", "somebody", 600_000);
  await start(aHandler({ events: ["deployment.orphaned"] }));
  await expect.poll(() => handled.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(4);
  expect(new Set(handled.map(({ details }) => details.deployment))).toEqual(new Set(orphans));
});

test("a queue that is opened again is the same queue", async () => {
  for (const _ of [1, 2]) {
    const boss = await openQueue(store, [aHandler()], false, () => {});
    expect((await boss.getQueues()).map(({ name }) => name).sort()).toEqual([DEAD_LETTERS, "listen"]);
    await boss.stop({ graceful: false });
  }
});
