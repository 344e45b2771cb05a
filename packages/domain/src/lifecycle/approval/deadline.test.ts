import { expect, test } from "vitest";
import type { Change, Vote } from "../../change/change.ts";
import type { Status } from "../../change/status.ts";
import type { Requirement } from "../../process/process.ts";
import { aChange, aPerson, aProcess, aTable } from "../../testing/builders.ts";
import { askedSince, type Deadline, deadlinesOf, toldOf } from "./deadline.ts";

const asked = "2026-03-02T10:00:00.000Z";
const later = "2026-03-03T10:00:00.000Z";

function moved(...statuses: Status[]) {
  return statuses.slice(1).map((toStatus, at) => ({
    from: "a",
    to: "b",
    fromStatus: statuses[at]!,
    toStatus,
    trigger: "ready" as const,
  }));
}

test.each<[Status[], object | undefined, object | undefined]>([
  [["draft", "submitted"], undefined, undefined],
  [["assessing", "awaiting_approval", "approved"], undefined, { deployment: later }],
  [["validating", "approved"], undefined, { deployment: later }],
  [["assessing", "awaiting_approval"], { deployment: asked }, { deployment: later }],
  [["deploying", "failed"], { deployment: asked }, { deployment: asked }],
  [["deploying", "monitoring"], { deployment: asked }, { deployment: asked, closing: later }],
  [["monitoring", "reviewing"], { closing: asked }, { closing: asked }],
  [["deploying", "monitoring"], { closing: asked }, { closing: later }],
])("after %j it is asked for since then", (statuses, before, expected) => {
  expect(askedSince(before, moved(...statuses), later)).toEqual(expected);
});

const lead: Requirement = {
  id: "lead",
  title: "Lead",
  from: { team: "owning" },
  count: 1,
  within: { hours: 2 },
  escalateTo: "manager",
};
const last: Requirement = {
  id: "last",
  title: "Last",
  from: { roles: ["architect"] },
  count: 1,
  after: ["lead"],
  within: { workingDays: 1 },
};
const whenever: Requirement = { ...last, id: "whenever", title: "Whenever", within: { workingDays: 1 }, after: [] };
const { within: _, ...unlimited } = { ...whenever, id: "unlimited" };
const ratify: Requirement = { ...whenever, id: "ratify", title: "Ratify", due: "closing" };
const people = [aPerson(), aPerson({ handle: "carla", roles: ["architect"], teams: [] })];
const process = aProcess({
  approvals: aTable("approvals", { requirements: [lead, last, whenever, unlimited, ratify] }),
});

function open(change: Partial<Change> = {}) {
  return deadlinesOf(process, aChange({ asked: { deployment: asked, closing: later }, ...change }), { people });
}

function vote(requirement: string, voter: string, at: string): Vote {
  return { id: requirement, requirement, voter, decision: "approve", contentHash: aChange().contentHash, at };
}

test("an approval that is asked for is due when its time is over, and reminded of before", () => {
  expect(open()).toEqual([
    {
      requirement: "lead",
      title: "Lead",
      environments: ["staging", "production"],
      askedAt: asked,
      remindAt: "2026-03-02T11:30:00.000Z",
      dueAt: "2026-03-02T12:00:00.000Z",
      escalateTo: "manager",
      couldBeGivenBy: ["ben"],
    },
    expect.objectContaining({ requirement: "whenever", dueAt: "2026-03-02T17:00:00.000Z", couldBeGivenBy: ["carla"] }),
  ]);
});

test("what comes after another is asked for when that was given, and what was given is due no more", () => {
  const votes = [vote("lead", "ben", "2026-03-03T09:00:00Z")];
  expect(open({ votes })).toMatchObject([
    { requirement: "whenever" },
    { requirement: "last", askedAt: "2026-03-03T09:00:00.000Z", dueAt: "2026-03-03T17:00:00.000Z" },
  ]);
});

test("only what may come until closing is due after a deployment", () => {
  expect(open({ status: "monitoring" })).toMatchObject([{ requirement: "ratify", askedAt: later }]);
  for (const status of ["deploying", "draft", "closed"] as const) expect(open({ status })).toEqual([]);
  expect(deadlinesOf(process, aChange(), { people })).toEqual([]);
});

test("times are those of the process", () => {
  const workingTime = { zone: "Asia/Tokyo", days: ["TU"], from: "10:00", to: "11:00", holidays: [] } as const;
  const there = deadlinesOf({ ...process, workingTime }, aChange({ asked: { deployment: asked } }), { people });
  expect(there[1]?.dueAt).toBe("2026-03-03T02:00:00.000Z");
});

test("whom it is told", () => {
  const deadline = { escalateTo: "manager", couldBeGivenBy: ["ben"] } as unknown as Deadline;
  const managers = [
    aPerson({ handle: "everywhere", positions: [{ position: "manager" }] }),
    aPerson({ handle: "here", positions: [{ position: "manager", team: "core" }] }),
    aPerson({ handle: "elsewhere", positions: [{ position: "manager", team: "web" }] }),
  ];
  expect(toldOf(deadline, aChange(), managers)).toEqual(["everywhere", "here"]);
  const { escalateTo: _, ...nobody } = deadline;
  expect(toldOf(nobody, aChange(), managers)).toEqual(["ben", "anna"]);
});

test("days on which nobody works in the workspace are none of the limit's, beside those of the process", () => {
  const due = (holidays?: readonly string[]) =>
    deadlinesOf(process, aChange({ asked: { deployment: asked } }), { people, holidays }).find(
      ({ requirement }) => requirement === "whenever",
    )!.dueAt;
  const usual = due();
  expect(due([usual.slice(5, 10)]) > usual).toBe(true);
  expect(due([])).toBe(usual);
});
