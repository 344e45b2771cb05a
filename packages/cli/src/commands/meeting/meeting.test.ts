import { expect, test } from "vitest";
import { type Handlers, startFakeServer } from "../../testing/fake-server.ts";
import { runLine } from "../../testing/run-line.ts";
import { aChange } from "../../testing/samples.ts";

const ID = "019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11";
const board = {
  id: "cab",
  process: "itil",
  title: "Advisory board",
  chair: "manager",
  members: [{ position: "manager", holders: ["ada"] }],
  meets: "WE 15:00–16:00 UTC",
  nextMeeting: null,
  convenesWithin: "2 hours",
};
const meeting = {
  id: ID,
  process: "itil",
  board: "cab",
  title: "Advisory board",
  urgent: false,
  state: "open" as const,
  from: "2026-03-04T15:00:00.000Z",
  to: "2026-03-04T16:00:00.000Z",
  reason: null,
  convenedBy: "ada",
  convenedAt: "2026-03-02T15:00:00.000Z",
  openedBy: "ada",
  openedAt: "2026-03-04T15:00:00.000Z",
  endedBy: null,
  endedAt: null,
  leads: ["ada"],
  members: ["ada", "ben"],
  attendance: [
    { person: "ada", seat: true, arrivedAt: "2026-03-04T15:00:00.000Z", leftAt: null, notedBy: "ada" },
    { person: "rosa", seat: false, arrivedAt: "2026-03-04T15:01:00.000Z", leftAt: null, notedBy: "ada" },
  ],
  quorum: { seats: 1, needed: 1, reached: true },
  decisions: [
    {
      change: { number: "CR-2026-0001", title: "A column", contentHash: "abc" },
      requirement: "cab",
      title: "Full review",
      outcome: "approved" as const,
      standing: "decided for it: 1 for, 0 against, 0 abstained, 0 to come",
      votes: [{ voter: "ada", for: "zoe", decision: "approve", comment: "Fine.", withdrawn: false }],
    },
  ],
  notes: "The index waits.",
  notedBy: "ada",
};

/** Runs a line against a server with one board; answers what was said and asked. */
async function line(argv: readonly string[], handlers: Handlers = {}) {
  const asked: unknown[] = [];
  const keep = ({ params, body }: { params: object; body: unknown }) => {
    asked.push({ ...params, ...(body as object | undefined) });
    return meeting;
  };
  const acts = ["get", "convene", "open", "attend", "note", "close", "callOff"] as const;
  const server = await startFakeServer({
    "boards.list": () => ({ items: [board] }),
    "meetings.list": () => ({
      items: [
        { ...meeting, id: ID.replace("b11", "b12"), state: "convened", from: "2026-03-11T15:00:00.000Z" },
        meeting,
      ],
      more: false,
    }),
    ...Object.fromEntries(acts.map((act) => [`meetings.${act}`, keep])),
    ...handlers,
  });
  const said = await runLine(argv, { server: server.address });
  await server.close();
  expect(server.violations).toEqual([]);
  return { ...said, asked };
}

test.each<[string[], object]>([
  [["show", "cab"], { id: ID }],
  [["show", ID], { id: ID }],
  [["open", "itil/cab"], { id: ID }],
  [["attend", "cab"], { id: ID, present: true }],
  [["attend", "cab", "--person=rosa", "--left"], { id: ID, present: false, person: "rosa" }],
  [["note", "cab", "--text=The index waits."], { id: ID, notes: "The index waits." }],
  [["close", "cab"], { id: ID }],
  [["call-off", "cab", "--reason=Holiday"], { id: ID, reason: "Holiday" }],
  [["convene", "cab"], { name: "itil", board: "cab", urgent: false }],
  [
    ["convene", "cab", "--urgent", "--reason=Lost", "--from=2026-03-04T15:00:00Z"],
    { name: "itil", board: "cab", urgent: true, reason: "Lost", from: "2026-03-04T15:00:00.000Z" },
  ],
])("meeting %j", async (words, expected) => {
  const { asked, stdout, code } = await line(["meeting", ...words]);
  expect(code).toBe(0);
  expect(asked).toEqual([expected]);
  for (const text of [
    "Advisory board, ",
    ": open",
    "there: ada, rosa (no seat)",
    "not there: ben",
    "1 of 1 seats for a quorum",
    "approved: Full review; decided for it",
    "ada for zoe: approve, Fine.",
    "The index waits.",
  ]) {
    expect(stdout).toContain(text);
  }
});

test("the list of a board's meetings, and the vote that is cast in the one that is open", async () => {
  const { stdout } = await line(["meeting", "list", "cab"]);
  expect(stdout).toMatch(/open +1 +ada, rosa/);
  const votes: unknown[] = [];
  const voted = await line(["approve", "CHG-12", "--meeting=cab"], {
    "changes.get": () => aChange(),
    "changes.vote": ({ body }) => {
      votes.push(body);
      return aChange();
    },
  });
  expect(voted.code).toBe(0);
  expect(votes).toMatchObject([{ meeting: ID, decision: "approve" }]);
});

test("a board that is in no meeting says how it is convened", async () => {
  const none = { "meetings.list": () => ({ items: [], more: false }) };
  const { code, stderr } = await line(["meeting", "show", "cab"], none);
  expect(code).toBe(2);
  expect(stderr).toContain("change-mgmt meeting convene cab");
});
