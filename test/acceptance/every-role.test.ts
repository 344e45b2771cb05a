import { randomBytes, randomInt } from "node:crypto";
import type { Client } from "@change-mgmt/api/client.ts";
import { type Endpoint, type EndpointName, endpoints } from "@change-mgmt/api/endpoints.ts";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { checkDuty } from "@change-mgmt/domain/identity/duties.ts";
import {
  checkAnyPermission,
  checkConcern,
  checkPermission,
  type Permission,
} from "@change-mgmt/domain/identity/permissions.ts";
import { type Actor, ROLES, type Role } from "@change-mgmt/domain/identity/roles.ts";
import { secretHash } from "@change-mgmt/server/identity/secrets.ts";
import { type RunningServer, startServer } from "@change-mgmt/server/main.ts";
import { startPostgres, type TestPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataFolder } from "./testing/folder.ts";
import { clientOf, newAdminToken, type People } from "./testing/people.ts";
import { type Place, QUESTIONS, type Question } from "./testing/questions.ts";
import { type ChangeView, handwork, Road, wish } from "./testing/road.ts";
import { publicKeysOf, wholeTrail } from "./testing/trail.ts";
import { configurationOnServers, makeTargets, settle, targetVariables } from "./testing/workspace.ts";

const TEAM = "data-platform";
/** As every process of the product says: nobody approves or deploys their own change. */
const DUTIES = { ownChangeApproval: false, ownChangeDeployment: false };
const NAMES = Object.keys(endpoints) as EndpointName[];

const folder = dataFolder();
const adminToken = newAdminToken();
let postgres: TestPostgres;
let databaseUrl: string;
let server: RunningServer;
let people: People;
let admin: Client;
const config = configurationOnServers();

interface Asker {
  readonly actor: Actor;
  readonly token: string;
  readonly ask: Client;
}
/** Each role inside the team that owns the changes, and outside of any. */
const askers: Asker[] = [];

/** Somebody new with roles, in a team or in none. */
async function someone(handle: string, roles: readonly Role[], teams: readonly string[]): Promise<Asker> {
  const { id } = await admin("users.create", { body: { handle, name: handle, roles: [...roles], teams: [...teams] } });
  const token = (await admin("tokens.create", { body: { name: "asks", user: handle } })).secret;
  const actor: Actor = { userId: id, handle, roles, teams, positions: [] };
  return { actor, token, ask: clientOf(server.address, token) };
}

beforeAll(async () => {
  postgres = await startPostgres();
  const [url, targets] = await Promise.all([postgres.newDatabase(), makeTargets(postgres)]);
  databaseUrl = url;
  const started = await startServer({
    dataDir: folder.path,
    databaseUrl,
    port: 0,
    host: "127.0.0.1",
    demo: false,
    adminToken,
    env: { ...targetVariables(targets), CHANGE_MGMT_TRUST_PROXY: "true" },
    say: () => {},
  });
  if (!started.ok) throw new Error(started.refusal.message);
  server = started.value;
  admin = clientOf(server.address, adminToken);
  people = await settle(server.address, admin, adminToken, config);
  for (const role of ROLES) {
    askers.push(await someone(`${role}-within`, [role], [TEAM]));
    askers.push(await someone(`${role}-outside`, [role], []));
  }
  await admin("users.create", { body: { handle: "target", name: "Target", roles: [], teams: [] } });
});
afterAll(async () => {
  await server?.close();
  await postgres?.stop();
  folder.remove();
});

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly detail?: string;
}

/** Asks as whoever the headers say, each time from another address: it is not the limits that are tried here. */
async function ask(name: EndpointName, question: Question, headers: Record<string, string>): Promise<Answer> {
  const endpoint: Endpoint = endpoints[name];
  const path = endpoint.path.replace(/:(\w+)/g, (_, part: string) => question.params![part]!);
  const gone = new AbortController();
  const response = await fetch(`${server.address}${path}${question.query ? `?${question.query}` : ""}`, {
    method: endpoint.method,
    signal: gone.signal,
    headers: {
      "x-forwarded-for": `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`,
      ...headers,
      ...(question.body === undefined ? {} : { "content-type": "application/json" }),
      ...(question.bytes === undefined ? {} : { "content-type": "application/octet-stream" }),
    },
    ...(question.bytes === undefined ? {} : { body: question.bytes }),
    ...(question.body === undefined ? {} : { body: JSON.stringify(question.body) }),
  });
  const { status } = response;
  if (status < 400) {
    if (endpoint.response === "stream") gone.abort();
    else await response.arrayBuffer();
    return { status };
  }
  const { code, detail } = (await response.json()) as { code: string; detail: string };
  return { status, code, detail };
}

const by = ({ token }: { token: string }) => ({ authorization: `Bearer ${token}` });

/** What the rules say to somebody who asks; undefined where they have nothing against it. */
function refusalByRule(
  actor: Actor,
  name: EndpointName,
  { needs, duty, ofChange }: Question,
  change: ChangeView,
): Refusal | undefined {
  if (needs === null) return undefined;
  // Who has nothing of what the operation may take is told so before it is read which of it is meant.
  const atAll = checkAnyPermission(actor, [(endpoints[name] as Endpoint).permission].flat() as [Permission]);
  if (!atAll.ok) return atAll.refusal;
  const permitted = checkPermission(actor, needs);
  if (!permitted.ok) return permitted.refusal;
  if (!ofChange) return undefined;
  const concern = checkConcern(actor, needs, change);
  if (!concern.ok) return concern.refusal;
  const free = duty === undefined ? undefined : checkDuty(DUTIES, change.requester, actor.handle, duty);
  return free === undefined || free.ok ? undefined : free.refusal;
}

const BY_RULE = new Set(["NOT_ALLOWED", "SCOPE_MISSING", "NOT_YOURS", "OWN_CHANGE"]);
const UNKNOWN_SENDER = new Set(["NOT_SIGNED_IN", "TOKEN_INVALID", "TOKEN_UNMAPPED", "SESSION_INVALID", "CROSS_SITE"]);

/** Changes that are there to be asked about; one that an answer has moved is replaced by another. */
class Changes {
  readonly #make: () => Promise<ChangeView>;
  #change: ChangeView | undefined;
  constructor(make: () => Promise<ChangeView>) {
    this.#make = make;
  }
  async now(): Promise<ChangeView> {
    this.#change ??= await this.#make();
    return this.#change;
  }
  moved(): void {
    this.#change = undefined;
  }
}

const draftOf = ({ ask }: { ask: Client }) => ask("changes.create", { body: wish({ artifacts: [handwork("look")] }) });
const submittedBy = ({ ask }: { ask: Client }) =>
  ask("changes.create", { body: { ...wish({ artifacts: [handwork("look")] }), submit: true } });

test("there are questions for every endpoint, and together they take everything that the table of endpoints names", async () => {
  const place: Place = { change: { number: "CHG-1", contentHash: "0" }, target: "target", team: "web", config };
  expect(Object.keys(QUESTIONS).sort()).toEqual([...NAMES].sort());
  for (const name of NAMES) {
    const named = [(endpoints[name] as Endpoint).permission].flat();
    const taken = new Set(QUESTIONS[name](place).map(({ needs }) => needs));
    expect({ name, missing: [...taken].filter((needs) => !(named as unknown[]).includes(needs)) }).toEqual({
      name,
      missing: [],
    });
    if (endpoints[name].method === "GET") expect({ name, taken: taken.size }).toEqual({ name, taken: named.length });
  }
});

describe.each([
  ["somebody else's draft", () => draftOf(people.rosa)],
  ["somebody else's submitted change", () => submittedBy(people.rosa)],
])("about %s", (_what, make) => {
  const changes = new Changes(make);

  test.each(NAMES)("%s answers each role as the table of permissions says", async (name) => {
    for (const { actor, token } of askers) {
      const count = QUESTIONS[name](await placeOf(changes)).length;
      for (let index = 0; index < count; index++) {
        const change = await changes.now();
        const question = QUESTIONS[name](await placeOf(changes))[index]!;
        const expected = refusalByRule(actor, name, question, change);
        const answer = await ask(name, question, by({ token }));
        const seen = { who: actor.handle, name, needs: question.needs, ...answer };
        if (expected) expect(seen).toMatchObject({ status: 403, code: expected.code, detail: expected.message });
        else expect(BY_RULE.has(answer.code ?? "") || UNKNOWN_SENDER.has(answer.code ?? "") ? seen : true).toBe(true);
        if (answer.status < 300 && question.ofChange && endpoints[name].method !== "GET") changes.moved();
      }
    }
  });
});

async function placeOf(changes: Changes): Promise<Place> {
  return { change: await changes.now(), target: "target", team: "web", config };
}

describe("one's own change", () => {
  test.each(ROLES)("%s is told what the rules say of it", async (role) => {
    const asker = askers.find(({ actor }) => actor.handle === `${role}-outside`)!;
    if (!checkPermission(asker.actor, "change.create").ok) return;
    const changes = new Changes(() => submittedBy(asker));
    for (const name of NAMES.filter((one) => one.startsWith("changes."))) {
      const count = QUESTIONS[name](await placeOf(changes)).length;
      for (let index = 0; index < count; index++) {
        const change = await changes.now();
        const question = QUESTIONS[name](await placeOf(changes))[index]!;
        const expected = refusalByRule(asker.actor, name, question, change);
        const answer = await ask(name, question, by(asker));
        const seen = { who: role, name, needs: question.needs, ...answer };
        if (expected) expect(seen).toMatchObject({ status: 403, code: expected.code });
        else expect(BY_RULE.has(answer.code ?? "") ? seen : true).toBe(true);
        if (answer.status < 300 && endpoints[name].method !== "GET") changes.moved();
      }
    }
  });
});

describe("who is nobody here, or nobody any more", () => {
  /** Headers of each, and how they are refused. */
  const strangers: [string, Record<string, string>, string][] = [];

  beforeAll(async () => {
    const sql = (text: string, values: unknown[]) =>
      withClient(databaseUrl, async (client) => void (await client.query(text, values)));
    const token = (await someone("token-revoked", ["administrator"], [])).token;
    await sql("UPDATE change_mgmt.api_tokens SET revoked_at = now() WHERE secret_hash = $1", [secretHash(token)]);
    const late = (await someone("token-expired", ["administrator"], [])).token;
    await sql("UPDATE change_mgmt.api_tokens SET expires_at = now() - interval '1 second' WHERE secret_hash = $1", [
      secretHash(late),
    ]);
    const removed = await someone("removed", ["administrator"], []);
    const cookies: Record<string, string> = {};
    for (const handle of ["session-revoked", "session-expired", "session-unused", "removed"]) {
      if (handle !== "removed") await someone(handle, ["administrator"], []);
      const { url } = await admin("links.create", { body: { user: handle } });
      const answer = await fetch(`${server.address}/api/session`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ link: url.split("#sign-in=")[1] }),
      });
      cookies[handle] = answer.headers.get("set-cookie")!.split(";")[0]!;
      await answer.arrayBuffer();
    }
    await admin("users.edit", { params: { name: "removed" }, body: { disabled: true } });
    const session = (set: string, handle: string) =>
      sql(`UPDATE change_mgmt.sessions SET ${set} WHERE handle = $1`, [handle]);
    await session("revoked_at = now()", "session-revoked");
    await session("expires_at = now() - interval '1 second'", "session-expired");
    await session("last_used_at = now() - interval '9 hours'", "session-unused");
    const own = { "x-change-mgmt": "1", "sec-fetch-site": "same-origin" };
    strangers.push(
      ["nobody", {}, "NOT_SIGNED_IN"],
      [
        "a token that never was",
        { authorization: `Bearer cm_token_${randomBytes(32).toString("base64url")}` },
        "TOKEN_INVALID",
      ],
      ["a revoked token", by({ token }), "TOKEN_INVALID"],
      ["an expired token", by({ token: late }), "TOKEN_INVALID"],
      ["a removed person's token", by(removed), "TOKEN_INVALID"],
      ...Object.entries(cookies).map(([handle, cookie]): [string, Record<string, string>, string] => [
        `the session of ${handle}`,
        { cookie, ...own },
        "SESSION_INVALID",
      ]),
    );
  });

  test.each(NAMES)("%s knows none of them", async (name) => {
    const changes = new Changes(() => draftOf(people.rosa));
    for (const [who, headers, code] of strangers) {
      for (const question of QUESTIONS[name](await placeOf(changes))) {
        const answer = await ask(name, question, headers);
        const seen = { who, needs: question.needs, ...answer };
        if (!(endpoints[name] as Endpoint).open) expect(seen).toMatchObject({ status: 401, code });
        else if (question.needs === "account.own") expect(seen).toMatchObject({ status: 401, code: "NOT_SIGNED_IN" });
        else expect(UNKNOWN_SENDER.has(answer.code ?? "") || BY_RULE.has(answer.code ?? "") ? seen : true).toBe(true);
      }
    }
  });

  test("a person without a role learns who they are, and nothing else", async () => {
    const changes = new Changes(() => draftOf(people.rosa));
    for (const name of NAMES) {
      // Somebody else each time, since of equal refusals to one person only some are written into the trail.
      const nobody = await someone(`roleless-${name.toLowerCase()}`, [], []);
      for (const question of QUESTIONS[name](await placeOf(changes))) {
        const answer = await ask(name, question, by(nobody));
        const free = question.needs === null || question.needs === "session.begin";
        if (free)
          expect({ name, refusedByRule: BY_RULE.has(answer.code ?? "") }).toEqual({ name, refusedByRule: false });
        else expect({ name, ...answer }).toMatchObject({ status: 403, code: "NOT_ALLOWED" });
      }
    }
  });
});

/** How an act of the page is asked for directly. */
function direct(act: string, { number, contentHash }: ChangeView): [EndpointName, Question] | undefined {
  const [verb, environment] = act.split(":");
  const params = { id: number };
  const question = (body: object): Question => ({ needs: null, params, body });
  switch (verb) {
    case "submit":
      return ["changes.submit", question({})];
    case "assess":
      return ["changes.assess", question({ impact: "None." })];
    case "vote":
      return ["changes.vote", question({ decision: "approve", contentHash })];
    case "deploy":
      return ["changes.deploy", question({ environment, dryRun: true })];
    case "rollback":
      return ["changes.rollback", question({ environment, reason: "Because." })];
    case "close":
      return ["changes.close", question({})];
    case "rework":
      return ["changes.rework", question({ reason: "Because." })];
    case "edit":
      return ["changes.edit", question({ fields: { description: "Edited." } })];
    case "cancel":
      return ["changes.cancel", question({ reason: "Because." })];
    default:
      return undefined;
  }
}

describe.each([
  ["a draft", () => draftOf(people.rosa)],
  ["a submitted change", () => submittedBy(people.rosa)],
  [
    "a change that waits for votes",
    async () => (await Road.begin(people, { artifacts: [handwork("look")] })).untilVotes(),
  ],
  ["an approved change", async () => (await Road.begin(people, { artifacts: [handwork("look")] })).untilApproved()],
  [
    "a cancelled change",
    async () => {
      const { number } = await submittedBy(people.rosa);
      return await people.rosa.ask("changes.cancel", { params: { id: number }, body: { reason: "Because." } });
    },
  ],
])("what the page of %s says may be done", (_what, make) => {
  const changes = new Changes(make);
  /** What was done once: a change that has moved on takes long to make again. */
  const done = new Set<string>();

  test.each(ROLES)("%s: the server says the same when asked directly", async (role) => {
    for (const asker of askers.filter(({ actor }) => actor.handle.startsWith(`${role}-`))) {
      const { acts } = await asker.ask("changes.get", { params: { id: (await changes.now()).number } });
      for (const { act, allowed, code, reason } of acts) {
        const change = await changes.now();
        const way = direct(act, change);
        if (way === undefined || (allowed && done.has(act))) continue;
        if (allowed && !act.startsWith("deploy:")) done.add(act);
        const answer = await ask(...way, by(asker));
        const seen = { who: asker.actor.handle, act, ...answer };
        if (allowed) expect(seen).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) });
        else expect(seen).toMatchObject({ code, ...(reason?.includes("CHG-") ? {} : { detail: reason }) });
        if (answer.status < 300 && !act.startsWith("deploy:")) changes.moved();
      }
    }
  });
});

test("what was refused is in the trail with who asked, and so is who claimed to be somebody", async () => {
  const { entries } = await wholeTrail(people.audrey, publicKeysOf(folder.path));
  const refused = entries.filter(({ outcome }) => outcome === "refused");
  const denied = refused.filter(
    ({ actor, details }) => actor.handle.startsWith("roleless-") && details.code === "NOT_ALLOWED",
  );
  const operations = new Set(denied.map(({ details }) => details.operation));
  const taking = NAMES.filter((name) => {
    const { open, permission }: Endpoint = endpoints[name];
    return permission !== null && !open;
  });
  expect(taking.filter((name) => !operations.has(name))).toEqual([]);
  expect(denied.find(({ details }) => details.operation === "audit.export")).toMatchObject({
    event_type: "audit.export.refused",
  });
  const claims = refused.filter(({ event_type }) => event_type === "request.refused");
  expect(new Set(claims.map(({ details }) => details.code))).toEqual(new Set(["TOKEN_INVALID", "SESSION_INVALID"]));
  expect(claims.every(({ actor }) => actor.ip_address?.startsWith("10."))).toBe(true);
});
