import { expect, test } from "vitest";
import type { Change, Vote } from "../../change/change.ts";
import type { Requirement } from "../../process/process.ts";
import { aSituation } from "../../testing/a-situation.ts";
import { aChange, aPerson, aProcess, aTable } from "../../testing/builders.ts";
import { evaluateApprovals } from "../approval/quorum.ts";
import { decideVote } from "../approval/vote.ts";
import { checkOpening } from "./opening.ts";

const team: Requirement = { id: "team", title: "Team", from: { team: "owning" }, count: 1 };
const bypass: Requirement = {
  id: "past-freeze",
  title: "Past a freeze",
  from: { roles: ["architect"] },
  count: 1,
  due: "bypass",
};
const people = [aPerson(), aPerson({ handle: "carla", roles: ["architect"] })];
const freezes = [{ id: "winter", title: "Winter", from: "01-01", to: "01-31", zone: "UTC" }];
const situation = { ...aSituation(), people };

function frozen(...requirements: Requirement[]) {
  return aProcess({ freezes, approvals: aTable("approvals", { requirements }) });
}

function vote(voter: string, requirement: string, overrides: Partial<Vote> = {}): Vote {
  const { contentHash } = aChange();
  return { id: voter, requirement, voter, decision: "approve", contentHash, at: "2026-01-02T00:00:00Z", ...overrides };
}

function start(process: ReturnType<typeof frozen>, change: Partial<Change> = {}) {
  return checkOpening({ process, change: aChange(change), situation }, "production");
}

test("where nothing is closed nothing is passed", () => {
  expect(start(aProcess())).toEqual({ ok: true, value: null });
});

test("without an approval for it a freeze is passed by nobody", () => {
  expect(start(frozen(team), { votes: [vote("ben", "team")] })).toMatchObject({ refusal: { code: "FROZEN" } });
});

test("an approval of its own lets a deployment pass, as long as the content is what was approved", () => {
  expect(start(frozen(team, bypass))).toMatchObject({
    refusal: { code: "FROZEN", hint: "Deploy when it is over. Before that it takes the approval past-freeze." },
  });
  const votes = [vote("ben", "team"), vote("carla", "past-freeze")];
  expect(start(frozen(team, bypass), { votes })).toMatchObject({
    value: { code: "FROZEN", message: expect.stringContaining("Winter"), approvedBy: ["carla"] },
  });
  const old = [vote("carla", "past-freeze", { contentHash: "old" })];
  expect(start(frozen(team, bypass), { votes: old })).toMatchObject({ ok: false });
});

test("nobody gives it along with another approval, and it is missing to none", () => {
  const process = frozen(team, bypass);
  const question = {
    process,
    change: aChange(),
    decision: "approve" as const,
    contentHash: aChange().contentHash,
    voter: people[1]!,
    people,
    now: "2026-01-02T00:00:00Z",
    voteId: "v",
  };
  expect(decideVote(question)).toMatchObject({ value: [{ requirement: "team" }] });
  const named = decideVote({ ...question, requirement: "past-freeze" });
  expect(named).toMatchObject({ value: [{ requirement: "past-freeze" }] });
  // And not by who has given the other.
  const given = aChange({ votes: [vote("carla", "team")] });
  expect(decideVote({ ...question, change: given, requirement: "past-freeze" })).toMatchObject({
    refusal: { code: "ALREADY_VOTED" },
  });
  const result = evaluateApprovals({ process, change: given, environment: "production", facts: {}, people });
  expect(result).toMatchObject({ met: true, missing: [] });
  expect(result.explanation.children[1]?.title).toContain("only to start outside windows and in freezes");
});
