import { afterAll, beforeAll, expect, test } from "vitest";
import { signingKey } from "../audit/signing-key.ts";
import type { EventHandler } from "../outbox/handler.ts";
import { takeLease } from "../storage/leases.ts";
import type { Store } from "../storage/store.ts";
import { accepted } from "../testing/small-workspace.ts";
import { newEmbeddedStore } from "../testing/stores.ts";
import { openQueue } from "./queue.ts";
import { startWorker } from "./worker.ts";

let store: Store;

beforeAll(async () => {
  store = await newEmbeddedStore();
});

afterAll(() => store?.close());

test("in an embedded store what a dead owner had in hand is taken up at once, and its leases are free", async () => {
  const taken = Promise.withResolvers<string>();
  const handler: EventHandler = {
    name: "listen",
    events: [],
    retries: 3,
    retryDelaySeconds: 300,
    concurrency: 1,
    handle: async ({ key }) => taken.resolve(key),
  };
  const dead = await openQueue(store, [handler], false, () => {});
  await dead.send("listen", { key: "in hand", event: "thing.done", changeId: null, details: {} });
  expect(await dead.fetch("listen")).toHaveLength(1);
  expect(await dead.fetch("listen")).toEqual([]);
  await dead.stop({ graceful: false });
  await takeLease(store.db, "environment:staging", "the dead owner", 600_000);

  const said: string[] = [];
  const key = accepted(signingKey("1".repeat(64), "/nowhere"));
  const worker = await startWorker({ store, handlers: [handler], key, say: (line) => void said.push(line) });
  expect(await taken.promise).toBe("in hand");
  expect(said).toEqual(["took up 1 piece of work that a process before this one had in hand"]);
  expect(await takeLease(store.db, "environment:staging", "the new owner", 1000)).toBe(2);
  await worker.close();
});
