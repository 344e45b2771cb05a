import { describe, expect, test } from "vitest";
import type { Vote } from "../../change/change.ts";
import type { Process, Requirement } from "../../process/process.ts";
import { aChange, aPerson, aProcess, aRow, aTable } from "../../testing/builders.ts";
import { evaluateApprovals } from "./quorum.ts";
import { decideVote, type VoteInput } from "./vote.ts";

const owning: Requirement = { id: "owning-team", title: "Owning team", from: { team: "owning" }, count: 1 };
const architecture: Requirement = {
  id: "architecture",
  title: "Architecture",
  from: { roles: ["architect"] },
  count: 1,
};
const ben = aPerson();
const carla = aPerson({ handle: "carla", roles: ["architect"] });
const anna = aPerson({ handle: "anna" });
const dora = aPerson({ handle: "dora", teams: [] });
const change = aChange();

function asking(...requirements: Requirement[]): Process {
  return aProcess({ approvals: aTable("approvals", { requirements }) });
}

function cast(overrides: Partial<VoteInput> = {}) {
  return decideVote({
    process: asking(owning),
    change,
    decision: "approve",
    contentHash: change.contentHash,
    voter: ben,
    people: [anna, ben, carla, dora],
    now: "2026-01-02T00:00:00Z",
    voteId: "vote-1",
    ...overrides,
  });
}

function earlier(voter: string, overrides: Partial<Vote> = {}): Vote {
  return {
    id: "v0",
    requirement: "owning-team",
    voter,
    decision: "approve",
    contentHash: change.contentHash,
    at: "2026-01-01T00:00:00Z",
    ...overrides,
  };
}

const requirementsOf = (outcome: ReturnType<typeof decideVote>) =>
  outcome.ok ? outcome.value.map((item) => item.requirement) : outcome.refusal.code;

test("a vote is bound to what was looked at", () => {
  expect(cast({ comment: " " })).toEqual({
    ok: true,
    value: [
      {
        requirement: "owning-team",
        vote: {
          id: "vote-1",
          requirement: "owning-team",
          voter: "ben",
          decision: "approve",
          contentHash: change.contentHash,
          at: "2026-01-02T00:00:00Z",
        },
      },
    ],
  });
  expect(cast({ environment: "staging", comment: "Fine." })).toMatchObject({
    value: [{ vote: { environment: "staging", comment: "Fine." } }],
  });
});

test.each<[string, Partial<VoteInput>]>([
  ["WRONG_STAGE", { change: { ...change, status: "draft" } }],
  ["ENVIRONMENT_UNKNOWN", { environment: "prod" }],
  ["CONTENT_CHANGED", { contentHash: "old" }],
  ["OWN_CHANGE", { voter: anna }],
  ["COMMENT_REQUIRED", { decision: "reject" }],
  ["COMMENT_REQUIRED", { decision: "reject", comment: " " }],
  ["REQUIREMENT_UNKNOWN", { requirement: "owning-tem" }],
  ["NOT_AN_APPROVER", { voter: dora }],
  ["NOT_AN_APPROVER", { process: asking() }],
  ["NOT_AN_APPROVER", { process: asking(), environment: "staging" }],
  ["ALREADY_VOTED", { change: { ...change, votes: [earlier("ben")] } }],
])("%s", (code, overrides) => {
  expect(cast(overrides)).toMatchObject({ ok: false, refusal: { code } });
});

test("who cannot give it is told who could", () => {
  expect(cast({ voter: dora })).toMatchObject({
    refusal: {
      message: 'dora cannot give this approval: "Owning team" takes a member of the owning team.',
      hint: "It could be given by ben, carla.",
      details: { couldBeGivenBy: ["ben", "carla"] },
    },
  });
  expect(cast({ voter: dora, people: [] })).toMatchObject({ refusal: { hint: "Nobody here could give it yet." } });
});

test("requesters may vote where the process lets them", () => {
  const process = { ...asking(owning), duties: { ownChangeApproval: true, ownChangeDeployment: false } };
  expect(requirementsOf(cast({ process, voter: anna }))).toEqual(["owning-team"]);
});

test("a vote on other content or another environment does not stand in the way", () => {
  const votes = [earlier("ben", { contentHash: "old" }), earlier("ben", { environment: "production" })];
  expect(requirementsOf(cast({ change: { ...change, votes }, environment: "staging" }))).toEqual(["owning-team"]);
  expect(requirementsOf(cast({ change: { ...change, votes } }))).toBe("ALREADY_VOTED");
});

test("left out, the requirement is the one the voter can give and that still misses votes", () => {
  const process = asking(owning, architecture);
  expect(requirementsOf(cast({ process }))).toEqual(["owning-team"]);
  const votes = [earlier("ben")];
  expect(requirementsOf(cast({ process, voter: carla, change: { ...change, votes } }))).toEqual(["architecture"]);
});

test("a second approver who comes a moment later is heard as well", () => {
  expect(requirementsOf(cast({ voter: carla, change: { ...change, votes: [earlier("ben")] } }))).toEqual([
    "owning-team",
  ]);
});

test("who could give two that cannot share chooses one, and cannot give the other afterwards", () => {
  const process = asking(owning, architecture);
  expect(cast({ process, voter: carla })).toMatchObject({
    refusal: { code: "CHOOSE_REQUIREMENT", details: { requirements: ["owning-team", "architecture"] } },
  });
  expect(requirementsOf(cast({ process, voter: carla, requirement: "architecture" }))).toEqual(["architecture"]);
  const again = cast({
    process,
    voter: carla,
    requirement: "architecture",
    change: { ...change, votes: [earlier("carla")] },
  });
  expect(again).toMatchObject({ refusal: { code: "ALREADY_VOTED", hint: "One person cannot give both." } });
});

test("where two may share, one act gives both, each vote with its own id", () => {
  const process = asking(owning, { ...architecture, mayShare: ["owning-team"] });
  const both = cast({ process, voter: carla });
  expect(both.ok && both.value.map((item) => item.vote.id)).toEqual(["vote-1", "vote-1-2"]);
  const named = cast({ process, voter: carla, voteId: (requirement) => `id of ${requirement}` });
  expect(named.ok && named.value.map((item) => item.vote.id)).toEqual(["id of owning-team", "id of architecture"]);
});

test("one rejection is enough, and does not have to choose", () => {
  const process = asking(owning, architecture);
  expect(requirementsOf(cast({ process, voter: carla, decision: "reject", comment: "No." }))).toEqual(["owning-team"]);
});

test("for one environment only what it asks for can be given", () => {
  const rows = [
    aRow("all", {}, { requirements: [owning] }),
    aRow("last", { lastEnvironment: true }, { requirements: [architecture] }),
  ];
  const process = aProcess({ approvals: aTable("approvals", { requirements: [owning] }, { hit: "collect", rows }) });
  expect(requirementsOf(cast({ process, voter: carla, environment: "staging" }))).toEqual(["owning-team"]);
  expect(requirementsOf(cast({ process, voter: carla, environment: "production" }))).toBe("CHOOSE_REQUIREMENT");
  expect(requirementsOf(cast({ process, environment: "staging", requirement: "architecture" }))).toBe(
    "REQUIREMENT_UNKNOWN",
  );
});

test("what comes after others is voted on when they are met", () => {
  const process = asking(owning, { ...architecture, after: ["owning-team"], mayShare: ["owning-team"] });
  expect(cast({ process, voter: carla, requirement: "architecture" })).toMatchObject({
    refusal: { code: "APPROVAL_OUT_OF_ORDER", details: { before: ["owning-team"] } },
  });
  expect(requirementsOf(cast({ process, voter: carla }))).toEqual(["owning-team"]);
  const voted = { ...change, votes: [earlier("ben")] };
  expect(requirementsOf(cast({ process, voter: carla, requirement: "architecture", change: voted }))).toEqual([
    "architecture",
  ]);
});

test("after a deployment only what may come until closing is voted on", () => {
  const watched = { ...change, status: "monitoring" as const };
  expect(cast({ change: watched })).toMatchObject({ refusal: { code: "WRONG_STAGE" } });
  const process = asking(owning, { ...architecture, due: "closing" });
  expect(requirementsOf(cast({ process, voter: carla, change: watched }))).toEqual(["architecture"]);
  expect(cast({ process, change: watched, requirement: "owning-team" })).toMatchObject({
    refusal: { code: "REQUIREMENT_UNKNOWN" },
  });
});

describe("a vote for somebody else", () => {
  const february = { from: "2026-01-01T00:00:00Z", until: "2026-03-01T00:00:00Z" };
  const eve = aPerson({ handle: "eve", teams: [], standsInFor: [{ person: "ben", ...february }] });
  const all = [anna, ben, carla, dora, eve];
  const forBen = (overrides: Partial<VoteInput> = {}) => cast({ voter: eve, for: "ben", people: all, ...overrides });

  test("takes the right of the one and says so", () => {
    expect(forBen()).toMatchObject({ value: [{ vote: { voter: "eve", for: "ben", requirement: "owning-team" } }] });
    expect(cast({ for: "ben" })).toEqual(cast());
  });

  test.each<[string, Partial<VoteInput>]>([
    ["NOT_A_STAND_IN", { for: "carla" }],
    ["NOT_A_STAND_IN", { now: "2026-03-01T00:00:00Z" }],
    ["NOT_A_STAND_IN", { people: [eve] }],
    ["NOT_A_STAND_IN", { voter: dora, people: [] }],
    ["OWN_CHANGE", { for: "anna" }],
    ["OWN_CHANGE", { voter: anna }],
    ["RECUSED", { change: { ...change, recusals: [{ person: "eve", reason: "x", at: "" }] } }],
    ["RECUSED", { change: { ...change, recusals: [{ person: "ben", reason: "x", at: "" }] } }],
    ["ALREADY_VOTED", { change: { ...change, votes: [earlier("ben")] } }],
  ])("is refused with %s", (code, overrides) => {
    expect(forBen(overrides)).toMatchObject({ refusal: { code } });
  });

  test("nobody is heard twice for one requirement, by their right or by their hand", () => {
    const forOne = aPerson({ ...carla, standsInFor: [{ person: "ben", ...february }] });
    const people = [anna, ben, forOne, dora];
    const own = { ...change, votes: [earlier("carla")] };
    expect(cast({ voter: forOne, for: "ben", people, change: own })).toMatchObject({
      refusal: { code: "ALREADY_VOTED", message: 'ben or carla has voted on "Owning team" already.' },
    });
    const ofBen = { ...change, votes: [earlier("carla", { for: "ben" })] };
    expect(requirementsOf(cast({ change: ofBen }))).toBe("ALREADY_VOTED");
    // Not for another requirement either, where the two cannot share.
    const process = asking(owning, architecture);
    const other = cast({ process, voter: forOne, people, requirement: "architecture", change: ofBen });
    expect(other).toMatchObject({ refusal: { code: "ALREADY_VOTED", hint: "One person cannot give both." } });
  });

  test("whoever has no right of their own is told for whom they could vote", () => {
    expect(cast({ voter: eve, people: all })).toMatchObject({
      refusal: {
        code: "NOT_AN_APPROVER",
        hint: "It could be given by ben, carla. Say that the vote is for ben, for whom you stand in.",
      },
    });
    expect(forBen({ people: [anna, eve, { ...ben, teams: [] }] })).toMatchObject({
      refusal: { message: expect.stringMatching(/^ben cannot give this approval/) },
    });
    expect(forBen({ for: "ben", voter: { ...eve, standsInFor: [] }, people: [ben] })).toMatchObject({
      refusal: { hint: "ben can name who votes for them." },
    });
    expect(forBen({ for: "carla" })).toMatchObject({ refusal: { hint: "At present it is for ben." } });
  });
});

test("a withdrawn vote does not stand in the way of another", () => {
  const votes = [earlier("ben", { withdrawn: { at: "2026-01-01T01:00:00Z", by: "ben" } })];
  expect(requirementsOf(cast({ change: { ...change, votes } }))).toEqual(["owning-team"]);
});

test("a vote in a meeting counts for what its board is asked for, and keeps who was heard; a board by presence goes by that", () => {
  const seats = ["one", "two", "three", "four", "five"];
  const boards = [
    { id: "board", title: "Board", members: seats, chair: "one", quorum: 2, quorumBy: "presence" as const },
  ];
  const asked: Requirement = { id: "board", title: "The board", from: { board: "board" }, count: 1 };
  const held = seats.map((position) => aPerson({ handle: position, teams: ["core"], positions: [{ position }] }));
  const process = aProcess({ boards, approvals: aTable("approvals", { requirements: [owning, asked] }) });
  const meeting = { id: "m", board: "board", present: ["two", "three"] };
  const given = { process, people: held, voter: held[1]!, meeting };
  const first = cast(given);
  expect(first).toMatchObject({
    value: [{ requirement: "board", vote: { meeting: { id: "m", present: ["two", "three"] } } }],
  });
  expect(cast({ ...given, requirement: "owning-team" })).toMatchObject({ refusal: { code: "NOT_ON_AGENDA" } });
  expect(cast({ ...given, meeting: { ...meeting, board: "another" } })).toMatchObject({
    refusal: { code: "NOT_ON_AGENDA" },
  });
  const votes = (["two", "three"] as const).map((voter) =>
    earlier(voter, { id: voter, requirement: "board", meeting: { id: "m", present: ["two", "three"] } }),
  );
  const judged = (on: Process) =>
    evaluateApprovals({
      process: on,
      change: { ...change, votes },
      environment: "staging",
      facts: change.facts,
      people: held,
    });
  expect(judged(process)).toMatchObject({ decided: ["board"], lost: [] });
  const { quorumBy, ...answering } = boards[0]!;
  expect(judged({ ...process, boards: [answering] })).toMatchObject({ decided: [] });
});
