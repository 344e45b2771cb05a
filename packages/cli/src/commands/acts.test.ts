import { expect, test } from "vitest";
import { FakeRefusal, type Handlers, startFakeServer } from "../testing/fake-server.ts";
import { freshFolder, runLine } from "../testing/run-line.ts";
import { aChange, aValidation, minutesAgo } from "../testing/samples.ts";

/** Runs a line against a server that answers with a change and keeps what it was asked. */
async function act(argv: readonly string[], handlers: Handlers = {}) {
  const seen: Record<string, { params: object; body: unknown; version?: string | undefined }> = {};
  const keep = (name: string) => (request: { params: object; body: unknown; headers: Record<string, unknown> }) => {
    const version = request.headers["if-match"] as string | undefined;
    seen[name] = { params: request.params, body: request.body, ...(version ? { version } : {}) };
    return aChange();
  };
  const names = [
    "submit",
    "assess",
    "completeStep",
    "addStep",
    "rework",
    "cancel",
    "close",
    "edit",
    "vote",
    "withdraw",
    "recuse",
  ] as const;
  const kept = Object.fromEntries(names.map((name) => [`changes.${name}`, keep(name)]));
  const server = await startFakeServer({ "changes.get": () => aChange(), ...kept, ...handlers });
  const said = await runLine(argv, { server: server.address });
  await server.close();
  expect(server.violations).toEqual([]);
  return { ...said, seen };
}

test.each([
  [["submit", "CHG-12"], "submit", { body: {} }],
  [
    [
      "assess",
      "CHG-12",
      "--impact=None",
      "--breaking",
      "--complexity=high",
      "--depends-on=CHG-1",
      "--depends-on",
      "CHG-2",
    ],
    "assess",
    { body: { impact: "None", breaking: true, complexity: "high", dependencies: ["CHG-1", "CHG-2"] } },
  ],
  [
    ["step", "complete", "CHG-12", "read-through", "--link=https://x", "--note=Read", "--comment=Fine"],
    "completeStep",
    {
      params: { id: "CHG-12", stepId: "read-through" },
      body: {
        evidence: [
          { kind: "link", value: "https://x" },
          { kind: "note", value: "Read" },
        ],
        notes: "Fine",
      },
    },
  ],
  [
    ["step", "complete", "--change-id", "CHG-12", "read-through"],
    "completeStep",
    { params: { id: "CHG-12", stepId: "read-through" } },
  ],
  [
    ["step", "add", "CHG-12", "Tell people", "--stage=approval"],
    "addStep",
    { body: { title: "Tell people", stage: "approval" } },
  ],
  [["rework", "CHG-12", "--reason=Lock"], "rework", { body: { reason: "Lock" } }],
  [["cancel", "CHG-12", "--reason=Gone"], "cancel", { body: { reason: "Gone" } }],
  [["withdraw", "CHG-12"], "withdraw", { body: {} }],
  [["withdraw", "CHG-12", "--requirement=cab"], "withdraw", { body: { requirement: "cab" } }],
  [["recuse", "CHG-12", "--reason=Mine"], "recuse", { body: { reason: "Mine" } }],
  [["approve", "CHG-12", "--for=lena"], "vote", { body: { decision: "approve", for: "lena" } }],
  [["close", "CHG-12", "--summary=Live"], "close", { body: { summary: "Live" } }],
])("%j sends what was typed", async (argv, name, request) => {
  const { code, seen, stdout } = await act(argv as string[]);
  expect(code).toBe(0);
  expect(seen[name as string]).toMatchObject(request as object);
  expect(stdout).toContain("CHG-12");
});

test("editing sends only what changes, with the version that was read, and merges artifacts", async () => {
  const cwd = freshFolder();
  const { seen } = await act(
    ["edit", "CHG-12", "--title=New", "--clear=dependencies", "--manual=on::off", "--assignee=none"],
    {
      "processes.get": () => ({
        name: "data-layer",
        hash: "h",
        process: { form: { fields: [{ id: "title", kind: "text" }] } },
      }),
    },
  );
  expect(cwd).toBeTruthy();
  expect(seen.edit).toMatchObject({
    version: '"7"',
    body: {
      fields: { title: "New", dependencies: null },
      assignee: null,
      artifacts: [{ id: "0003-nickname" }, { id: "manual" }],
    },
  });
  expect((await act(["edit", "CHG-12", "--assignee=ben"])).seen.edit?.body).toEqual({ assignee: "ben" });
  const removed = await act(["edit", "CHG-12", "--remove-artifact=0003-nickname"]);
  expect(removed.seen.edit?.body).toEqual({ artifacts: [] });
  const unknown = await act(["edit", "CHG-12", "--remove-artifact=other"]);
  expect(unknown).toMatchObject({ code: 2, seen: {} });
  expect(unknown.stderr).toContain("It has: 0003-nickname.");
});

test("a vote shows what it is about and is bound to that content", async () => {
  const { seen, stderr } = await act([
    "approve",
    "CHG-12",
    "--requirement=architecture",
    "--environment=production",
    "--comment=Good",
  ]);
  expect(seen.vote?.body).toEqual({
    decision: "approve",
    contentHash: aChange().contentHash,
    comment: "Good",
    requirement: "architecture",
    environment: "production",
  });
  expect(stderr).toContain(`content ${aChange().contentHash}`);
  expect(stderr).toContain("migration  0003_nickname.sql: with down script  (0003-nickname)");
});

test("a vote on the content one looked at keeps that hash, whatever stands there now", async () => {
  const first = await act(["reject", "CHG-12", `--hash=${aChange().contentHash.slice(0, 12)}`]);
  expect(first.seen.vote?.body).toMatchObject({ decision: "reject", contentHash: aChange().contentHash });
  const stale = await act(["abstain", "CHG-12", "--hash=0123456789ab"], {
    "changes.vote": ({ body }) => {
      throw new FakeRefusal(412, "CONTENT_CHANGED", `The content is no longer ${body.contentHash}.`);
    },
  });
  expect(stale.code).toBe(1);
  expect(stale.stderr).toContain("The content is no longer 0123456789ab. [CONTENT_CHANGED]");
  expect(stale.stderr).not.toContain("0003_nickname.sql");
  const short = await act(["approve", "CHG-12", "--hash=4f2a"]);
  expect(short.seen.vote?.body).toMatchObject({ contentHash: "4f2a" });
});

test("a stand-in is named for days of one's own zone, listed and ended", async () => {
  const made = {
    id: "019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11",
    person: "ada",
    delegate: "ben",
    from: minutesAgo(0),
    until: minutesAgo(-60),
    reason: "Away",
    madeBy: "ada",
    endedAt: null,
  };
  const bodies: unknown[] = [];
  const named = await act(["delegate", "ben", "--from=2026-12-21", "--until=2026-12-24", "--reason=Away"], {
    "delegations.make": ({ body }) => {
      bodies.push(body);
      return made;
    },
  });
  expect(bodies).toEqual([
    {
      delegate: "ben",
      from: new Date(2026, 11, 21).toISOString(),
      until: new Date(2026, 11, 25).toISOString(),
      reason: "Away",
    },
  ]);
  expect(named.stdout).toMatch(/ada +ben/);
  const exact = ["delegate", "ben", "--until=2026-12-24T12:00:00+01:00", "--of=lena"];
  await act(exact, {
    "delegations.make": ({ body }) => {
      bodies.push(body);
      return made;
    },
  });
  expect(bodies[1]).toEqual({ delegate: "ben", until: "2026-12-24T11:00:00.000Z", person: "lena" });
  expect(await act(["delegate", "ben", "--until=soon"])).toMatchObject({ code: 2, seen: {} });
  const ended = { ...made, endedAt: minutesAgo(0) };
  const end = await act(["delegation", "end", made.id], { "delegations.end": () => ended });
  expect(end.stdout).toContain("(ended)");
  const list = await act(["delegation", "list"], { "delegations.list": () => ({ items: [made, ended] }) });
  expect(list.stdout.match(/Away/g)).toHaveLength(2);
});

test("a board is named by its id, and its agenda tells each change with its evidence", async () => {
  const board = {
    id: "cab",
    process: "itil",
    title: "Advisory board",
    chair: "manager",
    members: [{ position: "manager", holders: ["ada"] }],
    meets: "WE 15:00–16:00 UTC",
    nextMeeting: { from: minutesAgo(-60), to: minutesAgo(-120) },
    convenesWithin: "2 hours",
  };
  const { number, title, type, status, requester, team, breaking, contentHash, description, facts } = aChange();
  const item = {
    change: { number, title, type, status, requester, team, breaking, contentHash, description, facts },
    asked: [
      {
        requirement: "cab",
        title: "Full review",
        environments: ["production"],
        decision: "by majority",
        standing: "not decided",
        ratifies: false,
        dueAt: minutesAgo(-180),
      },
    ],
    validation: "failed" as const,
    checks: [{ title: "Rehearsal", result: "failed", message: "It does not run." }],
    impact: "The bot reads users.",
    votes: [{ voter: "ben", for: "lena", decision: "approve", comment: "Fine" }],
    recusals: [{ person: "ada", reason: "Hers." }],
  };
  const lists = { "boards.list": () => ({ items: [board, { ...board, process: "other", id: "ccb" }] }) };
  const seen: unknown[] = [];
  const agenda = await act(["board", "agenda", "cab"], {
    ...lists,
    "boards.agenda": ({ params }) => {
      seen.push(params);
      return { board, items: [item], more: false };
    },
  });
  expect(seen).toEqual([{ name: "itil", board: "cab" }]);
  for (const said of [
    "Advisory board: 1 waiting, next meeting",
    "to decide by majority: Full review; not decided; due by",
    "validation failed; Rehearsal: It does not run.",
    "ben for lena: approve, Fine",
    "ada keeps out: Hers.",
  ]) {
    expect(agenda.stdout).toContain(said);
  }
  expect((await act(["board", "list"], lists)).stdout).toMatch(/itil\/cab .*manager: ada/);
  const unknown = await act(["board", "agenda", "other/cab"], lists);
  expect(unknown).toMatchObject({ code: 2 });
  expect(unknown.stderr).toContain("Boards: itil/cab, other/ccb.");
});

test("comments are written and read", async () => {
  const comment = { id: "c", author: "ada", text: "Wait\nplease", at: minutesAgo(10), files: [] };
  const written = await act(["comment", "CHG-12", "Wait"], { "changes.comment": () => comment });
  expect(written.stdout).toBe("ada 10 minutes ago\n  Wait\n  please\n");
  const read = await act(["comment", "CHG-12"], {
    "changes.comments": () => ({ items: [comment, comment], nextCursor: null }),
  });
  expect(read.stdout.match(/ada/g)).toHaveLength(2);
});

test("a report of CI is handed in with its figures", async () => {
  const argv = [
    "report",
    "send",
    "CHG-12",
    "--kind=tests",
    "--commit=abcdef",
    "--passed=412",
    "--failed=0",
    "--summary=all",
  ];
  const { stdout } = await act(argv, {
    "changes.report": ({ body }) => {
      expect(body).toEqual({ kind: "tests", commit: "abcdef", passed: 412, failed: 0, summary: "all" });
      return aValidation();
    },
  });
  expect(stdout).toContain("validation of CHG-12: passed");
});
