import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { aTable } from "@change-mgmt/domain/testing/builders.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
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
import { castVote } from "./cast-vote.ts";
import { meetingRoutes } from "./meeting-routes.ts";
import { attendMeeting, callOffMeeting, closeMeeting, conveneMeeting, noteInMeeting, openMeeting } from "./meetings.ts";

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;
/** A Wednesday, a while before the board meets. */
let now = new Date("2026-03-04T14:30:00Z");

/** The board of three seats decides once two are there; the change waits for it. */
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
  const meets = { days: ["WE" as const], from: "15:00", to: "16:00", zone: "UTC" };
  const seats = ["chair", "security", "operations"];
  const asked = { id: "board", title: "Review of the board", from: { board: "board" }, count: 1 };
  return {
    ...quick,
    positions: seats.map((id) => ({ id, title: id })),
    boards: [
      {
        id: "board",
        title: "Board",
        members: seats,
        chair: "chair",
        quorumBy: "presence" as const,
        meets,
        convenesWithin: { hours: 2 },
      },
    ],
    stages: [{ ...draft!, transitions: [submit, ...draft!.transitions.slice(1)] }, approval, ...others],
    approvals: aTable("approvals", { requirements: [asked] }),
  };
}

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store, { process: process(), now: () => now });
  for (const [handle, position] of Object.entries(SEATS)) {
    await store.db
      .insertInto("user_positions")
      .values({ id: crypto.randomUUID(), handle, position, team: null })
      .execute();
  }
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

type Who = keyof SmallWorkspace["people"];
const SEATS: { readonly [W in Who]?: string } = { lena: "chair", ben: "security", olga: "operations" };

function as(who: Who, idempotencyKey?: string) {
  const position = SEATS[who];
  const positions = position === undefined ? [] : [{ position }];
  return { actor: { ...workspace.people[who], positions }, idempotencyKey };
}
const board = { name: "quick", board: "board" };

function routes() {
  return meetingRoutes({ db: store.db, door: workspace.door, processes: workspace.processes });
}

async function read(id: string) {
  const actor: Actor = workspace.people.audrey;
  return accepted(await routes()["meetings.get"]!({ actor, params: { id }, query: {}, body: {} } as never)) as {
    decisions: { outcome: string }[];
  };
}

async function vote(who: Who, id: string, meeting: string, decision = "approve") {
  const { contentHash } = accepted(await loadChange(store.db, id));
  const input = { id, decision, contentHash, meeting, comment: "Looked at." };
  return await workspace.door.execute(castVote, input, as(who));
}

async function events(): Promise<string[]> {
  const rows = await store.db
    .selectFrom("audit_trail")
    .select("action")
    .where("action", "like", "meeting.%")
    .where("stream", "=", "workspace")
    .where(sql<string>`entry::jsonb ->> 'outcome'`, "=", "done")
    .orderBy("stream_seq")
    .execute();
  return rows.map(({ action }) => action);
}

test("a board meets: convened, opened, attended, voted in, noted and closed, and its minutes stay as they are", async () => {
  const { door } = workspace;
  const change = await workspace.submitted();
  const convene = () => door.execute(conveneMeeting, board, as("ben", "convene-once"));
  const { id } = accepted(await convene());
  expect(accepted(await convene())).toEqual({ id });
  expect(workspace.committed.find(({ type }) => type === "meeting.convened")?.details).toMatchObject({
    urgent: false,
    from: "2026-03-04T15:00:00.000Z",
    to: "2026-03-04T16:00:00.000Z",
    told: ["ben", "lena", "olga"],
  });
  expect(refused(await door.execute(closeMeeting, { id }, as("lena"))).code).toBe("MEETING_STATE");
  expect(refused(await door.execute(openMeeting, { id }, as("audrey"))).code).toBe("NOT_ALLOWED");
  expect(refused(await door.execute(openMeeting, { id }, as("rosa"))).code).toBe("NOT_A_MEMBER");
  accepted(await door.execute(openMeeting, { id }, as("ben")));
  expect(refused(await vote("olga", change, id)).code).toBe("NOT_PRESENT");
  accepted(await vote("ben", change, id));
  accepted(await door.execute(attendMeeting, { id }, as("olga")));
  accepted(await door.execute(attendMeeting, { id, person: "rosa" }, as("ben")));
  expect(refused(await door.execute(attendMeeting, { id, person: "audrey" }, as("olga"))).code).toBe("NOT_THE_CHAIR");
  expect(await read(id)).toMatchObject({
    state: "open",
    leads: ["ben", "lena"],
    quorum: { seats: 2, needed: 2, reached: true },
    decisions: [{ outcome: "open", votes: [{ voter: "ben", decision: "approve" }] }],
  });
  // Lena has not answered; the two who are there decide.
  accepted(await vote("olga", change, id));
  expect(accepted(await loadChange(store.db, change)).status).toBe("approved");
  accepted(await door.execute(noteInMeeting, { id, notes: "Decided soon." }, as("lena")));
  accepted(await door.execute(attendMeeting, { id, person: "rosa", present: false }, as("ben")));
  accepted(await door.execute(closeMeeting, { id }, as("lena")));
  const minutes = await read(id);
  expect(minutes).toMatchObject({
    state: "closed",
    endedBy: "lena",
    notes: "Decided soon.",
    notedBy: "lena",
    attendance: [
      { person: "ben", seat: true },
      { person: "olga", seat: true },
      { person: "rosa", seat: false, leftAt: expect.any(String) },
    ],
    decisions: [{ requirement: "board", outcome: "approved", standing: expect.stringContaining("2 for, 0 against") }],
  });
  expect(refused(await door.execute(noteInMeeting, { id, notes: "Other." }, as("lena"))).code).toBe("MEETING_STATE");
  // Whatever becomes of the change afterwards.
  await store.db.deleteFrom("user_positions").where("handle", "=", "olga").execute();
  expect((await read(id)).decisions).toEqual(minutes.decisions);
  await store.db
    .insertInto("user_positions")
    .values({ id: crypto.randomUUID(), handle: "olga", position: "operations", team: null })
    .execute();
  expect(await events()).toEqual(
    ["convened", "opened", "joined", "joined", "noted", "left", "closed"].map((what) => `meeting.${what}`),
  );
});

test("in an emergency it convenes at once; a vote against it there is in the minutes, a second meeting at once is not opened", async () => {
  const { door } = workspace;
  now = new Date("2026-03-06T23:00:00Z");
  const change = await workspace.submitted();
  const urgent = { ...board, urgent: true, reason: "Orders are lost." };
  expect(refused(await door.execute(conveneMeeting, { ...board, urgent: true }, as("rosa"))).code).toBe(
    "MEETING_REASON",
  );
  const { id } = accepted(await door.execute(conveneMeeting, urgent, as("rosa")));
  const regular = accepted(await door.execute(conveneMeeting, board, as("olga")));
  expect(refused(await door.execute(openMeeting, regular, as("olga"))).code).toBe("MEETING_TOO_EARLY");
  accepted(await door.execute(openMeeting, { id }, as("lena")));
  const later = { ...urgent, from: "2026-03-07T00:30:00Z" };
  const second = accepted(await door.execute(conveneMeeting, later, as("ben")));
  expect(refused(await door.execute(openMeeting, second, as("ben"))).code).toBe("MEETING_UNDER_WAY");
  accepted(await door.execute(attendMeeting, { id }, as("ben")));
  accepted(await vote("ben", change, id));
  // One against one, and the chair is against it.
  accepted(await vote("lena", change, id, "reject"));
  accepted(await door.execute(closeMeeting, { id }, as("lena")));
  expect(await read(id)).toMatchObject({
    urgent: true,
    reason: "Orders are lost.",
    decisions: [{ outcome: "rejected" }],
  });
  expect(refused(await door.execute(callOffMeeting, { id, reason: "Late." }, as("lena"))).code).toBe("MEETING_STATE");
  accepted(await door.execute(callOffMeeting, { ...regular, reason: "A holiday." }, as("olga")));
  accepted(await door.execute(conveneMeeting, board, as("olga")));
  const actor = workspace.people.rosa;
  const list = await routes()["meetings.list"]!({ actor, params: board, query: { limit: 3 } } as never);
  expect(accepted(list)).toMatchObject({
    items: [{ state: "convened" }, { state: "called-off", reason: "A holiday." }, { state: "convened", urgent: true }],
    more: true,
  });
});

test("what is no meeting, or of no board, is said", async () => {
  const nothing = { id: "01a00000-0000-7000-8000-000000000000" };
  expect(refused(await workspace.door.execute(openMeeting, nothing, as("lena"))).code).toBe("NOT_FOUND");
  expect(refused(await workspace.door.execute(conveneMeeting, { ...board, board: "none" }, as("lena"))).code).toBe(
    "NOT_FOUND",
  );
  const change = await workspace.submitted();
  expect(refused(await vote("lena", change, "no-meeting")).code).toBe("NOT_FOUND");
});
