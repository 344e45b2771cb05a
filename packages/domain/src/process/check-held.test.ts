import { expect, test } from "vitest";
import { aProcess, aTable } from "../testing/builders.ts";
import { checkWritten } from "./check.ts";
import type { Board, Process, Requirement, StepTemplate } from "./process.ts";

const positions = ["lead", "security", "boss"].map((id) => ({ id, title: id }));
const board: Board = { id: "cab", title: "CAB", members: ["lead", "security", "boss"], chair: "boss" };
const asked: Requirement = { id: "cab", title: "CAB", from: { board: "cab" }, count: 1 };

function codes(overrides: Partial<Process>): string[] {
  return checkWritten(aProcess(overrides)).map(({ code }) => code);
}

function withBoard(change: Partial<Board>, requirement: Partial<Requirement> = {}): Partial<Process> {
  const requirements = [{ ...asked, ...requirement }];
  return { positions, boards: [{ ...board, ...change }], approvals: aTable("approvals", { requirements }) };
}

test.each<[string, Partial<Board>]>([
  ["POSITION_UNKNOWN", { members: [...board.members, "cto"] }],
  ["SEAT_UNKNOWN", { chair: "bos" }],
  ["SEAT_UNKNOWN", { veto: ["cto"] }],
  ["SEAT_TWICE", { members: ["lead", "security", "boss", "boss"] }],
  ["QUORUM_INVALID", { quorum: 0 }],
  ["QUORUM_INVALID", { quorum: 4 }],
  ["QUORUM_INVALID", { quorum: 1.5 }],
  ["TIME_INVALID", { meets: { from: "15:00", to: "24:00", zone: "UTC" } }],
])("%s on a board", (code, change) => {
  expect(codes(withBoard({}))).toEqual([]);
  expect(codes(withBoard({ quorum: 3, veto: ["security"] }))).toEqual([]);
  expect(codes(withBoard(change))).toEqual([code]);
});

test.each<[string, Partial<Requirement>]>([
  ["BOARD_COUNTED", { count: 2 }],
  ["PERCENT_INVALID", { decision: { percent: 0 } }],
  ["PERCENT_INVALID", { decision: { percent: 101 } }],
  ["POSITION_UNKNOWN", { escalateTo: "cto" }],
  ["REQUIREMENT_UNKNOWN", { after: ["lead"] }],
  ["APPROVAL_CYCLE", { after: ["cab"] }],
])("%s in what is asked of a board", (code, change) => {
  expect(codes(withBoard({}, { decision: { percent: 60 }, escalateTo: "lead", within: { hours: 2 } }))).toEqual([]);
  expect(codes(withBoard({}, change))).toEqual([code]);
});

test("only a board decides, only one that is declared, and what nothing asks for is said", () => {
  const lead: Requirement = { id: "lead", title: "", from: { position: "lead" }, count: 1, decision: "unanimous" };
  expect(codes({ ...withBoard({}), approvals: aTable("a", { requirements: [asked, lead] }) })).toEqual([
    "BOARD_COUNTED",
  ]);
  expect(codes({ approvals: aTable("a", { requirements: [asked] }) })).toEqual(["BOARD_UNKNOWN"]);
  expect(codes({ positions, boards: [board] })).toEqual(["BOARD_UNUSED"]);
  expect(codes({ positions: positions.slice(0, 1) })).toEqual(["POSITION_UNUSED"]);
});

test("a step names positions and kinds of test that there are", () => {
  const step: StepTemplate = { id: "extra", title: "", evidence: [], by: [], positions: ["lead"], tests: ["unit"] };
  const withStep = (change: Partial<StepTemplate>) => ({
    positions: positions.slice(0, 1),
    stages: aProcess().stages.map((stage) =>
      stage.id === "ready" ? { ...stage, steps: [{ ...step, ...change }] } : stage,
    ),
  });
  expect(codes(withStep({}))).toEqual([]);
  expect(codes(withStep({ positions: ["lead", "leed"] }))).toEqual(["POSITION_UNKNOWN"]);
  expect(codes(withStep({ tests: ["units"] }))).toEqual(["TEST_UNKNOWN"]);
});

test("whoever answers for a standing change is asked for", () => {
  const [lead] = positions;
  const entry = { id: "patch", title: "Patch", description: "", expires: "2027-01-01", fields: {}, when: {} };
  expect(codes({ positions: [lead!] })).toEqual(["POSITION_UNUSED"]);
  expect(codes({ positions: [lead!], standing: [{ ...entry, owner: lead!.id }] })).not.toContain("POSITION_UNUSED");
});
