import { expect, test } from "vitest";
import type { Change, Recusal, Vote } from "../../change/change.ts";
import type { Board, Process, Requirement } from "../../process/process.ts";
import { aChange, aPerson, aProcess, aTable } from "../../testing/builders.ts";
import { evaluateApprovals } from "./quorum.ts";
import { decideRecusal, decideWithdrawal } from "./withdrawal.ts";

const two: Requirement = { id: "owning-team", title: "Owning team", from: { team: "owning" }, count: 2 };
const board: Board = { id: "cab", title: "CAB", members: ["a", "b", "c"], chair: "a" };
const cab: Requirement = { id: "cab", title: "CAB", from: { board: "cab" }, count: 1 };
const names = ["ben", "carla", "dora"];
const people = names.map((handle, seat) => aPerson({ handle, positions: [{ position: board.members[seat]! }] }));
const now = "2026-01-03T00:00:00Z";

function asking(...requirements: Requirement[]): Process {
  return aProcess({ boards: [board], approvals: aTable("approvals", { requirements }) });
}

let cast = 0;
function vote(voter: string, overrides: Partial<Vote> = {}): Vote {
  cast += 1;
  const { contentHash } = aChange();
  const at = "2026-01-02T00:00:00Z";
  return { id: `v${cast}`, requirement: "owning-team", voter, decision: "approve", contentHash, at, ...overrides };
}

function withdraw(process: Process, change: Partial<Change>, person = "ben", requirement?: string) {
  const named = requirement === undefined ? {} : { requirement };
  return decideWithdrawal({ process, change: aChange(change), person, people, now, ...named });
}

test("a vote that has decided nothing yet is taken back, and counts no more", () => {
  const mine = vote("ben");
  const taken = { ...mine, withdrawn: { at: now, by: "ben" } };
  expect(withdraw(asking(two), { votes: [mine] })).toEqual({
    ok: true,
    value: { votes: [taken], recusals: [], taken: [taken] },
  });
  const { explanation } = evaluateApprovals({
    process: asking(two),
    change: aChange({ votes: [taken] }),
    environment: "staging",
    facts: {},
    people,
  });
  expect(explanation.children[0]?.children[0]).toMatchObject({
    met: false,
    reason: "does not count: it was withdrawn",
  });
});

test("what was decided stays, whoever wants it back", () => {
  const votes = [vote("ben"), vote("carla"), vote("ben", { requirement: "cab" })];
  expect(withdraw(asking(two), { votes: votes.slice(0, 2) })).toMatchObject({
    refusal: { code: "DECIDED", details: { requirements: ["owning-team"] } },
  });
  const both = withdraw(asking(two, cab), { votes });
  expect(both).toMatchObject({ value: { taken: [{ requirement: "cab" }] } });
  expect(withdraw(asking(two, cab), { votes }, "ben", "owning-team")).toMatchObject({ refusal: { code: "DECIDED" } });
  const rejected = [vote("ben", { decision: "reject", environment: "staging" })];
  expect(withdraw(asking(two), { votes: rejected })).toMatchObject({ refusal: { code: "DECIDED" } });
});

test.each<[string, Partial<Change>, string | undefined]>([
  ["NO_VOTE", {}, undefined],
  ["NO_VOTE", { votes: [vote("carla")] }, undefined],
  ["NO_VOTE", { votes: [vote("ben", { contentHash: "old" })] }, undefined],
  ["NO_VOTE", { votes: [vote("ben", { withdrawn: { at: now, by: "ben" } })] }, undefined],
  ["NO_VOTE", { votes: [vote("ben")] }, "cab"],
  ["CHANGE_OVER", { votes: [vote("ben")], status: "closed" }, undefined],
])("%s", (code, change, requirement) => {
  expect(withdraw(asking(two, cab), change, "ben", requirement)).toMatchObject({ refusal: { code } });
});

test("a vote for one environment is open while another's is decided", () => {
  const votes = [
    vote("carla", { environment: "staging" }),
    vote("dora", { environment: "staging" }),
    vote("ben", { environment: "production" }),
  ];
  expect(withdraw(asking(two), { votes })).toMatchObject({ value: { taken: [{ environment: "production" }] } });
  expect(withdraw(asking(two), { votes }, "carla")).toMatchObject({ refusal: { code: "DECIDED" } });
});

test("a vote cast for another is taken back by either of the two", () => {
  const votes = [vote("carla", { for: "ben" })];
  for (const person of ["ben", "carla"]) {
    expect(withdraw(asking(two), { votes }, person)).toMatchObject({
      value: { taken: [{ withdrawn: { by: person } }] },
    });
  }
});

function recuse(process: Process, change: Partial<Change>, person = "ben", reason = "My brother sells it.") {
  return decideRecusal({ process, change: aChange(change), person, reason, people, now });
}

test("whoever has a conflict of interest keeps out, and their votes with them", () => {
  const recusal = { person: "ben", reason: "My brother sells it.", at: now };
  expect(recuse(asking(two), { votes: [vote("ben")] })).toEqual({ ok: true, value: recusal });
  const change = aChange({ votes: [vote("ben")], recusals: [recusal] });
  const { explanation } = evaluateApprovals({
    process: asking(two),
    change,
    environment: "staging",
    facts: {},
    people,
  });
  expect(explanation.children[0]).toMatchObject({
    couldBeGivenBy: ["carla", "dora"],
    children: [{ reason: "does not count: ben has recused themselves: My brother sells it." }],
  });
});

test.each<[string, Partial<Change>, string, string]>([
  ["OWN_CHANGE", {}, "anna", "Mine."],
  ["COMMENT_REQUIRED", {}, "ben", " "],
  ["ALREADY_RECUSED", { recusals: [{ person: "ben", reason: "x", at: now }] }, "ben", "y"],
  ["CHANGE_OVER", { status: "cancelled" }, "ben", "x"],
  ["DECIDED", { votes: [vote("ben"), vote("carla")] }, "ben", "x"],
])("refuses a recusal with %s", (code, change, person, reason) => {
  expect(recuse(asking(two), change, person, reason)).toMatchObject({ refusal: { code } });
});

test("a recusal is taken back until something is decided that the person would have had a say in", () => {
  const recusals: Recusal[] = [
    { person: "ben", reason: "x", at: now },
    { person: "carla", reason: "y", at: now },
  ];
  expect(withdraw(asking(two), { recusals })).toEqual({
    ok: true,
    value: { votes: [], recusals: [recusals[1]], taken: [], recusal: recusals[0] },
  });
  const votes = [vote("carla"), vote("dora")];
  const alone = { recusals: recusals.slice(0, 1), votes };
  expect(withdraw(asking(two), alone)).toMatchObject({ refusal: { code: "DECIDED" } });
  // Of somebody nobody knows here any more nothing depends.
  expect(
    decideWithdrawal({ process: asking(two), change: aChange(alone), person: "ben", people: [], now }),
  ).toMatchObject({ ok: true });
  const mixed = { ...alone, votes: [...votes, vote("ben", { requirement: "cab" })] };
  expect(withdraw(asking(two, cab), mixed)).toMatchObject({
    value: { taken: [{ requirement: "cab" }], recusals: [{}] },
  });
});
