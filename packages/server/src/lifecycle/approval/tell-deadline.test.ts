import { aTable } from "@change-mgmt/domain/testing/builders.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loadChange } from "../../storage/change-record.ts";
import { untoldDeadlines } from "../../storage/deadline-record.ts";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { accepted, aQuickProcess, aSmallWorkspace, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { openedStore } from "../../testing/stores.ts";
import { viewChange } from "../change-view.ts";
import { readOverview } from "../overview.ts";
import { castVote } from "./cast-vote.ts";
import { tellDeadlines } from "./tell-deadline.ts";

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;
let now = new Date("2026-03-02T08:00:00Z");
let id: string;

function process() {
  const { stages, ...quick } = aQuickProcess();
  const approval = {
    id: "approval",
    title: "Approval",
    status: "awaiting_approval",
    steps: [],
    transitions: [{ on: "ready", to: "ready", gates: ["approved-all"] }],
  } as const;
  const [draft, ...others] = stages;
  const submit = { on: "submit", to: "approval", gates: ["form"] } as const;
  const lead = {
    id: "lead",
    title: "Lead of the team",
    from: { roles: ["team-lead"] as const },
    count: 1,
    within: { hours: 4 },
    escalateTo: "manager",
  };
  return {
    ...quick,
    positions: [{ id: "manager", title: "Manager" }],
    stages: [{ ...draft!, transitions: [submit] }, approval, ...others],
    approvals: aTable("approvals", { requirements: [lead] }),
  };
}

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store, { process: process(), now: () => now });
  await store.db
    .insertInto("user_positions")
    .values({ id: crypto.randomUUID(), handle: "olga", position: "manager", team: null })
    .execute();
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

beforeEach(async () => {
  now = new Date("2026-03-02T08:00:00Z");
  await store.db.deleteFrom("approval_deadlines").execute();
  id = await workspace.submitted();
});

const look = (at = now) => tellDeadlines(store.db, workspace.door, at);

function passHours(hours: number) {
  now = new Date(now.getTime() + hours * 3_600_000);
}

async function told() {
  const rows = await store.db
    .selectFrom("audit_trail")
    .select(["action", "details"])
    .where("change_id", "=", id)
    .where("action", "like", "approval.%")
    .orderBy("id")
    .execute();
  return rows.map(({ action, details }) => [action, (details as { told: string[] }).told]);
}

test("a reminder before and an escalation after, each once, however many look and however often", async () => {
  await look();
  expect(await told()).toEqual([]);
  passHours(3);
  await Promise.all([look(), look(), look()]);
  await look();
  expect(await told()).toEqual([["approval.due-soon", ["lena"]]]);
  passHours(1);
  await Promise.all([look(), look()]);
  await look();
  expect(await told()).toEqual([
    ["approval.due-soon", ["lena"]],
    ["approval.overdue", ["olga"]],
  ]);
  expect(await untoldDeadlines(store.db, now)).toEqual([]);
  expect(accepted(await loadChange(store.db, id)).version).toBe(1);
});

test("what comes to light after a standstill is told once, and no reminder after the time", async () => {
  passHours(30);
  await look();
  await look();
  expect(await told()).toEqual([["approval.overdue", ["olga"]]]);
});

test("what was given in time is told to nobody", async () => {
  const { contentHash } = accepted(await loadChange(store.db, id));
  accepted(
    await workspace.door.execute(castVote, { id, decision: "approve", contentHash }, { actor: workspace.people.lena }),
  );
  passHours(30);
  await look();
  expect(await told()).toEqual([]);
});

test("what nobody could decide any more is looked at no more", async () => {
  await store.db.updateTable("change_requests").set({ status: "cancelled" }).where("id", "=", id).execute();
  passHours(30);
  await look();
  expect(await told()).toEqual([]);
  expect(await untoldDeadlines(store.db, now)).toEqual([]);
});

test("people see by when, and whom it goes to sees that it is late", async () => {
  const waiting = async (who: "lena" | "olga") => {
    const { waitingForMe } = await readOverview(store.db, workspace.processes, workspace.people[who], now);
    return waitingForMe.find(({ change }) => change.id === id);
  };
  expect(await waiting("lena")).toMatchObject({
    act: "vote",
    dueAt: "2026-03-02T12:00:00.000Z",
    reason: "You could give an approval that is still missing, due by 2026-03-02T12:00:00.000Z.",
  });
  expect((await waiting("olga"))?.act).not.toBe("escalation");
  const seen = accepted(await viewChange(store.db, workspace.processes, id, workspace.people.ben, now));
  expect(seen.deadlines).toMatchObject([{ requirement: "lead", overdue: false, escalateTo: "manager" }]);
  passHours(5);
  expect((await waiting("lena"))?.reason).toContain("it was due by 2026-03-02T12:00:00.000Z");
  expect(await waiting("olga")).toMatchObject({ act: "escalation", reason: expect.stringContaining("as manager") });
});
