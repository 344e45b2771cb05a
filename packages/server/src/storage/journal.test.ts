import { afterAll, beforeAll, expect, test } from "vitest";
import { fillStore } from "../testing/fill-store.ts";
import { newEmbeddedStore } from "../testing/stores.ts";
import { newId } from "./ids.ts";
import { beginAttempt, Fenced, planJournal, readJournal, writeStep } from "./journal.ts";
import type { Store } from "./store.ts";

let store: Store;

beforeAll(async () => {
  store = await newEmbeddedStore();
  await fillStore(store, 1);
});

afterAll(() => store.close());

/** A deployment, as if just requested, into an environment of its own. */
async function requested(): Promise<string> {
  const id = newId();
  await store.pool.query(
    `INSERT INTO change_mgmt.deployments (id, change_id, environment, direction, state, content_hash, plan, requested_by, requested_at)
     SELECT $1::uuid, c.id, $1::text, 'up', 'requested', 'h', '{}', u.handle, now()
     FROM change_mgmt.change_requests c, change_mgmt.users u LIMIT 1`,
    [id],
  );
  return id;
}

const STEPS = [
  { id: "one", title: "One" },
  { id: "two", title: "Two" },
];

const setState = (id: string, state: string) =>
  store.pool.query("UPDATE change_mgmt.deployments SET state = $2 WHERE id = $1", [id, state]);

test("attempts are counted; a deployment that has ended is not taken up again", async () => {
  const id = await requested();
  expect(await beginAttempt(store.db, id)).toBe(1);
  expect(await beginAttempt(store.db, id)).toBe(2);
  await setState(id, "waiting");
  expect(await beginAttempt(store.db, id)).toBe(3);
  for (const state of ["succeeded", "failed", "cancelled"]) {
    await setState(id, state);
    expect(await beginAttempt(store.db, id)).toBeUndefined();
  }
  expect(await beginAttempt(store.db, newId())).toBeUndefined();
});

test("the plan of the first attempt stays, with what was done", async () => {
  const id = await requested();
  await beginAttempt(store.db, id);
  await planJournal(store.db, id, 1, STEPS);
  await writeStep(store.db, id, 1, "one", { state: "done", output: { rows: [1, null] } });
  await beginAttempt(store.db, id);
  await planJournal(store.db, id, 2, STEPS);
  await planJournal(store.db, id, 2, []);
  expect(await readJournal(store.db, id)).toEqual([
    { step: "one", state: "done", output: { rows: [1, null] } },
    { step: "two", state: "pending", output: null },
  ]);
});

test("an attempt that was overtaken writes nothing more", async () => {
  const id = await requested();
  await beginAttempt(store.db, id);
  await planJournal(store.db, id, 1, STEPS);
  await writeStep(store.db, id, 1, "one", { state: "running" });
  await beginAttempt(store.db, id);
  const before = await readJournal(store.db, id);
  await expect(writeStep(store.db, id, 1, "one", { state: "done" })).rejects.toBeInstanceOf(Fenced);
  await expect(planJournal(store.db, id, 1, [{ id: "three", title: "Three" }])).rejects.toBeInstanceOf(Fenced);
  expect(await readJournal(store.db, id)).toEqual(before);
  await writeStep(store.db, id, 2, "one", { state: "done" });
  expect((await readJournal(store.db, id))[0]!.state).toBe("done");
});

test("nothing is written into a deployment that no longer runs", async () => {
  const id = await requested();
  await beginAttempt(store.db, id);
  await planJournal(store.db, id, 1, STEPS);
  await setState(id, "cancelled");
  await expect(writeStep(store.db, id, 1, "one", { state: "done" })).rejects.toBeInstanceOf(Fenced);
});

test("what goes with a step commits with it, or neither does", async () => {
  const id = await requested();
  await beginAttempt(store.db, id);
  await planJournal(store.db, id, 1, STEPS);
  const key = { key_id: `key-${id}`, public_key: "x" };
  const also = (fails: boolean) =>
    writeStep(store.db, id, 1, "one", { state: "done", message: "m" }, async (tx) => {
      await tx.insertInto("audit_keys").values(key).execute();
      if (fails) throw new Error("it went wrong");
    });
  const kept = async () =>
    (await store.db.selectFrom("audit_keys").select("key_id").where("key_id", "=", key.key_id).execute()).length;
  await expect(also(true)).rejects.toThrow("it went wrong");
  expect([await kept(), (await readJournal(store.db, id))[0]!.state]).toEqual([0, "pending"]);
  await also(false);
  expect([await kept(), (await readJournal(store.db, id))[0]!.state]).toEqual([1, "done"]);
});

test("a step remembers when it first began and when it ended", async () => {
  const id = await requested();
  await beginAttempt(store.db, id);
  await planJournal(store.db, id, 1, STEPS);
  const times = async () =>
    (
      await store.pool.query(
        "SELECT started_at::text, finished_at::text FROM change_mgmt.deployment_steps WHERE deployment_id = $1 AND step = 'one'",
        [id],
      )
    ).rows[0];
  expect(await times()).toEqual({ started_at: null, finished_at: null });
  await writeStep(store.db, id, 1, "one", { state: "running" });
  const begun = await times();
  expect(begun).toEqual({ started_at: expect.any(String), finished_at: null });
  await writeStep(store.db, id, 1, "one", { state: "running" });
  await writeStep(store.db, id, 1, "one", { state: "failed", message: "no" });
  expect(await times()).toEqual({ started_at: begun.started_at, finished_at: expect.any(String) });
});
