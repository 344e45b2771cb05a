import type { Change } from "@change-mgmt/domain/change/change.ts";
import { aTable } from "@change-mgmt/domain/testing/builders.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loadChange } from "../../storage/change-record.ts";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import {
  accepted,
  aQuickProcess,
  aSmallWorkspace,
  refused,
  type SmallWorkspace,
} from "../../testing/small-workspace.ts";
import { openedStore } from "../../testing/stores.ts";
import { viewChange } from "../change-view.ts";
import { castVote } from "./cast-vote.ts";
import { endDelegation, makeDelegation, readDelegations } from "./delegations.ts";
import { recuse } from "./recuse.ts";
import { withdrawVote } from "./withdraw-vote.ts";

const DAY_MS = 86_400_000;
let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;
let now = new Date("2026-03-02T10:00:00Z");
let id: string;

/** Two of the team approve; then it is ready. */
function process() {
  const { stages, ...quick } = aQuickProcess();
  const approval = {
    id: "approval",
    title: "Approval",
    status: "awaiting_approval",
    steps: [],
    transitions: [
      { on: "ready", to: "ready", gates: ["approved-all"] },
      { on: "reject", to: "cancelled", gates: [] },
    ],
  } as const;
  const [draft, ...others] = stages;
  const submit = { on: "submit", to: "approval", gates: ["form"] } as const;
  const first = { ...draft!, transitions: [submit, ...draft!.transitions.slice(1)] };
  const two = { id: "team", title: "Two of the team", from: { team: "owning" }, count: 2 };
  return {
    ...quick,
    stages: [first, approval, ...others],
    approvals: aTable("approvals", { requirements: [two] }),
  };
}

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store, { process: process(), now: () => now });
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

beforeEach(async () => {
  now = new Date(now.getTime() + 10 * DAY_MS);
  id = await workspace.submitted();
});

type Who = keyof SmallWorkspace["people"];
const as = (who: Who) => ({ actor: workspace.people[who] });

async function change(): Promise<Change> {
  return accepted(await loadChange(store.db, id));
}

async function vote(who: Who, more: object = {}) {
  const { contentHash } = await change();
  return await workspace.door.execute(castVote, { id, decision: "approve", contentHash, ...more }, as(who));
}

async function events(): Promise<string[]> {
  const rows = await store.db
    .selectFrom("audit_trail")
    .select("action")
    .where("change_id", "=", id)
    .orderBy("id")
    .execute();
  return rows.map(({ action }) => action);
}

function standIn(person: Who, delegate: Who, days = 5) {
  const until = new Date(now.getTime() + days * DAY_MS).toISOString();
  return workspace.door.execute(makeDelegation, { delegate, until, reason: "Away" }, as(person));
}

test("two votes at the same instant both count, and the deciding one once", async () => {
  const outcomes = await Promise.all([vote("ben"), vote("lena"), vote("ben"), vote("lena")]);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2);
  expect((await change()).status).toBe("approved");
  const told = await events();
  expect(told.filter((type) => type === "vote.approved")).toHaveLength(2);
  expect(told.filter((type) => type === "change.approved")).toHaveLength(1);
});

test("who is away is heard by another's hand, which says whose vote it is", async () => {
  accepted(await standIn("lena", "olga"));
  accepted(await vote("ben"));
  const seen = accepted(await viewChange(store.db, workspace.processes, id, workspace.people.olga, now));
  expect(seen.mayVoteFor).toEqual(["olga", "lena"]);
  accepted(await vote("olga", { for: "lena" }));
  const { votes, status } = await change();
  expect(votes).toMatchObject([{ voter: "ben" }, { voter: "olga", for: "lena" }]);
  expect(status).toBe("approved");
  // When the time is over, what was said in it stands.
  now = new Date(now.getTime() + 20 * DAY_MS);
  const later = accepted(await viewChange(store.db, workspace.processes, id, workspace.people.ben, now));
  expect(later.approvals.map(({ met }) => met)).toEqual([true, true]);
});

test("nobody votes for another before, after or without a word of theirs, and never for the requester", async () => {
  expect(refused(await vote("olga", { for: "lena" })).code).toBe("NOT_A_STAND_IN");
  accepted(await standIn("rosa", "olga"));
  expect(refused(await vote("olga", { for: "rosa" })).code).toBe("OWN_CHANGE");
  accepted(await standIn("lena", "rosa"));
  expect(refused(await vote("rosa", { for: "lena" })).code).toBe("OWN_CHANGE");
  const [made] = await readDelegations(store.db, { person: "lena" });
  expect(refused(await workspace.door.execute(endDelegation, { id: made!.id }, as("ben"))).code).toBe("NOT_ALLOWED");
  accepted(await workspace.door.execute(endDelegation, { id: made!.id }, as("lena")));
  expect(refused(await workspace.door.execute(endDelegation, { id: made!.id }, as("lena"))).code).toBe(
    "DELEGATION_OVER",
  );
  expect(refused(await workspace.door.execute(endDelegation, { id: "x" }, as("lena"))).code).toBe("NOT_FOUND");
});

test("of two stand-ins named for one time at the same instant there is one", async () => {
  const outcomes = await Promise.all([standIn("lena", "olga"), standIn("lena", "ben")]);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(refused(outcomes.find(({ ok }) => !ok)!).code).toBe("DELEGATION_OVERLAPS");
});

test("others name a stand-in for somebody only where they manage people", async () => {
  const body = { person: "ben", delegate: "olga", until: new Date(now.getTime() + DAY_MS).toISOString() };
  expect(refused(await workspace.door.execute(makeDelegation, body, as("lena"))).code).toBe("NOT_ALLOWED");
  accepted(await workspace.door.execute(makeDelegation, body, as("admin")));
  expect((await readDelegations(store.db, { person: "ben" }))[0]).toMatchObject({ delegate: "olga", madeBy: "admin" });
});

test("a vote is taken back until something is decided by it, and may be given again", async () => {
  accepted(await vote("ben"));
  accepted(await workspace.door.execute(withdrawVote, { id }, as("ben")));
  expect((await change()).votes).toMatchObject([{ voter: "ben", withdrawn: { by: "ben" } }]);
  accepted(await vote("lena"));
  expect((await change()).status).toBe("awaiting_approval");
  accepted(await vote("ben"));
  expect((await change()).status).toBe("approved");
  expect(refused(await workspace.door.execute(withdrawVote, { id }, as("ben"))).code).toBe("DECIDED");
  expect(await events()).toContain("vote.withdrawn");
});

test("whoever keeps out is not heard, and comes back", async () => {
  accepted(await vote("ben"));
  accepted(await workspace.door.execute(recuse, { id, reason: "My sister sells it." }, as("ben")));
  accepted(await vote("lena"));
  expect(refused(await vote("ben")).code).toBe("RECUSED");
  const seen = accepted(await viewChange(store.db, workspace.processes, id, workspace.people.ben, now));
  expect(seen.recusals).toMatchObject([{ person: "ben", reason: "My sister sells it." }]);
  expect(seen.acts).toContainEqual({ act: "withdraw-vote", allowed: true });
  expect((await change()).status).toBe("awaiting_approval");
  accepted(await workspace.door.execute(withdrawVote, { id }, as("ben")));
  accepted(await vote("ben"));
  expect((await change()).status).toBe("approved");
  expect(await events()).toEqual(expect.arrayContaining(["vote.recused", "recusal.withdrawn"]));
});
