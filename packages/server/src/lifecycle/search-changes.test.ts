import { ListChanges } from "@change-mgmt/api/changes.ts";
import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import { type CompiledQuery, Kysely, PostgresDialect } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idBefore } from "../storage/ids.ts";
import { makeSearchable } from "../storage/search-record.ts";
import type { Store } from "../storage/store.ts";
import type { Tables } from "../storage/tables.ts";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { accepted, aSmallWorkspace, type SmallWorkspace } from "../testing/small-workspace.ts";
import { newEmbeddedStore, openedStore } from "../testing/stores.ts";
import { listChanges } from "./change-queries.ts";
import { commentOnChange } from "./requests/comment-on-change.ts";
import { createChange } from "./requests/create-change.ts";
import { editChange } from "./requests/edit-change.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.stop());

const migration = (up: string, down: string | null = null): Artifact => ({
  kind: "migration",
  id: "m",
  name: "0001_m.sql",
  up,
  down,
  transactional: true,
});

describe.each(["embedded", "postgres"])("search on %s", (kind) => {
  let store: Store;
  let workspace: SmallWorkspace;

  beforeAll(async () => {
    store =
      kind === "embedded" ? await newEmbeddedStore() : await openedStore({ databaseUrl: await postgres.newDatabase() });
    workspace = await aSmallWorkspace(store);
  });

  afterAll(() => store?.close());

  const make = async (title: string, artifacts: readonly Artifact[] = [], more: Record<string, unknown> = {}) =>
    accepted(
      await workspace.door.execute(
        createChange,
        { process: "quick", fields: { title, type: "add", components: ["users"], ...more }, artifacts, submit: false },
        { actor: workspace.people.rosa },
      ),
    ).id;
  const search = async (q: string, more: Record<string, unknown> = {}, db = store.db) =>
    accepted(await listChanges(db, workspace.processes, ListChanges.parse({ q, ...more })));
  const found = async (q: string, more: Record<string, unknown> = {}) =>
    (await search(q, more)).items.map(({ id }) => id);

  test("finds what people wrote, in SQL and comments too, by whole words, their beginnings and their parts", async () => {
    const sql = await make("Keep choices", [
      migration("CREATE TABLE user_preferences (id int);", "DROP TABLE user_preferences;"),
    ]);
    const told = await make("Ändere etwas");
    accepted(
      await workspace.door.execute(
        commentOnChange,
        { id: told, text: "Does userPreferences go away?" },
        { actor: workspace.people.audrey },
      ),
    );
    for (const q of ["preferences", "user_prefer", "USER_PREFERENCES", '"user preferences"', "pref user"])
      expect(await found(q), q).toEqual([told, sql]);
    expect(await found("preferences choices")).toEqual([sql]);
    expect(await found("preferences -choices")).toEqual([told]);
    expect(await found('"preferences user"')).toEqual([]);
    expect(await found("references")).toEqual([]);
    expect(await found("andere")).toEqual([told]);
    expect(await found("-preferences")).toEqual([]);
    expect(await found("preferences", { requester: "rosa", status: "draft", order: "oldest" })).toEqual([sql, told]);
    expect(await found("preferences", { requester: "ben" })).toEqual([]);

    const [comment, table] = (await search("drop preferences -xyz user_prefer", { limit: "5" })).items;
    expect(table).toBeUndefined();
    expect(comment!.match).toEqual({
      place: "sql",
      name: "0001_m.sql",
      line: 1,
      text: "DROP TABLE user_preferences;",
      marks: [
        [0, 4],
        [11, 27],
      ],
    });
    expect((await search("go away")).items[0]!.match).toMatchObject({ place: "comment", name: "audrey" });
    expect((await search("-nothing")).items[0]!.match).toBeNull();
  });

  test("finds a change by its number, and no other", async () => {
    const id = await make("By number");
    const { number } = (await search('"By number"')).items[0]!;
    expect(await found(number)).toEqual([id]);
    expect(await found(number.toLowerCase())).toEqual([id]);
  });

  test("follows what is written, in the same transaction", async () => {
    const id = await make("Once called walrus", [migration("SELECT 'otter'")]);
    expect(await found("walrus otter")).toEqual([id]);
    const edit = (fields: Record<string, unknown>, artifacts?: readonly Artifact[]) =>
      workspace.door.execute(editChange, { id, fields, artifacts }, { actor: workspace.people.rosa });
    accepted(await edit({ title: "Now called lynx" }, []));
    expect(await found("walrus")).toEqual([]);
    expect(await found("otter")).toEqual([]);
    expect(await found("lynx")).toEqual([id]);
    expect((await edit({ title: "A refused badger", type: 5 })).ok).toBe(false);
    expect(await found("badger")).toEqual([]);
    expect(await makeSearchable(store.db)).toBe(0);
  });

  test.each(["'", '"', "\\", "a & | ! ( ) :* <->", "%", "-", "\0", "\ud800", "''::tsquery", "x".repeat(200), "é🎉 ß"])(
    "whatever is typed is no error: %j",
    async (q) => {
      await search(q);
    },
  );

  test("what a document cannot hold does no harm to the change", async () => {
    const words = Array.from({ length: 120_000 }, (_, n) => `w${n.toString(36)}x${n}`).join(" ");
    const id = await make("A long haystack", [migration(`SELECT '${words}'; -- ${"z".repeat(5000)}`)]);
    expect(await found("haystack w0x0")).toEqual([id]);
  });

  test("documents that are missing or old are made when the store is opened", async () => {
    const id = await make("An unindexed heron");
    const stale = await make("An outdated stork");
    // Without a word in the trail, as after a restore.
    await store.pool.query("DELETE FROM change_mgmt.search_state");
    await store.pool.query("DELETE FROM change_mgmt.change_search WHERE change_id = $1", [id]);
    await store.pool.query(
      "UPDATE change_mgmt.change_requests SET title = 'A crane', version = version + 1 WHERE id = $1",
      [stale],
    );
    expect(await found("heron")).toEqual([]);
    expect(await makeSearchable(store.db)).toBe(2);
    expect(await found("heron")).toEqual([id]);
    expect(await found("crane")).toEqual([stale]);
    expect(await makeSearchable(store.db)).toBe(0);
  });

  test("once made, only changes in which something has happened since are looked at", async () => {
    const [untouched, touched] = [await make("A forgotten plover"), await make("A noticed plover")];
    const days = (count: number) => new Date(Date.now() + count * 86_400_000);
    expect(await makeSearchable(store.db, days(2))).toBe(0);
    await store.pool.query("DELETE FROM change_mgmt.change_search WHERE change_id = ANY($1)", [[untouched, touched]]);
    await store.pool.query(
      `INSERT INTO change_mgmt.audit_trail (id, change_id, action, actor, details, entry, hash, stream, stream_seq, created_at)
       SELECT $2, change_id, action, actor, details, entry, hash, 'later', 1, created_at
       FROM change_mgmt.audit_trail WHERE change_id = $1 LIMIT 1`,
      [touched, idBefore(days(3))],
    );
    expect(await makeSearchable(store.db, days(4))).toBe(1);
    expect(await found("plover")).toEqual([touched]);
    await store.pool.query("DELETE FROM change_mgmt.search_state");
    expect(await makeSearchable(store.db)).toBe(1);
    expect(await found("plover")).toHaveLength(2);
  });

  test("pages of what is found have no gap and nothing twice while changes are made", async () => {
    const made: string[] = [];
    for (let n = 0; n < 9; n++) {
      const id = await make(n % 3 === 2 ? `A magpie ${n}` : `A jackdaw ${n}`, [migration("CREATE TABLE nests ()")]);
      if (n % 3 !== 2) made.push(id);
    }
    for (const order of ["newest", "oldest"]) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof search>> = await search("jackd nest", {
          limit: "2",
          order,
          status: "draft",
          ...(cursor ? { cursor } : {}),
        });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        if (seen.length < 6) made.push(await make("A jackdaw more", [migration("CREATE TABLE nests ()")]));
      } while (cursor);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(order === "newest" ? made.slice(0, 6).reverse() : made);
    }
  });
});

describe("among many changes", () => {
  let store: Store;
  let workspace: SmallWorkspace;

  beforeAll(async () => {
    store = await openedStore({ databaseUrl: await postgres.newDatabase() });
    workspace = await aSmallWorkspace(store);
    await store.pool.query(`
      INSERT INTO change_mgmt.change_requests (id, number, process_name, process_version, process_hash, title, description, type, priority, requester, assignee, status, metadata, artifacts, content_hash)
      SELECT gen_random_uuid(), 'M-' || n, p.name, p.version, p.hash,
        'change common' || CASE WHEN n % 10 = 0 THEN ' tenth' ELSE '' END || CASE WHEN n % 50 = 0 THEN ' fiftieth' ELSE '' END || CASE WHEN n % 1000 = 0 THEN ' rare_bird' ELSE '' END, '',
        CASE WHEN n % 200 = 0 THEN 'remove' ELSE 'add' END, '', 'rosa', CASE WHEN n % 100 = 0 THEN 'ben' END,
        CASE WHEN n % 50 = 0 THEN 'draft' ELSE 'closed' END, '{}', '[]', ''
      FROM generate_series(1, 8000) n, change_mgmt.processes p;
      INSERT INTO change_mgmt.workflow_states (change_id, current_step, step_data)
      SELECT id, 'ready', '[]' FROM change_mgmt.change_requests`);
    await store.pool.query("DELETE FROM change_mgmt.search_state");
    expect(await makeSearchable(store.db)).toBe(8000);
    await store.pool.query("VACUUM ANALYZE");
  });

  afterAll(() => store?.close());

  test.each([
    ["common rare", 8],
    ["rare fiftieth common", 8],
    ["rare -common", 0],
    ["rare -fiftieth", 0],
    ["common -tenth rare", 0],
    ["common absent", 0],
    ['rare "common tenth"', 8],
    ['rare "tenth common"', 0],
    ["fiftieth tenth", 160],
  ])("of the words of %j each counts, whichever is looked for first", async (q, count) => {
    const { items } = accepted(
      await listChanges(store.db, workspace.processes, ListChanges.parse({ q, limit: "200" })),
    );
    expect(items).toHaveLength(count);
  });

  test.each([
    ["a rare word", { q: "rare" }],
    ["a part of a rare word", { q: "bird" }],
    ["a word of one in fifty", { q: "fiftieth" }],
    ["a word of one in ten", { q: "tenth" }],
    ["a common word", { q: "common" }],
    ["a phrase", { q: '"common tenth"' }],
    ["a common and a rare word", { q: "common rare" }],
    ["a number", { q: "M-77" }],
    ["a rare word that must not be there", { q: "-rare" }],
    ["a word and a status", { q: "tenth", status: "draft" }],
    ["a word and an assignee", { q: "rare", assignee: "ben" }],
    ["an assignee", { assignee: "ben" }],
    ["a rare type", { type: "remove" }],
    ["the oldest", { order: "oldest" }],
    ["the oldest of a status", { status: "draft", order: "oldest" }],
  ])("%s is found by indexes, without reading all changes", async (_what, query: Record<string, string>) => {
    const asked: CompiledQuery[] = [];
    const listening = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: store.pool }),
      log: (event) => void asked.push(event.query),
    }).withSchema("change_mgmt");
    accepted(await listChanges(listening, workspace.processes, ListChanges.parse({ limit: "20", ...query })));
    let plans = "";
    for (const { sql, parameters } of asked.filter((one) => /workflow_states|tsquery/.test(one.sql))) {
      const { rows } = await store.pool.query(`EXPLAIN ${sql}`, [...parameters]);
      plans += rows.map((row) => `${row["QUERY PLAN"]}\n`).join("");
    }
    expect(plans).toContain("change_requests");
    expect(plans).not.toMatch(/Seq Scan on (change_requests|workflow_states)/);
    if (["rare", "bird", "fiftieth", "M-77"].includes(query.q ?? "")) {
      expect(plans).toMatch(/Bitmap Index Scan on change_search_document/);
    }
  });
});
