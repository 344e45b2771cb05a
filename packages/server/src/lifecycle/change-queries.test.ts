import { ListChanges } from "@change-mgmt/api/changes.ts";
import { type CompiledQuery, Kysely, PostgresDialect } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cursorOf } from "../commands/cursor.ts";
import { newId } from "../storage/ids.ts";
import { json } from "../storage/json.ts";
import type { Store } from "../storage/store.ts";
import type { Tables } from "../storage/tables.ts";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../testing/small-workspace.ts";
import { openedStore } from "../testing/stores.ts";
import { listChanges, listComments, loadDeployments } from "./change-queries.ts";
import { cancelChange } from "./requests/cancel-change.ts";
import { commentOnChange } from "./requests/comment-on-change.ts";
import { createChange } from "./requests/create-change.ts";

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store);
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const list = async (query: Record<string, unknown> = {}, db = store.db) =>
  await listChanges(db, workspace.processes, ListChanges.parse(query));
const page = async (query: Record<string, unknown> = {}) => accepted(await list(query));
const ids = async (query: Record<string, unknown>) => (await page(query)).items.map(({ id }) => id);

test("pages are newest first, hold each change once, and stay so while others are made", async () => {
  const made: string[] = [];
  for (let n = 0; n < 7; n++) made.push(await workspace.submitted());
  const newestFirst = [...made].reverse();
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const { items, nextCursor }: Awaited<ReturnType<typeof page>> = await page({
      limit: "3",
      ...(cursor ? { cursor } : {}),
    });
    seen.push(...items.map(({ id }) => id));
    cursor = nextCursor;
    await workspace.submitted();
  } while (cursor);
  expect(seen).toEqual(newestFirst);
  const all = await page({ limit: "200" });
  expect(all.items).toHaveLength(10);
  expect(all.nextCursor).toBeNull();
  expect((await page({ limit: "10" })).nextCursor).toBeNull();
});

test("every filter keeps what it names, and they add up", async () => {
  const { door, people } = workspace;
  const make = async (actor: typeof people.rosa, submit: boolean, type: string) => {
    const fields = { title: "One", type, components: ["users"] };
    return accepted(await door.execute(createChange, { process: "quick", fields, submit }, { actor })).id;
  };
  const draft = await make(people.ben, false, "remove");
  const ready = await make(people.ben, true, "remove");
  const cancelled = await make(people.ben, true, "add");
  accepted(await door.execute(cancelChange, { id: cancelled, reason: "no" }, { actor: people.lena }));

  expect(await ids({ requester: "ben" })).toEqual([cancelled, ready, draft]);
  expect(await ids({ requester: "ben", status: "draft" })).toEqual([draft]);
  expect(await ids({ requester: "ben", status: "draft, cancelled" })).toEqual([cancelled, draft]);
  expect(await ids({ requester: "ben", active: "true" })).toEqual([ready, draft]);
  expect(await ids({ requester: "ben", active: "false" })).toEqual([cancelled, ready, draft]);
  expect(await ids({ type: "remove" })).toEqual([ready, draft]);
  expect(await ids({ requester: "ben", team: "core" })).toEqual([cancelled, ready]);
  expect(await ids({ requester: "ben", component: "users", type: "add" })).toEqual([cancelled]);
  expect(await ids({ component: "books" })).toEqual([]);
  expect(await ids({ team: "nobody" })).toEqual([]);
  expect((await page({ requester: "ben", status: "draft" })).items[0]).toMatchObject({
    status: "draft",
    stage: "draft",
    stageTitle: "draft",
    process: "quick",
    team: null,
    requester: "ben",
    version: 1,
  });
});

test.each(["nonsense", cursorOf("'; DROP TABLE"), Buffer.from(`2:${newId()}`).toString("base64url"), ""])(
  "a cursor that no list has given is refused: %j",
  async (cursor) => {
    expect(refused(await list({ cursor }))).toMatchObject({
      code: "CURSOR_INVALID",
      place: { pointer: "/query/cursor" },
    });
  },
);

test("a status that is none is refused at its place", async () => {
  expect(refused(await list({ status: "draft,done" }))).toMatchObject({
    code: "INPUT_INVALID",
    message: 'There is no status "done".',
    place: { pointer: "/query/status" },
  });
});

test("comments come oldest first, a page at a time", async () => {
  const id = await workspace.submitted();
  for (const text of ["one", "two", "three"])
    accepted(await workspace.door.execute(commentOnChange, { id, text }, { actor: workspace.people.audrey }));
  const first = accepted(await listComments(store.db, id, { limit: 2 }));
  expect(first.items.map(({ text }) => text)).toEqual(["one", "two"]);
  const second = accepted(await listComments(store.db, id, { limit: 2, cursor: first.nextCursor! }));
  expect(second).toMatchObject({ items: [{ text: "three", author: "audrey" }], nextCursor: null });
  expect(refused(await listComments(store.db, id, { limit: 2, cursor: "x" })).code).toBe("CURSOR_INVALID");
});

test("of a deployment's output the newest lines are shown, in their order, each with its step", async () => {
  const change = await workspace.submitted();
  const id = newId();
  const none = {
    reason: null,
    started_at: null,
    finished_at: null,
    cancelled_by: null,
    cancel_reason: null,
    target_state: null,
  };
  await store.db
    .insertInto("deployments")
    .values({
      id,
      change_id: change,
      environment: "e",
      direction: "deploy",
      state: "running",
      content_hash: "",
      plan: json<unknown>({}),
      requested_by: "olga",
      requested_at: new Date(),
      ...none,
    })
    .execute();
  for (const [position, step] of ["a:apply", "a:verify"].entries())
    await store.db
      .insertInto("deployment_steps")
      .values({
        deployment_id: id,
        step,
        position,
        title: step,
        state: "running",
        attempt: 1,
        started_at: null,
        finished_at: null,
        message: null,
      })
      .execute();
  await store.pool.query(
    `INSERT INTO change_mgmt.deployment_output (deployment_id, step, line)
     SELECT $1, CASE WHEN n <= 600 THEN 'a:apply' ELSE 'a:verify' END, 'line ' || n FROM generate_series(1, 610) n`,
    [id],
  );
  const [deployment] = await loadDeployments(store.db, { id });
  expect(deployment!.steps.map((step) => step.output.length)).toEqual([490, 10]);
  expect(deployment!.steps[0]!.output[0]).toBe("line 111");
  expect(deployment!.steps[1]!.output.at(-1)).toBe("line 610");
  expect(await loadDeployments(store.db, { changeId: await workspace.submitted() })).toEqual([]);
});

test.each([
  ["the first page", {}],
  ["a later page", { cursor: cursorOf(newId()) }],
  ["one status", { status: "draft" }],
  ["one requester", { requester: "ben" }],
  ["what is not over", { active: "true" }],
])("%s of many is read by an index, without sorting", async (_what, query) => {
  await store.pool.query(`
    INSERT INTO change_mgmt.change_requests (id, number, process_name, process_version, process_hash, title, description, type, priority, requester, status, metadata, artifacts, content_hash)
    SELECT gen_random_uuid(), 'M-' || n, p.name, p.version, p.hash, '', '', 'add', '', CASE WHEN n % 100 = 0 THEN 'ben' ELSE 'rosa' END,
      CASE WHEN n % 50 = 0 THEN 'draft' ELSE 'closed' END, '{}', '[]', ''
    FROM generate_series(1, 20000) n, change_mgmt.processes p ON CONFLICT (number) DO NOTHING;
    INSERT INTO change_mgmt.workflow_states (change_id, current_step, step_data)
    SELECT id, 'ready', '[]' FROM change_mgmt.change_requests WHERE number LIKE 'M-%' ON CONFLICT DO NOTHING;
    ANALYZE change_mgmt.change_requests; ANALYZE change_mgmt.workflow_states`);
  const asked: CompiledQuery[] = [];
  const listening = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: store.pool }),
    log: (event) => void asked.push(event.query),
  }).withSchema("change_mgmt");
  accepted(await list({ ...query, limit: "20" }, listening));
  const { sql, parameters } = asked.find((one) => one.sql.includes("change_requests"))!;
  const { rows } = await store.pool.query(`EXPLAIN ${sql}`, [...parameters]);
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(plan).toMatch(/Index (Only )?Scan (Backward )?using change_requests_\w+ on change_requests/);
  expect(plan).not.toMatch(/Seq Scan on change_requests|Sort/);
});
