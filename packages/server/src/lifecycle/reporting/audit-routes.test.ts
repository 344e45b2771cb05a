import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListAudit } from "@change-mgmt/api/workspace.ts";
import { userStream } from "@change-mgmt/domain/audit/entry.ts";
import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { verifyExport } from "@change-mgmt/domain/verify/verify-export.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { revokeAllSessions } from "../../assets/people/session-commands.ts";
import { appendAudit } from "../../audit/append.ts";
import { newestSeal, sealAll } from "../../audit/sealer.ts";
import { signingKey, verifySignature } from "../../audit/signing-key.ts";
import type { Call, Handlers } from "../../commands/handler.ts";
import type { Store } from "../../storage/store.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { newEmbeddedStore } from "../../testing/stores.ts";
import { commentOnChange } from "../requests/comment-on-change.ts";
import { auditRoutes } from "./audit-routes.ts";
import { type FeedEvent, followEvents } from "./event-feed.ts";

const folder = mkdtempSync(join(tmpdir(), "change-mgmt-key-"));
const key = accepted(signingKey(undefined, join(folder, "audit-key")));
let store: Store;
let workspace: SmallWorkspace;
let routes: Handlers;
let number: string;
let id: string;

beforeAll(async () => {
  store = await newEmbeddedStore();
  workspace = await aSmallWorkspace(store);
  routes = auditRoutes({ db: store.db, door: workspace.door, key });
  id = await workspace.submitted();
  number = (await store.db.selectFrom("change_requests").select("number").executeTakeFirstOrThrow()).number;
});

afterAll(async () => {
  await store?.close();
  rmSync(folder, { recursive: true });
});

const call = (actor: Actor, query: object = {}) =>
  ({ actor, query: ListAudit.parse(query), signal: new AbortController().signal }) as unknown;
const list = async (actor: Actor, query: object = {}) =>
  routes["audit.list"]!(call(actor, query) as Call<"audit.list">);
const types = async (actor: Actor, query: object) =>
  accepted(await list(actor, query)).items.map(({ entry }) => (entry as { event_type: string }).event_type);

test("a change's own entries are for everybody, the whole trail is for those who may read it", async () => {
  const { rosa, audrey } = workspace.people;
  expect(await types(rosa, { change: number })).toContain("change.created");
  expect(refused(await list(rosa)).code).toBe("NOT_ALLOWED");
  expect(refused(await list(rosa, { change: "Q-99" })).code).toBe("CHANGE_UNKNOWN");
  accepted(await list(audrey));
});

test("who looks into the trail is in the trail, with what was asked and how much was seen", async () => {
  const { audrey } = workspace.people;
  const seen = accepted(await list(audrey, { event: "change.created", limit: "10" })).items.length;
  const [last] = accepted(await list(audrey, { event: "audit.queried", limit: "1" })).items;
  expect(last!.entry).toMatchObject({
    actor: { handle: "audrey" },
    details: { what: "list", filters: { event: "change.created", limit: 10 }, results: seen },
  });
});

test("the trail is read page by page, newest first, by every filter", async () => {
  const { ben, rosa, audrey } = workspace.people;
  for (const text of ["1", "2", "3"])
    accepted(await workspace.door.execute(commentOnChange, { id, text }, { actor: ben }));
  const first = accepted(await list(audrey, { user: "ben", limit: "2" }));
  expect(first.items.map(({ entry }) => (entry as { details: { text: string } }).details.text)).toEqual(["3", "2"]);
  accepted(await workspace.door.execute(commentOnChange, { id, text: "4" }, { actor: ben }));
  const second = accepted(await list(audrey, { user: "ben", limit: "2", cursor: first.nextCursor! }));
  expect(second.items).toHaveLength(1);
  expect(second.nextCursor).toBeNull();
  expect(await types(rosa, { change: id, event: "change.commented", limit: "200" })).toHaveLength(4);
  const past = { to: "2020-01-01T00:00:00Z" };
  expect(await types(audrey, past)).toEqual([]);
  expect(await types(audrey, { ...past, from: "2019-01-01T00:00:00Z" })).toEqual([]);
  expect(refused(await list(audrey, { cursor: "x" })).code).toBe("CURSOR_INVALID");
});

test("an export of thousands comes in pieces, ends with its seal and verifies; only some may have it", async () => {
  const { audrey, lena } = workspace.people;
  await store.db.transaction().execute(async (tx) => {
    const events = Array.from({ length: 1200 }, () => ({ type: "thing.done", details: { text: "\u2028 🎉" } }));
    await appendAudit(tx, "many", audrey, events, "done", new Date());
  });
  expect(refused(await routes["audit.export"]!(call(lena) as Call<"audit.export">)).code).toBe("NOT_ALLOWED");
  const { pieces, fileName } = accepted(await routes["audit.export"]!(call(audrey) as Call<"audit.export">));
  const parts: string[] = [];
  for await (const piece of pieces) parts.push(String(piece));
  const seal = await newestSeal(store.db);
  expect(fileName).toBe(`audit-${seal!.count}.jsonl`);
  expect(parts.length).toBeGreaterThan(4);
  const lines = parts.join("").split("\n").slice(0, -1);
  const options = { publicKeys: { [key.id]: key.publicKey }, verifySignature };
  expect(await verifyExport(lines, options)).toMatchObject({ ok: true, count: seal!.count });
  expect(await verifyExport([...lines.slice(0, -2), lines.at(-1)!], options)).toMatchObject({ ok: false });
});

test("the server verifies its own trail, gives out keys and a checkpoint", async () => {
  const { audrey, rosa } = workspace.people;
  expect(accepted(await routes["audit.verify"]!(call(audrey) as Call<"audit.verify">))).toMatchObject({ ok: true });
  expect(accepted(await routes["audit.keys"]!(call(audrey) as Call<"audit.keys">)).items).toMatchObject([
    { keyId: key.id, publicKey: key.publicKey },
  ]);
  const checkpoint = accepted(await routes["audit.checkpoint"]!(call(audrey) as Call<"audit.checkpoint">));
  expect(checkpoint).toMatchObject({ count: (await newestSeal(store.db))!.count });
  for (const route of ["audit.verify", "audit.keys", "audit.checkpoint"] as const)
    expect(refused(await routes[route]!(call(rosa) as never)).code).toBe("NOT_ALLOWED");
});

async function exported(actor: Actor): Promise<string[]> {
  const { pieces } = accepted(await routes["audit.export"]!(call(actor) as Call<"audit.export">));
  const parts: string[] = [];
  for await (const piece of pieces) parts.push(String(piece));
  return parts.join("").split("\n").slice(0, -1);
}

test("after a rotation seals have the new key, exports of before verify with the old one, and the trail tells of it", async () => {
  const { admin, audrey } = workspace.people;
  const rotate = (actor: Actor) => routes["audit.rotateKey"]!({ actor } as Call<"audit.rotateKey">);
  const old = { [key.id]: key.publicKey };
  const [oldId] = Object.keys(old);
  const before = await exported(audrey);
  expect(refused(await rotate(audrey)).code).toBe("NOT_ALLOWED");
  expect(key.id).toBe(oldId);

  const rotated = accepted(await rotate(admin));
  expect(rotated).toMatchObject({ keyId: key.id, publicKey: key.publicKey, endorsedBy: oldId });
  const after = await exported(audrey);
  const verdict = (lines: readonly string[], publicKeys: Record<string, string>) =>
    verifyExport(lines, { publicKeys, verifySignature });
  expect(await verdict(before, old)).toMatchObject({ ok: true, signature: "valid" });
  expect(await verdict(after, old)).toMatchObject({ ok: false, code: "KEY_UNKNOWN" });
  expect(await verdict(after, { [key.id]: key.publicKey })).toMatchObject({ ok: true, signature: "valid" });
  expect(await types(audrey, { event: "audit.key-rotated" })).toHaveLength(1);
  expect(accepted(await routes["audit.keys"]!(call(audrey) as Call<"audit.keys">)).items).toMatchObject([
    { keyId: key.id, endorsedBy: oldId },
    { keyId: oldId, endorsedBy: null },
  ]);
  expect(accepted(await routes["audit.verify"]!(call(audrey) as Call<"audit.verify">))).toMatchObject({ ok: true });
});

async function follow(count: number, options: { afterSeq: number; change?: string; ownStream?: string }) {
  const stop = new AbortController();
  const events: FeedEvent[] = [];
  for await (const event of followEvents(store.db, { ...options, signal: stop.signal })) {
    events.push(event);
    if (events.length === count) stop.abort();
  }
  return events;
}

test("what concerns an account is told to its own person alone, without its particulars", async () => {
  const { ben, audrey } = workspace.people;
  await sealAll(store.db, key);
  const afterSeq = (await newestSeal(store.db))!.count;
  for (const actor of [ben, audrey]) accepted(await workspace.door.execute(revokeAllSessions, {}, { actor }));
  accepted(await workspace.door.execute(commentOnChange, { id, text: "last" }, { actor: ben }));
  await sealAll(store.db, key);
  const [own, next] = await follow(2, { afterSeq, ownStream: userStream(ben.userId) });
  expect(own).toEqual({
    seq: expect.any(Number),
    type: "user.signed-out-everywhere",
    change: null,
    data: { at: expect.any(String) },
  });
  expect(next?.type).toBe("change.commented");
  const [toEverybody] = await follow(1, { afterSeq });
  expect(toEverybody?.type).toBe("change.commented");
});

test("a follower gets what happened after the number it names, in order, without refusals and looks; of one change where asked", async () => {
  const { ben, audrey } = workspace.people;
  await sealAll(store.db, key);
  const after = (await newestSeal(store.db))!.count;
  const other = await workspace.submitted();
  accepted(await workspace.door.execute(commentOnChange, { id, text: "a" }, { actor: ben }));
  refused(await workspace.door.execute(commentOnChange, { id, text: "" }, { actor: ben }));
  await list(audrey);
  accepted(await workspace.door.execute(commentOnChange, { id: other, text: "b" }, { actor: ben }));
  accepted(await workspace.door.execute(commentOnChange, { id, text: "c" }, { actor: ben }));
  await sealAll(store.db, key);

  const texts = (events: FeedEvent[]) =>
    events.flatMap(({ type, data }) =>
      type === "change.commented" ? [(data as { details: { text: string } }).details.text] : [],
    );
  const all = await follow(6, { afterSeq: after });
  expect(texts(all)).toEqual(["a", "b", "c"]);
  expect(all.map(({ type }) => type)).not.toContain("audit.queried");
  expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).sort((a, b) => a - b));
  const own = await follow(2, { afterSeq: after, change: number });
  expect(own.map(({ change }) => change)).toEqual([number, number]);
  expect(texts(own)).toEqual(["a", "c"]);
  const [last] = await follow(1, { afterSeq: own[0]!.seq, change: number });
  expect(last).toEqual(own[1]);
});

test("a row that no command appended is neither sealed nor exported, and a verification says which it is", async () => {
  const query = { what: "by hand" };
  await store.db
    .transaction()
    .execute((tx) =>
      appendAudit(tx, "by-hand", workspace.people.audrey, [{ type: "thing.done", details: query }], "done", new Date()),
    );
  const change = async (set: string) =>
    void (await store.pool.query(`ALTER TABLE change_mgmt.audit_trail DISABLE TRIGGER audit_trail_append_only;
      UPDATE change_mgmt.audit_trail SET ${set} WHERE stream = 'by-hand';
      ALTER TABLE change_mgmt.audit_trail ENABLE TRIGGER audit_trail_append_only`));
  await change("actor = 'nobody'");
  const { audrey } = workspace.people;
  const asked = { actor: audrey, params: {}, query: {}, body: undefined, signal: new AbortController().signal };
  const ask = async (name: "audit.verify" | "audit.export" | "audit.checkpoint") =>
    await (routes[name] as (call: object) => Promise<Outcome<object>>)(asked);
  expect(accepted(await ask("audit.verify"))).toMatchObject({ ok: false, code: "ROW_ALTERED" });
  for (const name of ["audit.export", "audit.checkpoint"] as const)
    expect(refused(await ask(name))).toMatchObject({ code: "ROW_ALTERED" });
  await change("actor = 'audrey'");
  expect(accepted(await ask("audit.verify"))).toMatchObject({ ok: true });
});
