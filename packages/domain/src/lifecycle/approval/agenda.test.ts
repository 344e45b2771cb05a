import { expect, test } from "vitest";
import type { Change, Vote } from "../../change/change.ts";
import type { Requirement } from "../../process/process.ts";
import { aChange, aPerson, aProcess, aTable } from "../../testing/builders.ts";
import { agendaOf } from "./agenda.ts";

const cab: Requirement = { id: "cab", title: "Full review", from: { board: "cab" }, count: 1, decision: "unanimous" };
const ratify: Requirement = { id: "ratify", title: "Ratify", from: { board: "cab" }, count: 1, due: "closing" };
const lead: Requirement = { id: "lead", title: "Lead", from: { team: "owning" }, count: 1 };
const process = aProcess({
  boards: [{ id: "cab", title: "CAB", members: ["a", "b"], chair: "a" }],
  approvals: aTable("approvals", { requirements: [cab, ratify, lead] }),
});
const people = ["a", "b"].map((position) => aPerson({ handle: position, positions: [{ position }] }));

function agenda(change: Partial<Change> = {}, board = "cab") {
  return agendaOf(process, aChange(change), board, people);
}

function vote(voter: string, decision: Vote["decision"]): Vote {
  return {
    id: voter,
    requirement: "cab",
    voter,
    decision,
    contentHash: aChange().contentHash,
    at: "2026-01-01T00:00:00Z",
  };
}

test("what waits for a board is asked of it once for all environments, with how the vote stands", () => {
  expect(agenda({ votes: [vote("a", "approve")] })).toEqual([
    {
      requirement: "cab",
      title: "Full review",
      environments: ["staging", "production"],
      decision: "unanimously",
      standing: "not decided: 1 for, 0 against, 0 abstained, 1 to come",
      ratifies: false,
    },
  ]);
  expect(agenda({ status: "monitoring" })).toMatchObject([{ requirement: "ratify", ratifies: true }]);
});

test("what is decided, or asked of others or later, does not wait for it", () => {
  expect(agenda({ votes: [vote("a", "approve"), vote("b", "approve")] })).toEqual([]);
  expect(agenda({ votes: [vote("a", "reject")] })).toEqual([]);
  expect(agenda({ status: "implementing" })).toEqual([]);
  expect(agenda({}, "ccb")).toEqual([]);
});
