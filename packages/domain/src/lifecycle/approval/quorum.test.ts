import { describe, expect, test } from "vitest";
import type { Change, Vote } from "../../change/change.ts";
import type { Process, Requirement } from "../../process/process.ts";
import { aChange, aPerson, aProcess, aRow, aTable } from "../../testing/builders.ts";
import { evaluateApprovals } from "./quorum.ts";
import { requirementsFor } from "./requirements.ts";
import { type Person, votersText } from "./voters.ts";

const owning: Requirement = { id: "owning-team", title: "Owning team", from: { team: "owning" }, count: 1 };
const architecture: Requirement = {
  id: "architecture",
  title: "Architecture",
  from: { roles: ["architect"] },
  count: 1,
};
const stakeholders: Requirement = {
  id: "stakeholders",
  title: "Stakeholders",
  from: { field: "stakeholders" },
  count: "all",
};
const ben = aPerson();
const carla = aPerson({ handle: "carla", roles: ["architect"] });
const people = [aPerson({ handle: "anna" }), ben, carla, aPerson({ handle: "dora", teams: ["web"] })];

function asking(...requirements: Requirement[]): Process {
  return aProcess({ approvals: aTable("approvals", { requirements }) });
}

let votes = 0;
function vote(voter: string, overrides: Partial<Vote> = {}): Vote {
  votes += 1;
  const { contentHash } = aChange();
  return {
    id: `v${votes}`,
    requirement: "owning-team",
    voter,
    decision: "approve",
    contentHash,
    at: "2026-01-02T00:00:00Z",
    ...overrides,
  };
}

function judge(
  process: Process,
  change: Partial<Change>,
  others: { environment?: string; people?: readonly Person[]; by?: "deployment" | "closing" } = {},
) {
  return evaluateApprovals({ process, change: aChange(change), environment: "staging", facts: {}, people, ...others });
}

test("a requirement is met by the vote of somebody who may give it, and says by whom", () => {
  const result = judge(asking(owning), { votes: [vote("ben")] });
  expect(result).toMatchObject({ met: true, missing: [], explanation: { reason: "every requirement is met" } });
  expect(result.explanation.children[0]).toMatchObject({
    met: true,
    reason: "given by ben",
    children: [{ met: true, reason: "counts" }],
  });
});

test("what is missing says who could give it", () => {
  const result = judge(asking(owning, architecture), { votes: [] });
  expect(result).toMatchObject({ met: false, missing: ["owning-team", "architecture"] });
  expect(result.explanation.children[0]).toMatchObject({
    met: false,
    reason: "0 of 1 given; could be given by ben, carla",
    couldBeGivenBy: ["ben", "carla"],
  });
  const nobody = judge(asking(owning), { votes: [] }, { people: [] });
  expect(nobody.explanation.children[0]).toMatchObject({
    reason: "0 of 1 given; nobody here could give it",
    couldBeGivenBy: [],
  });
});

test.each<[string, Vote, string]>([
  ["on other content", vote("ben", { contentHash: "old" }), "the content has changed since"],
  ["for another environment", vote("ben", { environment: "production" }), "counts for production only"],
  ["of the requester", vote("anna"), "nobody approves their own change"],
  ["of somebody outside the team", vote("dora"), "is not in team core"],
  ["of somebody nobody knows", vote("ghost"), "nobody of this name is known here"],
  ["that abstains", vote("ben", { decision: "abstain" }), "abstained, which is no approval"],
])("a vote %s does not count and the explanation says why", (_, given, reason) => {
  const { met, explanation } = judge(asking(owning), { votes: [given] });
  expect(met).toBe(false);
  expect(explanation.children[0]?.children[0]).toMatchObject({ met: false, reason: expect.stringContaining(reason) });
});

test("a vote for an environment counts there, one without for all", () => {
  const given = [vote("ben", { environment: "production" })];
  expect(judge(asking(owning), { votes: given }, { environment: "production" }).met).toBe(true);
  expect(judge(asking(owning), { votes: [vote("ben")] }, { environment: "production" }).met).toBe(true);
});

test("a person counts once per requirement", () => {
  const two = { ...owning, count: 2 };
  const once = judge(asking(two), { votes: [vote("ben"), vote("ben")] });
  expect(once.explanation.children[0]).toMatchObject({ met: false, reason: "1 of 2 given; could be given by carla" });
  expect(once.explanation.children[0]?.children[1]?.reason).toContain("ben has voted on this before");
  expect(judge(asking(two), { votes: [vote("ben"), vote("carla")] }).met).toBe(true);
});

test("a person counts for two requirements only where they may share", () => {
  const both = [vote("carla"), vote("carla", { requirement: "architecture" })];
  const apart = judge(asking(owning, architecture), { votes: both });
  expect(apart).toMatchObject({ met: false, missing: ["architecture"] });
  expect(apart.explanation.children[1]).toMatchObject({ couldBeGivenBy: [] });
  expect(apart.explanation.children[1]?.children[0]?.reason).toContain('counts for "Owning team" already');
  expect(judge(asking(owning, { ...architecture, mayShare: ["owning-team"] }), { votes: both }).met).toBe(true);
  expect(judge(asking({ ...owning, mayShare: ["architecture"] }, architecture), { votes: both }).met).toBe(true);
});

test("one rejection by somebody entitled stops it, one by somebody else does not", () => {
  const reject = vote("ben", { decision: "reject", comment: "No." });
  const result = judge(asking(owning), { votes: [vote("carla"), reject] });
  expect(result).toMatchObject({ met: false, rejectedBy: reject, explanation: { reason: "rejected by ben" } });
  expect(result.explanation.children[0]).toMatchObject({ met: false, reason: "rejected" });
  expect(judge(asking(owning), { votes: [vote("carla"), vote("dora", { decision: "reject" })] }).met).toBe(true);
});

test("all means everybody named, without the requester", () => {
  const fields = { stakeholders: ["ben", "dora", "anna", "ben"] };
  const change = aChange({ fields });
  const by = (voter: string) => vote(voter, { requirement: "stakeholders", contentHash: change.contentHash });
  expect(judge(asking(stakeholders), { fields, votes: [by("ben")] })).toMatchObject({ met: false });
  expect(judge(asking(stakeholders), { fields, votes: [by("ben"), by("dora")] })).toMatchObject({ met: true });
  const own = { ...asking(stakeholders), duties: { ownChangeApproval: true, ownChangeDeployment: false } };
  expect(judge(own, { fields, votes: [by("ben"), by("dora")] })).toMatchObject({ met: false });
  expect(judge(own, { fields, votes: [by("ben"), by("dora"), by("anna")] })).toMatchObject({ met: true });
});

test("all of nobody is not met", () => {
  expect(judge(asking(stakeholders), { votes: [] }).explanation.children[0]).toMatchObject({
    met: false,
    reason: "nobody is named who could give it",
  });
  expect(
    judge(asking({ ...stakeholders, from: { team: "core" } }), {
      votes: [vote("ben", { requirement: "stakeholders" })],
    }).met,
  ).toBe(false);
});

test("an environment that no row speaks of is not approved; a row that asks for nothing is an answer", () => {
  const silent = aProcess({ approvals: aTable("approvals", { requirements: [owning] }, { rows: [] }) });
  expect(judge(silent, { votes: [vote("ben")] })).toMatchObject({
    met: false,
    explanation: { reason: "no row says what staging needs, and that is not an approval" },
  });
  expect(judge(asking(), { votes: [] }).met).toBe(true);
});

test("positions are held for a team or for the whole workspace", () => {
  const lead: Requirement = { id: "owning-team", title: "Lead", from: { position: "lead", team: "owning" }, count: 1 };
  const holding = (team?: string) => [
    aPerson({ positions: [{ position: "lead", ...(team === undefined ? {} : { team }) }] }),
  ];
  const votes = [vote("ben")];
  expect(judge(asking(lead), { votes }, { people: holding("core") }).met).toBe(true);
  expect(judge(asking(lead), { votes }, { people: holding() }).met).toBe(true);
  expect(judge(asking(lead), { votes }, { people: holding("web") }).met).toBe(false);
  const anywhere = { ...lead, from: { position: "lead" } };
  expect(judge(asking(anywhere), { votes }, { people: holding("web") }).met).toBe(true);
});

test("without an owning team nobody is in it", () => {
  const { explanation } = judge(asking(owning), { team: null, votes: [vote("ben")] });
  expect(explanation.children[0]?.children[0]?.reason).toContain("cannot be in the owning team");
});

test("roles and names are asked for too", () => {
  const roles = judge(asking(architecture), { votes: [vote("ben", { requirement: "architecture" })] });
  expect(roles.explanation.children[0]?.children[0]?.reason).toContain("has none of the roles architect");
  const named = judge(asking({ ...stakeholders, count: 1 }), { votes: [vote("ben", { requirement: "stakeholders" })] });
  expect(named.explanation.children[0]?.children[0]?.reason).toContain("is not named in stakeholders");
});

test("rows add up, and a requirement named twice asks for the larger count", () => {
  const counts = (...all: Requirement["count"][]) => {
    const rows = all.map((count, index) => aRow(`r${index}`, {}, { requirements: [{ ...stakeholders, count }] }));
    const process = aProcess({ approvals: aTable("approvals", { requirements: [owning] }, { hit: "collect", rows }) });
    return requirementsFor(process, {}, "staging").requirements.map((requirement) => requirement.count);
  };
  expect(counts(1, 3, 2)).toEqual([3]);
  expect(counts(1, "all", 2)).toEqual(["all"]);
});

test("requirements are asked for one environment", () => {
  const rows = [
    aRow("all", {}, { requirements: [owning] }),
    aRow("last", { lastEnvironment: true }, { requirements: [architecture] }),
  ];
  const process = aProcess({ approvals: aTable("approvals", { requirements: [owning] }, { hit: "collect", rows }) });
  const ids = (environment: string) =>
    requirementsFor(process, {}, environment).requirements.map((requirement) => requirement.id);
  expect(ids("staging")).toEqual(["owning-team"]);
  expect(ids("production")).toEqual(["owning-team", "architecture"]);
});

test.each([
  [{}, "anybody"],
  [{ team: "owning" }, "a member of the owning team"],
  [
    { roles: ["architect" as const, "qa" as const], position: "lead", team: "core", field: "people" },
    "architect or qa, lead, a member of team core, somebody named in people",
  ],
])("%j in words is %s", (from, words) => {
  expect(votersText(from)).toBe(words);
});

const cab: Requirement = { id: "cab", title: "CAB", from: { board: "cab" }, count: 1 };
const seats = ["lead", "security", "boss"];
const sitting = [
  aPerson({ handle: "anna", positions: [{ position: "boss" }] }),
  aPerson({ handle: "ben", positions: [{ position: "lead" }] }),
  aPerson({ handle: "carla", positions: [{ position: "security" }] }),
  aPerson({ handle: "dora", positions: [{ position: "boss" }] }),
];

function boarding(...requirements: Requirement[]): Process {
  const boards = [{ id: "cab", title: "CAB", members: seats, chair: "boss" }];
  return { ...asking(...requirements), boards };
}

test("a board answers by its vote, and one against it does not decide alone", () => {
  const on = (voter: string, decision: Vote["decision"] = "approve") => vote(voter, { requirement: "cab", decision });
  const by = (...cast: Vote[]) => judge(boarding(cab), { votes: cast }, { people: sitting });
  expect(by(on("ben", "reject"))).toMatchObject({ met: false, rejected: false, missing: ["cab"] });
  expect(by(on("ben", "reject"), on("carla"), on("dora"))).toMatchObject({
    met: true,
    explanation: {
      children: [
        { title: "CAB: the board cab, by majority", reason: expect.stringMatching(/^decided for it: 2 for/) },
        {},
      ],
    },
  });
  const last = on("carla", "reject");
  expect(by(on("ben", "reject"), last)).toMatchObject({
    met: false,
    rejected: true,
    rejectedBy: last,
    explanation: { reason: "rejected by carla" },
  });
  expect(by(on("ben", "abstain"), on("carla", "abstain"), on("dora", "abstain"))).toMatchObject({
    rejected: true,
    explanation: { reason: "decided against" },
  });
  const stranger = by(vote("anna", { requirement: "cab" }));
  expect(stranger.explanation.children[0]?.children[0]?.reason).toContain("nobody approves their own change");
});

test("the seat of somebody who sits on it as well has voted", () => {
  const two = [...sitting, aPerson({ handle: "emil", positions: [{ position: "boss" }] })];
  const votes = ["dora", "emil"].map((voter) => vote(voter, { requirement: "cab" }));
  const { explanation } = judge(boarding(cab), { votes }, { people: two });
  expect(explanation.children[0]?.children.map((child) => child.reason)).toEqual([
    "counts",
    "does not count: every seat of theirs has voted",
  ]);
});

test("a stranger has no seat, and a board that nobody declared is a bug", () => {
  const result = judge(boarding(cab), { votes: [vote("ben", { requirement: "cab" })] }, { people: [aPerson()] });
  expect(result.explanation.children[0]?.children[0]?.reason).toBe("does not count: ben has no seat on the board cab");
  expect(() => judge(asking(cab), { votes: [] })).toThrow("no board cab");
});

test("of several rows the strictest decision of a board stands", () => {
  const decisions = (...all: (Requirement["decision"] | undefined)[]) => {
    const requirements = all.map((decision) => ({ ...cab, ...(decision === undefined ? {} : { decision }) }));
    return requirementsFor(asking(...requirements), {}, "staging").requirements.map((one) => one.decision);
  };
  expect(decisions(undefined, "unanimous")).toEqual(["unanimous"]);
  expect(decisions("unanimous", { percent: 60 })).toEqual(["unanimous"]);
  expect(decisions("majority", { percent: 60 })).toEqual([{ percent: 60 }]);
  expect(decisions(undefined, undefined)).toEqual([undefined]);
  const title = (decision: Requirement["decision"] & object) =>
    judge(boarding({ ...cab, decision }), { votes: [] }, { people: sitting }).explanation.children[0]?.title;
  expect(title({ percent: 60 })).toBe("CAB: the board cab, by 60 %");
  const strict = judge(boarding({ ...cab, decision: "unanimous" }), { votes: [] }, { people: sitting });
  expect(strict.explanation.children[0]?.title).toBe("CAB: the board cab, unanimously");
});

test("eight working hours are about a day", () => {
  const rows = [{ workingHours: 9 }, { workingDays: 1 }, { workingHours: 7 }].map((within, at) =>
    aRow(`r${at}`, {}, { requirements: [{ ...owning, within }] }),
  );
  const process = aProcess({ approvals: aTable("approvals", { requirements: [] }, { hit: "collect", rows }) });
  expect(requirementsFor(process, {}, "staging").requirements).toMatchObject([{ within: { workingHours: 7 } }]);
});

test("of several rows the shortest time stands, with whom it escalates to", () => {
  const soon: Requirement = { ...owning, within: { hours: 2 }, escalateTo: "boss" };
  const day: Requirement = { ...owning, within: { workingDays: 1 } };
  const merged = (...requirements: Requirement[]) =>
    requirementsFor(asking(...requirements), {}, "staging").requirements;
  for (const both of [
    [owning, soon, day],
    [day, soon],
    [soon, owning],
  ])
    expect(merged(...both)).toEqual([soon]);
  expect(merged(owning, day)).toEqual([day]);
  expect(merged({ ...day, count: 2 }, soon)).toEqual([{ ...soon, count: 2 }]);
});

test("tables of approvals add up, and one that says nothing approves nothing", () => {
  const first = aTable("first", { requirements: [owning] });
  const second = aTable("second", { requirements: [architecture] });
  expect(judge(aProcess({ approvals: [first, second] }), { votes: [] }).missing).toEqual([
    "owning-team",
    "architecture",
  ]);
  const silent = aTable("second", { requirements: [] }, { rows: [] });
  const both = [vote("ben")];
  expect(judge(aProcess({ approvals: [first, silent] }), { votes: both })).toMatchObject({ met: false, missing: [] });
});

test("what comes after others is met when they are, and says its limit", () => {
  const later: Requirement = { ...architecture, after: ["owning-team", "elsewhere"], within: { hours: 2 } };
  const votes = [vote("carla", { requirement: "architecture" })];
  const early = judge(asking(owning, later), { votes });
  expect(early).toMatchObject({ met: false, missing: ["owning-team", "architecture"] });
  expect(early.explanation.children[1]).toMatchObject({
    title: "Architecture: 1 × architect, within 2 hours",
    reason: "comes after owning-team",
  });
  expect(judge(asking(owning, later), { votes: [...votes, vote("ben")] }).met).toBe(true);
});

test("what may come until closing is not asked for before, and alone then", () => {
  const process = asking(owning, { ...architecture, due: "closing" });
  const before = judge(process, { votes: [vote("ben")] });
  expect(before).toMatchObject({ met: true, missing: [] });
  expect(before.explanation.children[1]).toMatchObject({
    met: false,
    title: expect.stringContaining("until it is closed"),
  });
  expect(judge(process, { votes: [] }, { by: "closing" })).toMatchObject({ met: false, missing: ["architecture"] });
  const given = [vote("carla", { requirement: "architecture" })];
  expect(judge(process, { votes: given }, { by: "closing" }).met).toBe(true);
  const against = [vote("ben"), vote("carla", { requirement: "architecture", decision: "reject" })];
  expect(judge(process, { votes: against }).met).toBe(true);
  expect(judge(process, { votes: against }, { by: "closing" })).toMatchObject({ met: false, rejected: true });
});

describe("votes cast for others", () => {
  const january = { from: "2026-01-01T00:00:00Z", until: "2026-02-01T00:00:00Z" };
  const eve = aPerson({ handle: "eve", teams: [], standsInFor: [{ person: "ben", ...january }] });
  const all = [...people, eve];
  const two: Requirement = { ...owning, count: 2 };

  test("count as those of whom they are, and say who cast them", () => {
    const result = judge(asking(owning), { votes: [vote("eve", { for: "ben" })] }, { people: all });
    expect(result.met).toBe(true);
    expect(result.explanation.children[0]).toMatchObject({
      reason: "given by ben",
      children: [{ title: "eve for ben: approve", reason: "counts" }],
    });
  });

  test.each<[string, Vote, Partial<Change>, string]>([
    ["after the time", vote("eve", { for: "ben", at: january.until }), {}, "eve does not stand in for ben"],
    ["by no stand-in", vote("dora", { for: "ben" }), {}, "dora does not stand in for ben"],
    ["for nobody known", vote("eve", { for: "ghost" }), {}, "nobody of this name is known here"],
    ["for the requester", vote("eve", { for: "ben" }), { requester: "ben" }, "ben is the requester"],
    ["by the requester", vote("eve", { for: "ben" }), { requester: "eve" }, "eve is the requester"],
    [
      "by one who keeps out",
      vote("eve", { for: "ben" }),
      { recusals: [{ person: "eve", reason: "Hers.", at: "" }] },
      "eve has recused themselves: Hers.",
    ],
  ])("do not count %s", (_, given, change, reason) => {
    const { met, explanation } = judge(asking(owning), { votes: [given], ...change }, { people: all });
    expect(met).toBe(false);
    expect(explanation.children[0]?.children[0]?.reason).toContain(reason);
  });

  test("let nobody be heard twice, whoever cast them", () => {
    const both = { ...carla, teams: ["core"], standsInFor: [{ person: "ben", ...january }] };
    const known = [...people.filter(({ handle }) => handle !== "carla"), both];
    const byOneHand = judge(asking(two), { votes: [vote("carla"), vote("carla", { for: "ben" })] }, { people: known });
    expect(byOneHand).toMatchObject({ met: false, decided: [] });
    expect(byOneHand.explanation.children[0]?.children[1]?.reason).toBe(
      "does not count: carla has voted on this before",
    );
    const twice = judge(asking(two), { votes: [vote("carla", { for: "ben" }), vote("ben")] }, { people: known });
    expect(twice.explanation.children[0]?.children[1]?.reason).toBe("does not count: ben has voted on this before");
    const again = judge(
      asking(two),
      { votes: [vote("eve", { for: "ben" }), vote("carla", { for: "ben" })] },
      { people: [...known, eve] },
    );
    expect(again.explanation.children[0]?.children[1]?.reason).toBe("does not count: ben has voted on this before");
  });
});

test("everybody named is everybody who has not recused themselves", () => {
  const fields = { stakeholders: ["ben", "carla"] };
  const recusals = [{ person: "carla", reason: "Hers.", at: "" }];
  const { contentHash } = aChange({ fields });
  const voted = [vote("ben", { requirement: "stakeholders", contentHash })];
  expect(judge(asking(stakeholders), { fields, recusals, votes: voted }).met).toBe(true);
  expect(judge(asking(stakeholders), { fields, votes: voted }).met).toBe(false);
});

test("where all have answered and it is not enough, that is said", () => {
  const alone = { people: [ben] };
  const said = (change: Partial<Change>) => judge(asking(owning), change, alone).explanation.children[0]?.reason;
  const words = "0 of 1 given; everybody who could give it has answered";
  expect(said({ votes: [vote("ben", { decision: "abstain" })] })).toContain(words);
  expect(said({ recusals: [{ person: "ben", reason: "x", at: "" }] })).toContain(words);
});
