import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { aTable } from "@change-mgmt/domain/testing/builders.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadChange } from "../../storage/change-record.ts";
import type { Store } from "../../storage/store.ts";
import {
  accepted,
  aQuickProcess,
  aSmallWorkspace,
  refused,
  type SmallWorkspace,
} from "../../testing/small-workspace.ts";
import { newEmbeddedStore } from "../../testing/stores.ts";
import { closeChange } from "../monitoring/close-change.ts";
import { readOverview } from "../overview.ts";
import { boardInForce, readAgenda, readBoards } from "./agenda.ts";
import { boardRoutes } from "./board-routes.ts";
import { castVote } from "./cast-vote.ts";

let store: Store;
let workspace: SmallWorkspace;

/** What is submitted is being watched at once, as if it had been deployed in an emergency; the board ratifies it. */
function process() {
  const { stages, ...quick } = aQuickProcess();
  const watching = {
    id: "watching",
    title: "Watching",
    status: "monitoring",
    steps: [],
    transitions: [{ on: "close", to: "closed", gates: ["obligations"] }],
  } as const;
  const closed = { id: "closed", title: "Closed", status: "closed", steps: [], transitions: [] } as const;
  const [draft, ...others] = stages;
  const submit = { on: "submit", to: "watching", gates: ["form"] } as const;
  const ratify = {
    id: "ratified",
    title: "Ratified by the board",
    from: { board: "board" },
    count: 1,
    due: "closing" as const,
    within: { workingDays: 2 },
  };
  const meets = { days: ["WE" as const], from: "15:00", to: "16:00", zone: "UTC" };
  return {
    ...quick,
    positions: [{ id: "chair", title: "Chair" }],
    boards: [{ id: "board", title: "Board", members: ["chair"], chair: "chair", meets, convenesWithin: { hours: 2 } }],
    stages: [{ ...draft!, transitions: [submit] }, watching, ...others, closed],
    approvals: aTable("approvals", { requirements: [ratify] }),
    afterwards: aTable("afterwards", { monitoringDays: 0, obligations: [] }),
  };
}

beforeAll(async () => {
  store = await newEmbeddedStore();
  workspace = await aSmallWorkspace(store, { process: process() });
  await store.db
    .insertInto("user_positions")
    .values({ id: crypto.randomUUID(), handle: "ben", position: "chair", team: null })
    .execute();
});
afterAll(() => store?.close());

test("what a board ratifies waits for its members after the deployment, and keeps the change from being closed", async () => {
  const id = await workspace.submitted();
  const { rosa, lena } = workspace.people;
  // What the door is given is read from the tokens of people; the board goes by what they hold now.
  const ben: Actor = { ...workspace.people.ben, positions: [{ position: "chair" }] };
  const waiting = async (actor: Actor) =>
    (await readOverview(store.db, workspace.processes, actor, new Date())).waitingForMe;
  expect(await waiting(ben)).toMatchObject([
    { act: "vote", change: { id }, reason: expect.stringMatching(/^It is deployed and cannot be closed .*, due by /) },
  ]);
  expect((await waiting(lena)).map(({ act }) => act)).not.toContain("vote");
  const { processes } = workspace;
  const board = accepted(boardInForce(processes, "quick", "board"));
  expect(await readAgenda(store.db, processes, board, new Date())).toMatchObject({
    board: { title: "Board", members: [{ position: "chair", holders: ["ben"] }], convenesWithin: "2 hours" },
    items: [
      {
        change: { requester: "rosa" },
        asked: [{ requirement: "ratified", decision: "by majority", ratifies: true, dueAt: expect.any(String) }],
        votes: [],
      },
    ],
    more: false,
  });
  expect(await readBoards(store.db, processes, new Date())).toMatchObject([{ id: "board", process: "quick" }]);
  for (const [name, id] of [
    ["quick", "cab"],
    ["slow", "board"],
  ] as const) {
    expect(refused(boardInForce(processes, name, id))).toMatchObject({
      code: "NOT_FOUND",
      hint: "Boards here: quick/board.",
    });
  }
  const close = () => workspace.door.execute(closeChange, { id }, { actor: rosa });
  expect(refused(await close())).toMatchObject({ code: "NOT_APPROVED", details: { missing: ["ratified"] } });
  const { contentHash } = accepted(await loadChange(store.db, id));
  accepted(await workspace.door.execute(castVote, { id, decision: "approve", contentHash }, { actor: ben }));
  expect((await waiting(ben)).map(({ act }) => act)).not.toContain("vote");
  expect((await readAgenda(store.db, processes, board, new Date())).items).toEqual([]);
  accepted(await close());
});

test("a board's meetings are a calendar", async () => {
  const { db } = store;
  const ask = boardRoutes({ db, processes: workspace.processes })["boards.calendar"]!;
  const call = { actor: workspace.people.ben, params: { name: "quick", board: "board" } };
  const { pieces, fileName } = accepted(await ask(call as Parameters<typeof ask>[0]));
  expect(fileName).toBe("quick-board.ics");
  let text = "";
  for await (const piece of pieces) text += piece;
  expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(52);
  expect(text).toMatch(/DTSTART:\d{8}T150000Z/);
});
