import fc from "fast-check";
import { expect, test } from "vitest";
import type { Vote } from "../../change/change.ts";
import type { Board, BoardDecision } from "../../process/process.ts";
import { aPerson } from "../../testing/builders.ts";
import { type BoardQuestion, countVotes, seatsNeeded, seatsTaken } from "./board-vote.ts";

const board: Board = { id: "cab", title: "CAB", members: ["a", "b", "c", "d"], chair: "a" };

function holder(handle: string, ...positions: string[]) {
  return aPerson({ handle, positions: positions.map((position) => ({ position })) });
}

const members = ["a", "b", "c", "d"].map((position) => holder(`holder-of-${position}`, position));

/** Votes as one letter each: `a+` for, `a-` against, `a0` abstains. */
function votes(...texts: string[]): Vote[] {
  const decisions = { "+": "approve", "-": "reject", "0": "abstain" } as const;
  return texts.map((text, index) => ({
    id: `v${index}`,
    requirement: "cab",
    voter: `holder-of-${text[0]}`,
    decision: decisions[text[1] as keyof typeof decisions],
    contentHash: "h",
    at: "2026-01-01T00:00:00Z",
  }));
}

function state(cast: Vote[], more: Partial<BoardQuestion> = {}) {
  return countVotes({ board, votes: cast, members, ...more }).state;
}

test.each<[string, string[], string]>([
  ["nobody has voted", [], "open"],
  ["more than half are for it", ["b+", "c+", "d+"], "approved"],
  ["half are for it and the rest may be against", ["b+", "c+", "d0"], "approved"],
  ["two for it, two to come", ["b+", "c+"], "open"],
  ["two for it with the chair, who wins a tie", ["a+", "b+", "c-"], "approved"],
  ["a tie that the chair voted for", ["a+", "b+", "c-", "d-"], "approved"],
  ["a tie that the chair voted against", ["a-", "b+", "c+", "d-"], "rejected"],
  ["a tie that the chair abstained from", ["a0", "b+", "c-", "d0"], "rejected"],
  ["a tie that the chair can still win", ["b+", "c-", "d-"], "open"],
  ["more against it than can be for it", ["a-", "b-", "c-"], "rejected"],
  ["everybody abstains", ["a0", "b0", "c0", "d0"], "rejected"],
  ["a majority of those who voted, the others abstaining", ["a0", "b0", "c+", "d0"], "approved"],
])("by majority, %s", (_, cast, expected) => {
  expect(state(votes(...cast))).toBe(expected);
});

test.each<[string[], string]>([
  [["a+", "b+", "c+"], "open"],
  [["a+", "b+", "c+", "d+"], "approved"],
  [["a+", "b-"], "rejected"],
  [["a0"], "rejected"],
])("unanimously, after %j it is %s", (cast, expected) => {
  expect(state(votes(...cast), { decision: "unanimous" })).toBe(expected);
});

test.each<[string[], string]>([
  [["a+", "b+", "c+"], "approved"],
  [["a+", "b+"], "open"],
  [["a-", "b-"], "rejected"],
  [["a+", "b0", "c0", "d0"], "approved"],
  [["a0", "b0", "c0", "d0"], "rejected"],
])("by 70 %%, after %j it is %s", (cast, expected) => {
  expect(state(votes(...cast), { decision: { percent: 70 } })).toBe(expected);
});

test("nothing passes without a quorum, and seats that nobody fills are said", () => {
  const few = { members: members.slice(0, 3) };
  expect(countVotes({ board, votes: votes("a+", "b+"), ...few })).toMatchObject({ state: "open", toCome: 1 });
  expect(countVotes({ board: { ...board, quorum: 2 }, votes: votes("a+", "b+"), ...few }).state).toBe("approved");
  const alone = countVotes({ board, votes: votes("a+"), members: members.slice(0, 1) });
  expect(alone).toMatchObject({ state: "open", reason: expect.stringContaining("1 of 3 for a quorum") });
  const lost = countVotes({ board, votes: votes("a-"), members: members.slice(0, 1) });
  expect(lost).toMatchObject({ state: "rejected", reason: expect.stringContaining("only 1 seats can vote") });
  expect(countVotes({ board, votes: [], members: [] })).toMatchObject({
    state: "open",
    reason: "nobody here has a seat and may vote",
  });
});

test("a veto decides alone", () => {
  const guarded = { ...board, veto: ["d"] };
  expect(countVotes({ board: guarded, votes: votes("a+", "b+", "c+", "d-"), members })).toMatchObject({
    state: "rejected",
    reason: "vetoed by holder-of-d",
  });
  expect(countVotes({ board: guarded, votes: votes("a+", "b+", "c-", "d+"), members }).state).toBe("approved");
});

test("each seat votes once and each person once, in whatever order they come", () => {
  const twins = [...members, holder("second-a", "a"), holder("both", "a", "b")];
  const [first] = votes("a+");
  const second = { ...first!, id: "twin", voter: "second-a" };
  const counted = countVotes({ board, votes: [first!, second], members: twins });
  expect(counted).toMatchObject({ for: 1, unseated: [second] });
  const both = { ...first!, id: "both", voter: "both" };
  // Whoever could sit on either seat makes room for one who has only the other.
  expect(countVotes({ board, votes: [both, first!], members: twins })).toMatchObject({ for: 2, unseated: [] });
  expect(countVotes({ board, votes: [first!, both], members: twins })).toMatchObject({ for: 2, unseated: [] });
});

test("whoever has recused themselves has no seat, and the process says whether the quorum goes by the seats left", () => {
  const [a, b, c, d] = members;
  const lower: Board = { ...board, recusal: "lowers-quorum" };
  const without = (...recused: (typeof members)[number][]) => ({
    members: members.filter((member) => !recused.includes(member)),
    recused,
  });
  expect(countVotes({ board, votes: votes("c+", "d+"), ...without(a!, b!) })).toMatchObject({
    state: "rejected",
    reason: "2 for, 0 against, 0 abstained, 0 to come, 2 recused; no quorum without those who recused themselves",
  });
  expect(state(votes("c+", "d+"), { board: lower, ...without(a!, b!) })).toBe("approved");
  expect(state(votes("c+"), { board: lower, ...without(a!, b!) })).toBe("open");
  expect(state(votes("d+"), { board: { ...lower, quorum: 3 }, ...without(a!, b!, c!) })).toBe("approved");
  expect(state([], { board: lower, ...without(a!, b!, c!, d!) })).toBe("rejected");
  // The chair keeps out and wins no tie.
  expect(state(votes("b+", "c-", "d0"), { board: lower, ...without(a!) })).toBe("rejected");
  // A seat that somebody else fills is not lost, and neither is one that nobody has.
  const twin = holder("twin", "a");
  expect(countVotes({ board, votes: votes("b+"), members: [twin, b!], recused: [a!] })).toMatchObject({
    state: "open",
    reason: expect.not.stringContaining("recused"),
  });
  expect(state(votes("b+"), { members: [b!], recused: [a!] })).toBe("open");
});

test("a vote cast for somebody takes their seat", () => {
  const [first] = votes("d+");
  const cast = { ...first!, voter: "somebody-else", for: "holder-of-a" };
  expect(
    countVotes({ board: { ...board, veto: ["a"] }, votes: [{ ...cast, decision: "reject" }], members }),
  ).toMatchObject({
    state: "rejected",
    reason: "vetoed by holder-of-a",
  });
  expect(countVotes({ board, votes: [cast, ...votes("b+", "c-", "d-")], members })).toMatchObject({
    state: "approved",
    for: 2,
  });
});

const cast = fc
  .shuffledSubarray(["a", "b", "c", "d", "e", "f"])
  .chain((voters) =>
    fc.tuple(...voters.map((voter) => fc.constantFrom("+", "-", "0").map((sign) => `${voter}${sign}`))),
  );
const decision = fc.oneof(
  fc.constantFrom<BoardDecision>("majority", "unanimous"),
  fc.integer({ min: 1, max: 100 }).map((percent) => ({ percent })),
);
const six: Board = { ...board, members: ["a", "b", "c", "d", "e", "f"] };
const seated = six.members.map((position) => holder(`holder-of-${position}`, position));

test("what is decided stays decided whatever is voted afterwards, and everybody's answer decides", () => {
  fc.assert(
    fc.property(cast, decision, fc.option(fc.constantFrom("a", "d"), { nil: undefined }), (all, how, veto) => {
      const by = { ...six, ...(veto === undefined ? {} : { veto: [veto] }) };
      const states = Array.from(
        { length: all.length + 1 },
        (_, count) =>
          countVotes({ board: by, decision: how, votes: votes(...all.slice(0, count)), members: seated }).state,
      );
      const decided = states.find((one) => one !== "open");
      // A veto may still come after a majority; everything else is settled by then.
      if (veto === undefined && decided !== undefined) expect(states.at(-1)).toBe(decided);
      if (all.length === six.members.length) expect(states.at(-1)).not.toBe("open");
    }),
  );
});

test("the order of votes does not matter, and unanimity implies every other decision", () => {
  fc.assert(
    fc.property(cast, decision, fc.nat(), (all, how, turn) => {
      const turned = [...all.slice(turn % (all.length + 1)), ...all.slice(0, turn % (all.length + 1))];
      const of = (order: string[], by: BoardDecision) =>
        countVotes({ board: six, decision: by, votes: votes(...order), members: seated }).state;
      expect(of(turned, how)).toBe(of(all, how));
      if (of(all, "unanimous") === "approved") expect(of(all, how)).toBe("approved");
    }),
  );
});

const heard = (...letters: string[]) => letters.map((letter) => `holder-of-${letter}`);

test.each<[string, string[], string[], string]>([
  ["those who are there make no quorum", ["b+", "c+"], ["b", "c"], "open"],
  ["one of three who are there has voted", ["b+"], ["b", "c", "d"], "open"],
  ["two of the three who are there are for it", ["b+", "c+"], ["b", "c", "d"], "approved"],
  ["two of the three who are there are against it", ["b-", "c-"], ["b", "c", "d"], "rejected"],
  ["the chair is there and can win the tie", ["b+", "c-", "d0"], ["a", "b", "c", "d"], "open"],
  ["the chair is not there and cannot win the tie", ["b+", "c-", "d0"], ["b", "c", "d"], "rejected"],
  ["somebody who voted before the meeting counts to the quorum", ["a+", "b+"], ["b", "c"], "approved"],
  ["somebody without a seat is there", ["b+", "c+"], ["b", "c", "z"], "open"],
])("by presence, when %s it is decided among those who are there", (_, cast, present, expected) => {
  expect(state(votes(...cast), { present: heard(...present) })).toBe(expected);
});

test("by presence, unanimous is everybody who is there", () => {
  const cast = votes("b+", "c+", "d+");
  expect(state(cast, { decision: "unanimous", present: heard("b", "c", "d") })).toBe("approved");
  expect(state(cast, { decision: "unanimous" })).toBe("open");
});

test("how many seats people fill, and how many make a quorum", () => {
  expect(seatsTaken(board, [holder("x", "a", "b"), holder("y", "a"), holder("z", "a")])).toBe(2);
  expect(seatsNeeded(board)).toBe(3);
  expect(seatsNeeded({ ...board, quorum: 2 })).toBe(2);
});
