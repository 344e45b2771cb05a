import fc from "fast-check";
import { expect, test } from "vitest";
import type { Change, Vote } from "../../change/change.ts";
import type { Board, BoardDecision, Process, Requirement } from "../../process/process.ts";
import { aChange, aPerson, aProcess, aTable } from "../../testing/builders.ts";
import { decideDelegation } from "./delegation.ts";
import { evaluateApprovals } from "./quorum.ts";
import { decideVote } from "./vote.ts";
import type { Person } from "./voters.ts";
import { decideRecusal, decideWithdrawal } from "./withdrawal.ts";

const REQUESTER = "anna";
const BOARD: Board = { id: "cab", title: "CAB", members: ["p", "q", "r"], chair: "p" };
/** Whose right it is, told without the rules that are tried: each is given by these alone. */
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  team: ["ben", "carla", "dora"],
  architect: ["carla", "eve"],
  cab: ["carla", "dora", "eve"],
};
/** Who has no right of their own, and can only stand in for others. */
const HANDS = ["frank", "greta"];
const EVERYBODY = [REQUESTER, "ben", "carla", "dora", "eve", ...HANDS];
const PEOPLE: readonly Person[] = [
  aPerson({ handle: REQUESTER, roles: ["architect"], positions: [{ position: "p" }] }),
  aPerson({ handle: "ben" }),
  aPerson({ handle: "carla", roles: ["architect"], positions: [{ position: "p" }] }),
  aPerson({ handle: "dora", positions: [{ position: "q" }] }),
  aPerson({ handle: "eve", teams: [], roles: ["architect"], positions: [{ position: "r" }] }),
  ...HANDS.map((handle) => aPerson({ handle, teams: [] })),
];

type Act =
  | {
      readonly do: "vote";
      readonly who: string;
      readonly decision: Vote["decision"];
      readonly for?: string;
      readonly on?: string;
    }
  | { readonly do: "withdraw" | "recuse" | "edit" | "wait"; readonly who: string }
  | { readonly do: "delegate"; readonly who: string; readonly to: string; readonly hours: number };

const who = fc.constantFrom(...EVERYBODY);
const hand = fc.constantFrom(...EVERYBODY, ...HANDS, ...HANDS);
const decisions = fc.constantFrom<Vote["decision"]>(...Array(38).fill("approve"), "abstain", "reject");
const on = fc.constantFrom("team", "architect", "cab");
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant("vote" as const), who, decision: decisions, on }) },
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant("vote" as const), who: hand, decision: decisions, for: who, on }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("vote" as const), who, decision: decisions }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("withdraw" as const, "wait" as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("recuse" as const, "edit" as const, "wait" as const, "wait" as const),
      who,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("delegate" as const),
      who,
      to: hand,
      hours: fc.integer({ min: 1, max: 30 }),
    }),
  },
);
/** What leads to an approval when nothing comes between. */
const WAY: readonly Act[] = [
  ...["carla", "eve"].map((who): Act => ({ do: "vote", who, decision: "approve", on: "cab" })),
  { do: "vote", who: "eve", decision: "approve", on: "architect" },
  { do: "vote", who: "dora", decision: "approve", on: "cab" },
  { do: "vote", who: "dora", decision: "approve", on: "team" },
  { do: "vote", who: "frank", for: "ben", decision: "approve", on: "team" },
  { do: "vote", who: "greta", for: "dora", decision: "approve", on: "cab" },
];
const sequences = fc
  .tuple(
    fc.array(act, { maxLength: 8 }),
    fc.shuffledSubarray([...WAY], { minLength: 4 }),
    fc.array(act, { maxLength: 20 }),
  )
  .map(([before, way, after]) => [
    ...before,
    { do: "delegate", who: "ben", to: "frank", hours: 9 } as const,
    { do: "delegate", who: "dora", to: "greta", hours: 9 } as const,
    ...way,
    ...after,
  ]);
const processes = fc.record({
  decision: fc.constantFrom<BoardDecision>("majority", "unanimous", { percent: 60 }),
  lowers: fc.boolean(),
  share: fc.boolean(),
  count: fc.constantFrom(1, 2),
});

interface Choices {
  readonly decision: BoardDecision;
  readonly lowers: boolean;
  readonly share: boolean;
  readonly count: number;
}

function processOf({ decision, lowers, share, count }: Choices): Process {
  const requirements: Requirement[] = [
    { id: "team", title: "Team", from: { team: "owning" }, count },
    { id: "architect", title: "Architect", from: { roles: ["architect"] }, count: 1 },
    {
      id: "cab",
      title: "CAB",
      from: { board: "cab" },
      count: 1,
      decision,
      ...(share ? { mayShare: ["team", "architect"] } : {}),
    },
  ];
  return aProcess({
    boards: [{ ...BOARD, ...(lowers ? { recusal: "lowers-quorum" as const } : {}) }],
    approvals: aTable("approvals", { requirements }),
  });
}

interface Run {
  readonly process: Process;
  change: Change;
  people: Person[];
  hour: number;
}

/** Does one act by the rules; what they refuse leaves everything as it is. */
function carryOut(run: Run, one: Act): void {
  const { process, change, people } = run;
  const now = new Date(Date.UTC(2026, 0, 1, run.hour)).toISOString();
  const question = { process, change, people, person: one.who, now };
  switch (one.do) {
    case "wait":
      run.hour += 3;
      return;
    case "edit":
      run.change = { ...change, contentHash: `edited in hour ${run.hour} after ${change.votes.length} votes` };
      return;
    case "vote": {
      const voted = decideVote({
        process,
        change,
        people,
        now,
        voter: people.find(({ handle }) => handle === one.who)!,
        decision: one.decision,
        comment: "why",
        contentHash: change.contentHash,
        voteId: (requirement) => `${change.votes.length}-${requirement}`,
        ...(one.for === undefined ? {} : { for: one.for }),
        ...(one.on === undefined ? {} : { requirement: one.on }),
      });
      if (voted.ok) run.change = { ...change, votes: [...change.votes, ...voted.value.map(({ vote }) => vote)] };
      return;
    }
    case "withdraw": {
      const taken = decideWithdrawal(question);
      if (taken.ok) run.change = { ...change, votes: taken.value.votes, recusals: taken.value.recusals };
      return;
    }
    case "recuse": {
      const recusal = decideRecusal({ ...question, reason: "mine" });
      if (recusal.ok) run.change = { ...change, recusals: [...(change.recusals ?? []), recusal.value] };
      return;
    }
    case "delegate": {
      const until = new Date(Date.UTC(2026, 0, 1, run.hour + one.hours)).toISOString();
      const made = decideDelegation({
        person: one.who,
        delegate: one.to,
        until,
        named: people.flatMap(({ handle, standsInFor = [] }) =>
          standsInFor.filter(({ person }) => person === one.who).map((time) => ({ ...time, delegate: handle })),
        ),
        people: EVERYBODY,
        now,
      });
      if (!made.ok) return;
      run.people = people.map((person) =>
        person.handle === one.to
          ? { ...person, standsInFor: [...(person.standsInFor ?? []), { person: one.who, ...made.value }] }
          : person,
      );
    }
  }
}

/** Votes that nobody could object to, found without the rules that are tried. */
function sound({ change, people }: Run, requirement: string): Vote[] {
  const out = (change.recusals ?? []).map(({ person }) => person);
  return change.votes.filter((vote) => {
    const giver = vote.for ?? vote.voter;
    const isAllowed =
      giver === vote.voter ||
      people
        .find(({ handle }) => handle === vote.voter)!
        .standsInFor!.some(({ person, from, until }) => person === giver && from <= vote.at && vote.at < until);
    return (
      vote.requirement === requirement &&
      vote.withdrawn === undefined &&
      vote.contentHash === change.contentHash &&
      RIGHTS[requirement]!.includes(giver) &&
      ![giver, vote.voter].some((handle) => handle === REQUESTER || out.includes(handle)) &&
      isAllowed
    );
  });
}

function judge({ process, change, people }: Run) {
  return evaluateApprovals({ process, change, environment: "staging", facts: change.facts, people });
}

function distinct(votes: readonly Vote[]): boolean {
  const heard = votes.flatMap((vote) => [...new Set([vote.voter, vote.for ?? vote.voter])]);
  return new Set(heard).size === heard.length;
}

test("whatever is voted, delegated, withdrawn, recused and edited in whatever order: nothing is approved that is not, and nothing is stuck", () => {
  let approved = 0;
  let byAnother = 0;
  fc.assert(
    fc.property(processes, sequences, (choices, acts) => {
      const run: Run = { process: processOf(choices), change: aChange(), people: [...PEOPLE], hour: 0 };
      for (const one of acts) {
        const before = judge(run);
        carryOut(run, one);
        const { met, rejected, explanation, decided } = judge(run);
        const votes = (id: string) => sound(run, id);
        const approving = (id: string) => votes(id).filter(({ decision }) => decision === "approve");
        if (met) {
          approved += 1;
          if (run.change.votes.some((vote) => vote.for !== undefined && vote.for !== vote.voter)) byAnother += 1;
          expect(approving("team").length).toBeGreaterThanOrEqual(choices.count);
          expect(approving("architect").length).toBeGreaterThanOrEqual(1);
          expect(approving("cab").length).toBeGreaterThan(0);
          expect(votes("cab").length).toBeGreaterThanOrEqual(choices.lowers ? 1 : 2);
          expect(approving("cab").length).toBeGreaterThanOrEqual(
            votes("cab").filter(({ decision }) => decision === "reject").length,
          );
          for (const id of ["team", "architect", "cab"]) expect(distinct(votes(id))).toBe(true);
        }
        // What was approved stays it until the content is another one, or somebody is against it.
        if (before.met && one.do !== "edit" && !rejected) expect(met).toBe(true);
        for (const child of explanation.children.slice(0, 3)) {
          const heard = [
            ...votes(child.id).flatMap((vote) => [vote.voter, vote.for ?? vote.voter]),
            ...(run.change.recusals ?? []).map(({ person }) => person),
          ];
          if (!RIGHTS[child.id]!.every((handle) => heard.includes(handle))) continue;
          if (child.id === "cab" && votes("cab").length === 3) expect(decided).toContain("cab");
          // Nobody is waited for who has answered.
          if (!decided.includes(child.id)) expect(child.couldBeGivenBy).toEqual([]);
        }
      }
    }),
    { numRuns: 300 },
  );
  // The property is about something: approvals happen, some of them by a stand-in's hand.
  expect(approved).toBeGreaterThan(20);
  expect(byAnother).toBeGreaterThan(5);
});
