import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Store } from "../storage/store.ts";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../testing/small-workspace.ts";
import { openedStore, storedRows } from "../testing/stores.ts";
import { defineChangeCommand, defineCommand } from "./command.ts";
import { Door } from "./execute.ts";

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

type What = "do" | "refuse" | "break" | "secret";

/** Writes a team and then does what it is told. */
const makeTeam = defineCommand<
  { name: string; what: What; id?: string | undefined },
  { name: string; secret?: string }
>({
  name: "team.make",
  permission: "people.manage",
  input: z.object({
    name: z.string().min(1),
    what: z.enum(["do", "refuse", "break", "secret"]).default("do"),
    id: z.string().optional(),
  }),
  async run({ tx, now }, { name, what }) {
    await tx.insertInto("teams").values({ id: crypto.randomUUID(), name, title: name, created_at: now }).execute();
    if (what === "refuse") return refuse("NOT_TODAY", "Not today.", "Come back tomorrow.");
    if (what === "break") throw new Error("a bug");
    const value = what === "secret" ? { name, secret: "cm_s3cret" } : { name };
    return accept({ value, stream: "workspace", events: [{ type: "team.made", details: { team: name } }] });
  },
});

/** Renames a change, then does what it is told. */
const rename = defineChangeCommand<{ id: string; title: string; what: What }, { id: string }>({
  name: "change.rename",
  permission: "change.edit",
  duty: "deploy",
  input: z.object({
    id: z.string(),
    title: z.string(),
    what: z.enum(["do", "refuse", "break", "secret"]).default("do"),
  }),
  async run({ change, tx }, { title, what }) {
    await tx.updateTable("change_requests").set({ priority: "touched" }).where("id", "=", change.id).execute();
    if (what === "refuse") return refuse("NOT_TODAY", "Not today.", "Come back tomorrow.");
    if (what === "break") throw new Error("a bug");
    const renamed = { ...change, title, fields: { ...change.fields, title } };
    return accept({
      change: renamed,
      value: { id: change.id },
      events: [{ type: "change.renamed", details: { title } }],
    });
  },
});

async function teamsOf(name: string): Promise<number> {
  return (await store.db.selectFrom("teams").select("name").where("name", "=", name).execute()).length;
}

test("what is done, its audit entry and its outbox row commit together, and then whoever waits is told", async () => {
  workspace.committed.length = 0;
  const { people, door } = workspace;
  expect(accepted(await door.execute(makeTeam, { name: "atlas" }, { actor: people.admin }))).toEqual({ name: "atlas" });
  expect(await teamsOf("atlas")).toBe(1);
  const entry = await store.db
    .selectFrom("audit_trail")
    .selectAll()
    .where("action", "=", "team.made")
    .executeTakeFirstOrThrow();
  expect(JSON.parse(entry.entry)).toMatchObject({
    event_type: "team.made",
    outcome: "done",
    actor: { handle: "admin" },
    details: { team: "atlas" },
  });
  const sent = await store.db.selectFrom("outbox").selectAll().where("event", "=", "team.made").execute();
  expect(sent).toMatchObject([{ change_id: null, payload: { team: "atlas" }, sent_at: null }]);
  expect(workspace.committed).toMatchObject([{ type: "team.made" }]);
});

test.each([
  [
    "by the command",
    "NOT_TODAY",
    (w: SmallWorkspace) =>
      w.door.execute(makeTeam, { name: "n1", what: "refuse" }, { actor: w.people.admin, idempotencyKey: "r1" }),
  ],
  [
    "for want of a permission",
    "NOT_ALLOWED",
    (w: SmallWorkspace) => w.door.execute(makeTeam, { name: "n2" }, { actor: w.people.rosa, idempotencyKey: "r2" }),
  ],
  [
    "for its input",
    "INPUT_INVALID",
    (w: SmallWorkspace) => w.door.execute(makeTeam, { name: "" }, { actor: w.people.admin, idempotencyKey: "r3" }),
  ],
  [
    "by a conflict",
    "TEAM_EXISTS",
    (w: SmallWorkspace) => w.door.execute(makeTeam, { name: "core" }, { actor: w.people.admin, idempotencyKey: "r4" }),
  ],
] as const)("of what is refused %s nothing stays but the entry that says so", async (_why, code, act) => {
  const before = await storedRows(store);
  const told = workspace.committed.length;
  expect(refused(await act(workspace)).code).toBe(code);
  const after = await storedRows(store);
  const { audit_trail: trail, audit_streams: _streams, ...rest } = after;
  const { audit_trail: trailBefore, audit_streams: _streamsBefore, ...restBefore } = before;
  expect(rest).toEqual(restBefore);
  expect(workspace.committed.length).toBe(told);
  const added = trail!.filter((row) => !trailBefore!.includes(row));
  expect(added).toHaveLength(1);
  expect(added[0]).toContain("team.make.refused");
  expect(added[0]).toContain(code);
});

test("a refusal on a change is told of that change, in a stream of the person's own", async () => {
  const { door, people } = workspace;
  const id = await workspace.submitted();
  expect(refused(await door.execute(rename, { id, title: "x", what: "refuse" }, { actor: people.ben })).code).toBe(
    "NOT_TODAY",
  );
  const [entry] = await store.db
    .selectFrom("audit_trail")
    .selectAll()
    .where("change_id", "=", id)
    .where("action", "like", "%.refused")
    .execute();
  expect(entry).toMatchObject({ action: "change.rename.refused", stream: `refused:${people.ben.userId}` });
  expect(JSON.parse(entry!.entry)).toMatchObject({
    outcome: "refused",
    details: { code: "NOT_TODAY", message: "Not today." },
  });
});

test("a bug in a command rolls everything back and is thrown", async () => {
  const before = await storedRows(store);
  const request = { actor: workspace.people.admin, idempotencyKey: "bug" };
  await expect(workspace.door.execute(makeTeam, { name: "broken", what: "break" }, request)).rejects.toThrow("a bug");
  expect(await storedRows(store)).toEqual(before);
});

test("what a refused command had written to its change is gone", async () => {
  const id = await workspace.submitted();
  const look = () => store.db.selectFrom("change_requests").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  const before = await look();
  await workspace.door.execute(rename, { id, title: "x", what: "refuse" }, { actor: workspace.people.ben });
  await expect(
    workspace.door.execute(rename, { id, title: "x", what: "break" }, { actor: workspace.people.ben }),
  ).rejects.toThrow();
  expect(await look()).toEqual(before);
});

test("a change is named by its number or its UUID, and each act raises its version by one", async () => {
  const { door, people } = workspace;
  const id = await workspace.submitted();
  const look = () =>
    store.db
      .selectFrom("change_requests")
      .select(["number", "version", "title"])
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
  const { number, version } = await look();
  accepted(await door.execute(rename, { id: number, title: "By number" }, { actor: people.ben }));
  expect(await look()).toMatchObject({ version: version + 1, title: "By number" });
  accepted(await door.execute(rename, { id, title: "By UUID" }, { actor: people.ben, expectedVersion: version + 1 }));
  expect(await look()).toMatchObject({ version: version + 2, title: "By UUID" });
});

test("who looked at an older version is refused, and told the newer one", async () => {
  const id = await workspace.submitted();
  const request = { actor: workspace.people.ben, expectedVersion: 7 };
  expect(refused(await workspace.door.execute(rename, { id, title: "x" }, request))).toMatchObject({
    code: "STALE_VERSION",
    details: { current: 1 },
  });
});

test("separation of duties is asked before the command is", async () => {
  const own = { ...workspace.people.rosa, roles: ["requester", "developer"] as const };
  const id = await workspace.submitted();
  expect(refused(await workspace.door.execute(rename, { id, title: "x", what: "break" }, { actor: own })).code).toBe(
    "OWN_CHANGE",
  );
});

test("a change that is not there is refused at its place", async () => {
  const request = { actor: workspace.people.ben };
  for (const id of ["Q-99999", crypto.randomUUID()]) {
    expect(refused(await workspace.door.execute(rename, { id, title: "x" }, request))).toMatchObject({
      code: "CHANGE_UNKNOWN",
      place: { pointer: "/id" },
    });
  }
});

test("the same key with the same input happens once and answers alike, ten at once too", async () => {
  const request = { actor: workspace.people.admin, idempotencyKey: "once" };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => workspace.door.execute(makeTeam, { name: "once" }, request)),
  );
  expect(answers).toEqual(Array.from({ length: 10 }, () => accept({ name: "once" })));
  expect(await teamsOf("once")).toBe(1);
  const entries = await store.db.selectFrom("audit_trail").selectAll().where("action", "=", "team.made").execute();
  expect(entries.filter(({ details }) => (details as { team: string }).team === "once")).toHaveLength(1);
});

test("a key is for one thing: another input or another command is refused, another person is not", async () => {
  const { door, people } = workspace;
  const request = { actor: people.admin, idempotencyKey: "mine" };
  accepted(await door.execute(makeTeam, { name: "mine-1" }, request));
  expect(refused(await door.execute(makeTeam, { name: "mine-2" }, request)).code).toBe("IDEMPOTENCY_KEY_REUSED");
  const id = await workspace.submitted();
  expect(
    refused(
      await door.execute(
        rename,
        { id, title: "x" },
        { ...request, actor: { ...people.ben, userId: people.admin.userId } },
      ),
    ).code,
  ).toBe("IDEMPOTENCY_KEY_REUSED");
  accepted(await door.execute(rename, { id, title: "x" }, { actor: people.ben, idempotencyKey: "mine" }));
  expect(await teamsOf("mine-2")).toBe(0);
});

test("a key whose use was refused may be used again", async () => {
  const request = { actor: workspace.people.admin, idempotencyKey: "again" };
  expect(refused(await workspace.door.execute(makeTeam, { name: "again", what: "refuse" }, request)).code).toBe(
    "NOT_TODAY",
  );
  accepted(await workspace.door.execute(makeTeam, { name: "again" }, request));
});

test("a secret is answered once and stored nowhere; a repeated call learns only that it worked", async () => {
  const request = { actor: workspace.people.admin, idempotencyKey: "secret" };
  const act = () => workspace.door.execute(makeTeam, { name: "secret", what: "secret" }, request);
  expect(accepted(await act())).toEqual({ name: "secret", secret: "cm_s3cret" });
  expect(accepted(await act())).toEqual({ name: "secret", secret: "" });
  expect(JSON.stringify(await storedRows(store))).not.toContain("cm_s3cret");
});

test("a transaction that lost against another is tried again, a few times", async () => {
  let fails = 0;
  let tries = 0;
  const unlucky = (code: string) =>
    defineCommand<{ name: string }, { name: string }>({
      name: "team.unlucky",
      permission: "people.manage",
      input: z.object({ name: z.string() }),
      async run(context, input) {
        tries += 1;
        const made = await makeTeam.run(context, { ...input, what: "do" });
        if (fails-- > 0) throw Object.assign(new Error("lost"), { code });
        return made;
      },
    });
  const request = { actor: workspace.people.admin };
  for (const [code, name] of [
    ["40001", "serial"],
    ["40P01", "dead"],
  ] as const) {
    fails = 2;
    tries = 0;
    accepted(await workspace.door.execute(unlucky(code), { name }, request));
    expect(tries).toBe(3);
    expect(await teamsOf(name)).toBe(1);
  }
  fails = 1000;
  tries = 0;
  await expect(workspace.door.execute(unlucky("40001"), { name: "never" }, request)).rejects.toThrow("lost");
  expect(tries).toBeLessThan(10);
  expect(await teamsOf("never")).toBe(0);
});

test.each([
  ["deployments_one_per_environment", "ENVIRONMENT_BUSY"],
  ["change_approvals_once", "ALREADY_VOTED"],
  ["change_approvals_once_for", "ALREADY_VOTED"],
  ["scheduled_deployments_one", "SCHEDULED_ALREADY"],
  ["users_handle_key", "HANDLE_TAKEN"],
  ["teams_name_key", "TEAM_EXISTS"],
])("a conflict on %s, which is one of the schema's, is told as %s", async (constraint, code) => {
  const { rows } = await store.pool.query("SELECT 1 FROM pg_class WHERE relname = $1 AND relkind = 'i'", [constraint]);
  expect(rows).toHaveLength(1);
  const conflicting = defineCommand<object, never>({
    name: "conflict.meet",
    permission: "people.manage",
    input: z.object({}),
    run: () => Promise.reject(Object.assign(new Error("duplicate key"), { code: "23505", constraint })),
  });
  const refusal = refused(await workspace.door.execute(conflicting, {}, { actor: workspace.people.admin }));
  expect(refusal).toMatchObject({ code, message: expect.stringMatching(/\.$/), hint: expect.stringMatching(/\.$/) });
});

test("a conflict that nobody expects is a bug", async () => {
  const twice = defineCommand<object, never>({
    name: "conflict.meet",
    permission: "people.manage",
    input: z.object({}),
    async run({ tx }) {
      for (const _ of [1, 2]) await tx.insertInto("team_members").values({ team: "core", handle: "rosa" }).execute();
      throw new Error("not reached");
    },
  });
  await expect(workspace.door.execute(twice, {}, { actor: workspace.people.admin })).rejects.toThrow(
    /team_members_pkey/,
  );
});

test("one person's equal refusals are written down a limited number of times a minute; everybody is still refused", async () => {
  let now = new Date("2026-03-01T10:00:00Z");
  const door = new Door({ db: store.db, processes: workspace.processes, now: () => now });
  const written = async (handle: string) =>
    (
      await store.db
        .selectFrom("audit_trail")
        .select("id")
        .where("actor", "=", handle)
        .where("action", "=", "team.make.refused")
        .execute()
    ).length;
  const knock = async (times: number, actor = workspace.people.olga) => {
    for (let n = 0; n < times; n++)
      expect(refused(await door.execute(makeTeam, { name: "x" }, { actor })).code).toBe("NOT_ALLOWED");
  };
  await knock(30);
  expect(await written("olga")).toBe(20);
  await knock(1, workspace.people.lena);
  expect(await written("lena")).toBe(1);
  now = new Date("2026-03-01T10:01:00Z");
  await knock(1);
  expect(await written("olga")).toBe(21);
});

test("what a person wrote cannot keep its refusal out of the trail", async () => {
  const awkward = "a\0b \ud800 c";
  const quoting = defineCommand<{ id: string }, never>({
    name: "text.refuse",
    permission: "people.manage",
    input: z.object({ id: z.string() }),
    run: async (_context, { id }) => refuse("NOT_FOUND", `There is no ${id}.`, "Look again."),
  });
  expect(refused(await workspace.door.execute(quoting, { id: awkward }, { actor: workspace.people.admin })).code).toBe(
    "NOT_FOUND",
  );
  const entry = await store.db
    .selectFrom("audit_trail")
    .select("entry")
    .where("action", "=", "text.refuse.refused")
    .executeTakeFirstOrThrow();
  expect(JSON.parse(entry.entry).details.message).toContain("There is no a");
});
