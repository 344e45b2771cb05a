import type { Change } from "@change-mgmt/domain/change/change.ts";
import { aChange } from "@change-mgmt/domain/testing/builders.ts";
import { type FirstTrail, inFormat1 } from "@change-mgmt/domain/testing/format-1.ts";
import type { SealedHead } from "@change-mgmt/domain/verify/sealed-head.ts";
import { verifyExport } from "@change-mgmt/domain/verify/verify-export.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { exportPieces } from "../lifecycle/reporting/export-pieces.ts";
import { verifyStored } from "../lifecycle/reporting/verify-stored.ts";
import type { Store } from "../storage/store.ts";
import { startPostgres, type TestPostgres, withClient } from "../testing/postgres.ts";
import { openedStore } from "../testing/stores.ts";
import { appendAudit } from "./append.ts";
import { newestSeal, sealAll, sealBatch } from "./sealer.ts";
import { type SigningKey, signingKey, verifySignature } from "./signing-key.ts";

const actor = { userId: "01890000-0000-7000-8000-00000000000a", handle: "ben", roles: [], teams: [], positions: [] };
const first = keyOf("1".repeat(64));
const second = keyOf("2".repeat(64));
const NOW = new Date("2026-03-01T10:00:00.123Z");

let postgres: TestPostgres;
let url: string;
let store: Store;

beforeAll(async () => {
  postgres = await startPostgres();
});

beforeEach(async () => {
  await store?.close();
  url = await postgres.newDatabase();
  store = await openedStore({ databaseUrl: url });
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

function keyOf(seed: string): SigningKey {
  const key = signingKey(seed, "/nowhere");
  if (!key.ok) throw new Error(key.refusal.message);
  return key.value;
}

/** Writes entries into streams, all at the same time unless told otherwise. */
async function append(streams: readonly string[], now = NOW, change?: Change): Promise<void> {
  await store.db.transaction().execute(async (tx) => {
    for (const stream of streams) {
      const details = { text: `"${stream}" é 🎉` };
      await appendAudit(tx, stream, actor, [{ type: "thing.done", details, change }], "done", now);
    }
  });
}

async function verify(checkpoint?: SealedHead) {
  const seal = await newestSeal(store.db);
  const keys = await store.db.selectFrom("audit_keys").selectAll().execute();
  const text: string[] = [];
  for await (const piece of exportPieces(store.db, seal!)) text.push(piece);
  return await verifyExport(text.join("").split("\n").slice(0, -1), {
    publicKeys: Object.fromEntries(keys.map((row) => [row.key_id, row.public_key])),
    verifySignature,
    ...(checkpoint ? { checkpoint } : {}),
  });
}

async function numbers(): Promise<number[]> {
  const rows = await store.db
    .selectFrom("audit_trail")
    .select("seq")
    .where("seq", "is not", null)
    .orderBy("seq")
    .execute();
  return rows.map(({ seq }) => Number(seq));
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Leaves the store as a release left it that sealed in format 1. */
async function inOldStore(): Promise<FirstTrail> {
  const rows = await store.db
    .selectFrom("audit_trail")
    .select(["id", "entry", "hash"])
    .orderBy("created_at")
    .orderBy("stream")
    .orderBy("stream_seq")
    .execute();
  const old = inFormat1(
    rows.map(({ entry }) => entry),
    rows.map(({ hash }) => hash),
    { keyId: first.id, sign: first.sign },
  );
  for (const [index, { id }] of rows.entries()) {
    await store.pool.query("UPDATE change_mgmt.audit_trail SET seq = $1, prev = $2, chain = $3 WHERE id = $4", [
      index + 1,
      old.links[index - 1] ?? "0".repeat(64),
      old.links[index],
      id,
    ]);
  }
  const seal = old.sealAt();
  await store.pool.query("INSERT INTO change_mgmt.audit_head (id, head) VALUES (1, $1)", [
    { size: rows.length, chain: seal.chain, frontier: [] },
  ]);
  await store.pool.query("INSERT INTO change_mgmt.audit_seals (size, seal) VALUES ($1, $2)", [rows.length, seal]);
  return old;
}

test("what a release before sealed in format 1 is sealed anew, goes on, and is held by its old checkpoints", async () => {
  await append(["one", "two", "one"]);
  const old = await inOldStore();
  expect(await sealAll(store.db, first)).toBe(0);
  expect(await newestSeal(store.db)).toMatchObject({ count: 3, formerly: old.sealAt() });
  expect(await verify()).toMatchObject({ ok: true, count: 3 });
  await append(["one"], new Date());
  expect(await sealAll(store.db, first)).toBe(1);
  expect(await verify(old.sealAt(2))).toMatchObject({ ok: true, count: 4, checkpoint: "held" });
});

test("what was altered under a seal of format 1 is not sealed anew", async () => {
  await append(["one", "two"]);
  await inOldStore();
  await store.pool.query(`
    ALTER TABLE change_mgmt.audit_trail DISABLE TRIGGER audit_trail_append_only;
    UPDATE change_mgmt.audit_trail SET hash = repeat('0', 64) WHERE stream = 'two';
    ALTER TABLE change_mgmt.audit_trail ENABLE TRIGGER audit_trail_append_only`);
  await expect(sealAll(store.db, first)).rejects.toThrow("not the one that was sealed");
});

test("nothing to seal is no seal", async () => {
  expect(await sealAll(store.db, first)).toBe(0);
  expect(await newestSeal(store.db)).toBeUndefined();
});

test("streams keep their order through batches of thousands of entries of one moment, and the export of all verifies", async () => {
  const streams = Array.from({ length: 2500 }, (_, index) => `stream-${index % 7}`);
  await append(streams);
  expect(await sealAll(store.db, first)).toBe(2500);
  expect(await numbers()).toEqual(upTo(2500));
  expect(await verify()).toMatchObject({ ok: true, count: 2500 });
  const { rows } = await store.pool.query(
    "SELECT count(*)::int AS turned FROM (SELECT stream_seq, row_number() OVER (PARTITION BY stream ORDER BY seq) AS n FROM change_mgmt.audit_trail) t WHERE stream_seq <> n",
  );
  expect(rows).toEqual([{ turned: 0 }]);
});

test("a clock that goes back does not take its stream back with it", async () => {
  await append(["one"], NOW);
  await append(["one", "two"], new Date(NOW.getTime() - 3_600_000));
  await append(["one"], NOW);
  await sealAll(store.db, first);
  const rows = await store.db
    .selectFrom("audit_trail")
    .select(["entry", "created_at"])
    .where("stream", "=", "one")
    .orderBy("seq")
    .execute();
  expect(rows.map(({ entry }) => JSON.parse(entry).stream_seq)).toEqual([1, 2, 3]);
  expect(rows.map(({ created_at }) => created_at)).toEqual([NOW, NOW, NOW]);
  expect(await verify()).toMatchObject({ ok: true, count: 4 });
});

test("sealers at once, with writers among them, number everything once and leave no hole", async () => {
  await append(Array.from({ length: 1500 }, (_, index) => `stream-${index % 5}`));
  const writers = Array.from({ length: 5 }, (_, index) => append([`w-${index}`, `w-${index}`], new Date()));
  const sealed = await Promise.all([sealAll(store.db, first), sealAll(store.db, second), sealAll(store.db, first)]);
  await Promise.all(writers);
  const rest = await sealAll(store.db, second);
  expect([...sealed, rest].reduce((sum, count) => sum + count)).toBe(1510);
  expect(await numbers()).toEqual(upTo(1510));
  expect(await verify()).toMatchObject({ ok: true, count: 1510 });
});

test("while a sealer holds the head, what is done commits", async () => {
  await append(["one"]);
  await withClient(url, async (client) => {
    await sealAll(store.db, first);
    await client.query("BEGIN");
    await client.query("SELECT head FROM change_mgmt.audit_head FOR UPDATE");
    await client.query("UPDATE change_mgmt.audit_head SET head = head");
    // Anything that waited for the sealer would fail at once.
    await store.db.transaction().execute(async (tx) => {
      await sql`SET LOCAL lock_timeout = '1ms'`.execute(tx);
      await appendAudit(tx, "one", actor, [{ type: "thing.done", details: {} }], "done", NOW);
    });
    const { rows } = await client.query("SELECT count(*)::int AS entries FROM change_mgmt.audit_trail");
    expect(rows).toEqual([{ entries: 2 }]);
    await client.query("ROLLBACK");
  });
  await sealAll(store.db, first);
  expect(await verify()).toMatchObject({ ok: true, count: 2 });
});

test("what has not committed is not sealed, and what commits later gets the next number", async () => {
  const early = await store.db.startTransaction().execute();
  await appendAudit(early, "slow", actor, [{ type: "thing.done", details: {} }], "done", NOW);
  await append(["fast"], new Date(NOW.getTime() + 60_000));
  expect(await sealBatch(store.db, first)).toBe(1);
  await early.commit().execute();
  expect(await sealBatch(store.db, first)).toBe(1);
  const rows = await store.db.selectFrom("audit_trail").select(["stream", "seq"]).orderBy("seq").execute();
  expect(rows).toEqual([
    { stream: "fast", seq: "1" },
    { stream: "slow", seq: "2" },
  ]);
  expect(await verify()).toMatchObject({ ok: true, count: 2 });
});

test("sealing goes on with another key, and the trail verifies with the keys it was sealed with", async () => {
  await append(["one", "two"]);
  await sealAll(store.db, first);
  expect(await newestSeal(store.db)).toMatchObject({ keyId: first.id });
  expect(await verify()).toMatchObject({ ok: true });
  await append(["one"]);
  await sealAll(store.db, second);
  expect(await newestSeal(store.db)).toMatchObject({ keyId: second.id, count: 3 });
  expect(await verify()).toMatchObject({ ok: true, count: 3 });
});

test("an entry that was altered before it was sealed, with its hash and everything in its row, is missed by its stream", async () => {
  await append(["one", "one", "two"], NOW, undefined);
  const text = "replace(entry, 'thing.done', 'thing.undone')";
  await forge(
    `action = 'thing.undone', entry = ${text}, hash = encode(sha256(convert_to('change-mgmt/entry/1' || chr(10) || ${text}, 'UTF8')), 'hex')`,
    "stream = 'one' AND stream_seq = 1",
  );
  await sealAll(store.db, first);
  expect(await verify()).toMatchObject({ ok: false, code: "STREAM_BROKEN" });
});

test.each([
  [
    "an entry's text",
    "UPDATE change_mgmt.audit_trail SET entry = replace(entry, 'thing.done', 'thing.gone') WHERE seq = 2",
    "ENTRY_ALTERED",
  ],
  [
    "an entry's text and hash",
    "UPDATE change_mgmt.audit_trail SET entry = replace(entry, 'thing.done', 'thing.gone'), hash = encode(sha256(convert_to('change-mgmt/entry/1' || chr(10) || replace(entry, 'thing.done', 'thing.gone'), 'UTF8')), 'hex') WHERE seq = 2",
    "CHAIN_BROKEN",
  ],
  ["an entry, gone", "DELETE FROM change_mgmt.audit_trail WHERE seq = 2", "SEQUENCE_GAP"],
  [
    "an entry, gone, and the rest renumbered",
    "DELETE FROM change_mgmt.audit_trail WHERE seq = 2; UPDATE change_mgmt.audit_trail SET seq = seq - 1 WHERE seq > 2",
    "CHAIN_BROKEN",
  ],
  ["the last entry, gone", "DELETE FROM change_mgmt.audit_trail WHERE seq = 4", "SEAL_MISMATCH"],
  [
    "the last entry and its seal, gone",
    "DELETE FROM change_mgmt.audit_trail WHERE seq = 4; DELETE FROM change_mgmt.audit_seals WHERE size = 4",
    "CHECKPOINT_AHEAD",
  ],
  [
    "a seal",
    "UPDATE change_mgmt.audit_seals SET seal = jsonb_set(seal, '{root}', to_jsonb(repeat('0', 64))) WHERE size = 4",
    "SEAL_MISMATCH",
  ],
])("what an administrator of the database changes under a seal is found: %s", async (_what, change, code) => {
  await append(["one", "two", "three"]);
  await sealAll(store.db, first);
  await append(["one"], new Date());
  await sealAll(store.db, first);
  const checkpoint = await newestSeal(store.db);
  await store.pool.query(`ALTER TABLE change_mgmt.audit_trail DISABLE TRIGGER audit_trail_append_only; ${change};
    ALTER TABLE change_mgmt.audit_trail ENABLE TRIGGER audit_trail_append_only`);
  expect(await verify(checkpoint)).toMatchObject({ ok: false, code });
});

test("what is in the trail cannot be changed or taken out through SQL, before the seal or after", async () => {
  await append(["one"]);
  for (const _ of ["before", "after"]) {
    for (const statement of [
      "UPDATE change_mgmt.audit_trail SET entry = '{}'",
      "UPDATE change_mgmt.audit_trail SET seq = 7, hash = 'x'",
      "DELETE FROM change_mgmt.audit_trail",
      "TRUNCATE change_mgmt.audit_trail",
    ]) {
      await expect(store.pool.query(statement)).rejects.toThrow("append-only");
    }
    await sealAll(store.db, first);
  }
  await expect(store.pool.query("UPDATE change_mgmt.audit_trail SET seq = 7")).rejects.toThrow("append-only");
});

test("an entry about a change says what the change was", async () => {
  const { id } = aChange();
  await append([id], NOW, aChange());
  const row = await store.db.selectFrom("audit_trail").select(["change_id", "entry"]).executeTakeFirstOrThrow();
  expect(row.change_id).toBe(id);
  expect(JSON.parse(row.entry)).toMatchObject({ change_request_id: "T-1", stream: id, stream_seq: 1 });
});

/** Changes a row as somebody does who owns the database. */
async function forge(set: string, where = "stream = 'one'"): Promise<void> {
  await store.pool.query(`
    ALTER TABLE change_mgmt.audit_trail DISABLE TRIGGER audit_trail_append_only;
    UPDATE change_mgmt.audit_trail SET ${set} WHERE ${where};
    ALTER TABLE change_mgmt.audit_trail ENABLE TRIGGER audit_trail_append_only`);
}

const TWO_READINGS = `replace(entry, '"outcome":"done"', '"outcome":"refused","outcome":"done"')`;

test.each([
  ["another text", `entry = replace(entry, 'ben', 'eve')`, "its hash is not that of its text"],
  [
    "a text that reads in two ways, with the hash that fits it",
    `entry = ${TWO_READINGS}, hash = encode(sha256(convert_to('change-mgmt/entry/1' || chr(10) || ${TWO_READINGS}, 'UTF8')), 'hex')`,
    "not the canonical form",
  ],
  [
    "no JSON, with the hash that fits it",
    `entry = 'gone', hash = encode(sha256(convert_to('change-mgmt/entry/1' || chr(10) || 'gone', 'UTF8')), 'hex')`,
    "not the canonical form",
  ],
  ["another event", "action = 'thing.undone'", "column action"],
  ["another person", "actor = 'eve'", "column actor"],
  ["another place in its stream", "stream_seq = 7", "column stream_seq"],
  ["another time", "created_at = created_at - interval '1 day'", "column created_at"],
])("a row with %s is not sealed, and nothing after it", async (_what, set, fault) => {
  await append(["one"]);
  await forge(set);
  await append(["two"]);
  await expect(sealAll(store.db, first)).rejects.toThrow(fault);
  expect(await newestSeal(store.db)).toBeUndefined();
});

test("of what was sealed a verification also sees rows that are found by something else than their entry says", async () => {
  await append(["one"], NOW);
  await append(["two"], NOW);
  await sealAll(store.db, first);
  expect(await verifyStored(store.db)).toMatchObject({ ok: true, count: 2 });
  for (const set of ["action = 'thing.undone'", "actor = 'eve'", "created_at = created_at - interval '1 day'"]) {
    await forge(set);
    expect(await verifyStored(store.db)).toMatchObject({ ok: false, code: "ROW_ALTERED", place: { line: 2, seq: 1 } });
    await forge(
      "action = 'thing.done', actor = 'ben', created_at = (SELECT max(created_at) FROM change_mgmt.audit_trail)",
    );
    expect(await verifyStored(store.db)).toMatchObject({ ok: true });
  }
});
