import type { Problem } from "@change-mgmt/api/problem.ts";
import type { CheckedDraft, RehearsedDraft } from "@change-mgmt/api/rehearsals.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import type { Handlers } from "../../commands/handler.ts";
import { type StartedHttp, startHttp } from "../../http/testing.ts";
import type { Store } from "../../storage/store.ts";
import { aSmallWorkspace, type SmallPeople, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { newEmbeddedStore, storedRows, TEST_CACHE } from "../../testing/stores.ts";
import type { DraftLimits } from "./draft-rehearsals.ts";
import { draftRoutes } from "./draft-routes.ts";

const HISTORY = [
  { name: "0001_users.sql", sql: "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, born date)" },
];

let store: Store;
let workspace: SmallWorkspace;
const started: StartedHttp[] = [];

beforeAll(async () => {
  store = await newEmbeddedStore();
  workspace = await aSmallWorkspace(store);
  await workspace.configure([{ name: "staging", database: "embedded:staging" }], HISTORY);
});
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ app }) => app.close()));
});
afterAll(() => store?.close());

/** A server on which the token of a person is their handle; `arrived` resolves when that many tries have reached it. */
async function serve(options: { limits?: DraftLimits; triesPerMinute?: number } = {}) {
  const routes = draftRoutes({
    db: store.db,
    cacheFolder: TEST_CACHE,
    engine: async () => ({}),
    ...(options.limits ? { limits: options.limits } : {}),
  });
  let arrivals = 0;
  const counted: Handlers = {
    ...routes,
    "rehearsals.try": (call) => {
      arrivals += 1;
      return routes["rehearsals.try"]!(call);
    },
  };
  const http = await startHttp(counted, {
    authenticate: async (token) => {
      const person = workspace.people[token as keyof SmallPeople];
      return person ? accept(person) : refuse("TOKEN_INVALID", "Nobody.", "Sign in.");
    },
    ...(options.triesPerMinute === undefined ? {} : { limits: { triesPerMinute: options.triesPerMinute } }),
  });
  started.push(http);
  const post =
    (path: string) =>
    async (body: unknown, who: keyof SmallPeople = "ben", signal?: AbortSignal) => {
      const answer = await fetch(http.url + path, {
        method: "POST",
        headers: { authorization: `Bearer ${who}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        ...(signal ? { signal } : {}),
      });
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as unknown };
    };
  const checking = post("/api/rehearsals/check");
  const trying = post("/api/rehearsals");
  return {
    http,
    arrived: (count: number) => expect.poll(() => arrivals).toBeGreaterThanOrEqual(count),
    checking,
    trying,
    check: async (...migrations: unknown[]) => (await checking({ migrations })).body as z.output<typeof CheckedDraft>,
    rehearse: async (...migrations: unknown[]) =>
      (await trying({ migrations })).body as z.output<typeof RehearsedDraft>,
  };
}

const draft = (up: string, down: string | null = null, more: object = {}) => ({
  id: "m",
  name: "2.sql",
  up,
  down,
  ...more,
});
const ENDLESS = "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$";

test("a place is exact in the text as it was typed, whatever characters stand before it", async () => {
  const { check, rehearse } = await serve();
  const up = "-- Zürich 🚆 ünd\nALTER TABLE users ADD ort text;\nSELECT '🚆🚆', 'ü' FRM users;";
  const { migrations } = await check(draft(up));
  expect(migrations[0]!.findings).toMatchObject([
    { rule: "sql-invalid", severity: "error", part: "up", message: expect.stringContaining('"users"') },
  ]);
  const { span } = migrations[0]!.findings[0]!;
  expect(up.split("\n")[span!.line - 1]!.slice(span!.column - 1, span!.endColumn - 1)).toBe("users");
  // What cannot be read is not run, and says the same.
  expect(await rehearse(draft(up))).toMatchObject({
    migrations: [{ outcome: "unreadable", report: null, findings: migrations[0]!.findings }],
  });
});

test("what ends too early is marked at the last thing said", async () => {
  const { check } = await serve();
  const { migrations } = await check(draft("SELECT 1", "ALTER TABLE users\n  DROP COLUMN -- and?\n"));
  expect(migrations[0]!.findings).toMatchObject([
    { rule: "sql-invalid", part: "down", span: { line: 2, column: 8, endLine: 2, endColumn: 14 } },
  ]);
});

test("a transaction of its own and what needs none are found before anything runs", async () => {
  const { check } = await serve();
  const { migrations } = await check(
    draft("CREATE INDEX a ON users (name);\nCREATE INDEX CONCURRENTLY b ON users (born);", "BEGIN;\nSELECT 1;\nCOMMIT"),
    { ...draft("CREATE INDEX CONCURRENTLY b ON users (born)"), id: "n", transactional: false },
    { ...draft("  -- nothing yet\n"), id: "o" },
  );
  expect(
    migrations.map(({ id, findings }) => [id, findings.map(({ rule, part, span }) => [rule, part, span?.line])]),
  ).toEqual([
    [
      "m",
      [
        ["needs-no-transaction", "up", 2],
        ["transaction-control", "down", 1],
        ["transaction-control", "down", 3],
      ],
    ],
    ["n", []],
    ["o", []],
  ]);
});

test("a breaking change is found at its statement, with locks, what comes back and what does not; nothing is kept", async () => {
  const { rehearse } = await serve();
  const before = await storedRows(store);
  const answer = await rehearse(
    draft("ALTER TABLE users ADD nick text;\nALTER TABLE users DROP COLUMN name;", "ALTER TABLE users ADD name text"),
    { ...draft("ALTER TABLE users ALTER nick TYPE int USING 1", "ALTER TABLE users ALTER nick TYPE text"), id: "n" },
  );
  expect(answer).toMatchObject({
    baseKnown: true,
    breaking: true,
    migrations: [
      {
        id: "m",
        outcome: "passed",
        message: "2 statements ran.",
        report: {
          statements: [{ line: 1, locks: [{ mode: "AccessExclusiveLock", relation: "public.users" }] }, { line: 2 }],
          rehearsal: { down: { outcome: "differs" } },
        },
      },
      { id: "n", outcome: "passed" },
    ],
  });
  const [first, second] = answer.migrations;
  const found = (one: typeof first) =>
    one!.findings.map(({ rule, severity, part, span }) => [rule, severity, part, span?.line]);
  expect(found(first)).toEqual([
    ["down-differs", "error", "down", undefined],
    ["drop-column", "error", "up", 2],
  ]);
  expect(first!.findings.at(-1)).toMatchObject({
    breaking: true,
    title: expect.stringContaining("olumn"),
    span: { column: 1 },
  });
  expect(found(second)).toContainEqual(["change-column-type", expect.any(String), "up", 1]);
  expect(await storedRows(store)).toEqual(before);
});

test("what fails is marked at its statement, up and down, also where one line holds several", async () => {
  const { rehearse } = await serve();
  const up = await rehearse(draft("SELECT 1; ALTER TABLE users ADD id int;\nSELECT 2"));
  expect(up.migrations[0]).toMatchObject({
    outcome: "failed",
    findings: [{ rule: "up-fails", severity: "error", span: { line: 1, column: 11, endLine: 1, endColumn: 39 } }],
  });
  const down = await rehearse(draft("ALTER TABLE users ADD a int", "SELECT 1;\nALTER TABLE users DROP b;"));
  expect(down.migrations[0]).toMatchObject({
    outcome: "passed",
    findings: [{ rule: "down-fails", part: "down", span: { line: 2, column: 1 } }],
  });
});

test("where there is no way back, one is proposed that was rehearsed, with what it does not bring back", async () => {
  const { rehearse } = await serve();
  const { migrations } = await rehearse(draft("ALTER TABLE users DROP COLUMN born; CREATE TABLE notes (id int)"));
  expect(migrations[0]!.proposal).toMatchObject({
    sql: expect.stringMatching(/drop table .*notes/i),
    transactional: true,
    rehearsal: { outcome: "exact" },
    losses: expect.arrayContaining([expect.stringContaining("users.born: restores the column, not its values")]),
  });
  const blank = await rehearse(draft("CREATE TABLE notes (id int)", " \n"));
  expect(blank.migrations[0]).toMatchObject({
    report: { rehearsal: { down: { outcome: "absent", reason: "the down part is empty" } } },
    proposal: { rehearsal: { outcome: "exact" } },
  });
  const wrong = await rehearse(draft("CREATE TABLE notes (id int); CREATE TABLE tags (id int)", "DROP TABLE notes"));
  expect(wrong.migrations[0]).toMatchObject({
    report: { rehearsal: { down: { outcome: "differs" } } },
    proposal: { sql: expect.stringMatching(/drop table .*tags/i), rehearsal: { outcome: "exact", data: "equal" } },
  });
  const kept = await rehearse(draft("CREATE TABLE notes (id int)", "DROP TABLE notes"));
  expect(kept.migrations[0]).toMatchObject({ outcome: "passed", proposal: null });
});

test("without a history a failure is a warning, and says why", async () => {
  const elsewhere = await newEmbeddedStore();
  const http = await startHttp(draftRoutes({ db: elsewhere.db, cacheFolder: TEST_CACHE, engine: async () => ({}) }));
  started.push(http);
  const answer = await http.send("POST", "/api/rehearsals", { migrations: [draft("ALTER TABLE users ADD a int")] });
  expect(await answer.json()).toMatchObject({
    baseKnown: false,
    migrations: [
      {
        outcome: "not-rehearsable",
        message: expect.stringContaining("no history was imported"),
        findings: [{ rule: "up-fails", severity: "warning" }],
      },
    ],
  });
  await elsewhere.close();
});

test("who may not create changes may not try them, and the change that is edited must be there", async () => {
  const { checking, trying } = await serve();
  const body = { migrations: [draft("SELECT 1")] };
  for (const ask of [checking, trying]) {
    expect(await ask(body, "audrey")).toMatchObject({ status: 403, body: { code: "NOT_ALLOWED" } });
    expect(await ask({ migrations: [] })).toMatchObject({ status: 422, body: { code: "INPUT_INVALID" } });
  }
  expect(await trying({ ...body, change: "Q-99" })).toMatchObject({ status: 404, body: { code: "CHANGE_UNKNOWN" } });
});

test("what is too long is not read, what takes too long is ended, and too many tries are held up", async () => {
  const limits = { characters: 200, statementMs: 1_000, totalMs: 30_000 };
  const { checking, trying, rehearse } = await serve({ limits, triesPerMinute: 4 });
  const long = { migrations: [draft(`SELECT '${"x".repeat(150)}'`, `SELECT '${"x".repeat(150)}'`)] };
  for (const ask of [checking, trying]) {
    expect(await ask(long)).toMatchObject({ status: 413, body: { code: "DRAFT_TOO_LONG" } });
  }
  expect((await rehearse(draft(ENDLESS))).migrations[0]).toMatchObject({
    outcome: "failed",
    message: expect.stringContaining("did not end within 1 s"),
    findings: [{ rule: "up-fails", span: { line: 1, column: 1 } }],
  });
  expect((await checking(long)).status).toBe(413);
  const held = await checking(long);
  expect([held.status, (held.body as Problem).code]).toEqual([429, "RATE_LIMITED"]);
  expect(held.headers.get("retry-after")).toMatch(/^\d+$/);
});

test("a newer try of the same person ends the older; that of somebody else goes on", async () => {
  const { trying, arrived } = await serve({ limits: { characters: 1000, statementMs: 20_000, totalMs: 40_000 } });
  const endless = { migrations: [draft(ENDLESS)] };
  const older = trying(endless);
  await arrived(1);
  const leaving = new AbortController();
  const other = trying(endless, "rosa", leaving.signal);
  await arrived(2);
  const newer = await trying({ migrations: [draft("SELECT 1")] });
  expect(await older).toMatchObject({ status: 409, body: { code: "TRY_REPLACED" } });
  expect(newer).toMatchObject({ status: 200, body: { migrations: [{ outcome: "passed" }] } });
  leaving.abort();
  await expect(other).rejects.toThrow();
});
