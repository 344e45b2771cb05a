import { afterAll, beforeAll, expect, test } from "vitest";
import { loadChange } from "../../storage/change-record.ts";
import { json } from "../../storage/json.ts";
import type { Store } from "../../storage/store.ts";
import {
  accepted,
  aQuickProcess,
  aSmallWorkspace,
  refused,
  type SmallWorkspace,
} from "../../testing/small-workspace.ts";
import { newEmbeddedStore } from "../../testing/stores.ts";
import { readConflicts } from "./planned.ts";
import { scheduleDeployment } from "./schedule-deployment.ts";

const now = new Date("2026-03-02T10:00:00Z");
let store: Store;
let workspace: SmallWorkspace;

beforeAll(async () => {
  store = await newEmbeddedStore();
  workspace = await aSmallWorkspace(store, { process: aQuickProcess(), now: () => now });
});
afterAll(() => store?.close());

/** A change that was rehearsed: it locks a table of its own and another, and reads a third. */
async function rehearsed(table: string): Promise<string> {
  const id = await workspace.submitted();
  const { contentHash } = accepted(await loadChange(store.db, id));
  const lock = (relation: string, mode: string) => ({ relation, mode });
  const locks = [lock(table, "AccessExclusiveLock"), lock("public.read", "AccessShareLock")];
  await store.db
    .insertInto("rehearsals")
    .values({
      change_id: id,
      artifact: "m",
      content_hash: contentHash,
      outcome: "passed",
      report: json<unknown>({ statements: [{ locks }, { locks: [lock(table, "RowExclusiveLock")] }] }),
      created_at: now,
    })
    .execute();
  return id;
}

test("what is put down for a time near is told before another is, with the tables both lock", async () => {
  const [first, same, unlike] = [
    await rehearsed("public.users"),
    await rehearsed("public.users"),
    await rehearsed("public.words"),
  ];
  const planned = { id: first, environment: "production", at: "2026-03-03T12:00:00Z" };
  accepted(await workspace.door.execute(scheduleDeployment, planned, { actor: workspace.people.olga }));
  const { number } = accepted(await loadChange(store.db, first));
  const asked = async (id: string, environment: string, at: string) =>
    accepted(await readConflicts(store.db, workspace.processes, id, { environment, at }, now)).items.map(
      ({ kind, change }) => [kind, change],
    );
  // Both belong to the one component of the small workspace.
  expect(await asked(same, "production", "2026-03-03T12:30:00Z")).toEqual([
    ["environment", number],
    ["table", number],
    ["component", number],
  ]);
  expect(await asked(unlike, "staging", "2026-03-03T13:00:00+01:00")).toEqual([["component", number]]);
  expect(await asked(same, "staging", "2026-03-04T12:00:00Z")).toEqual([]);
  expect(await asked(same, "nowhere", "2026-03-05T12:00:00Z")).toEqual([["not-possible", undefined]]);
  const nothing = { environment: "staging", at: planned.at };
  expect(refused(await readConflicts(store.db, workspace.processes, "Q-999", nothing, now)).code).toBe(
    "CHANGE_UNKNOWN",
  );
});
