import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@change-mgmt/api/client.ts";
import { type RunningServer, startServer } from "@change-mgmt/server/main.ts";
import { AUDIENCE, Issuer, newKey } from "@change-mgmt/server/testing/issuer.ts";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { dataFolder } from "./testing/folder.ts";
import { clientOf, newAdminToken, refusalOf } from "./testing/people.ts";

/** Longer than a server waits before it asks an issuer again. */
const A_WHILE_MS = 31_000;
const SECRET = "the shared secret of an older project, 32 bytes or more";

const folder = dataFolder();
const adminToken = newAdminToken();
const said: string[] = [];
let issuer: Issuer;
let server: RunningServer;
let admin: Client;

/** Starts the server on the same store with these settings, as after a change of its environment. */
async function serving(env: Record<string, string>): Promise<RunningServer> {
  const started = await startServer({
    dataDir: folder.path,
    port: 0,
    host: "127.0.0.1",
    demo: false,
    adminToken,
    env,
    say: (line) => said.push(line),
  });
  if (!started.ok) throw new Error(started.refusal.message);
  return started.value;
}

/** Lets the server's clock go on. */
function pass(ms: number): void {
  const now = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => now() + ms);
}

const as = (token: string) => clientOf(server.address, token);
const seconds = () => Math.floor(Date.now() / 1000);

afterEach(() => vi.restoreAllMocks());
afterAll(() => {
  folder.remove();
  expect(said.filter((line) => line.startsWith("error"))).toEqual([]);
});

test("a setting that is not good keeps the server from starting, before it touches the store", async () => {
  const nowhere = join(folder.path, "nowhere");
  const env = { CHANGE_MGMT_OIDC_ISSUER: "http://id.example", CHANGE_MGMT_OIDC_AUDIENCE: AUDIENCE };
  const options = { dataDir: nowhere, port: 0, host: "127.0.0.1", demo: false, say: () => {} };
  expect(await startServer({ ...options, env })).toMatchObject({
    ok: false,
    refusal: { code: "SETTING_INVALID", details: { setting: "CHANGE_MGMT_OIDC_ISSUER" } },
  });
  expect(existsSync(nowhere)).toBe(false);
});

describe("a server that takes the tokens of an issuer", () => {
  const email = "ida@example.org";

  beforeAll(async () => {
    issuer = await new Issuer().start();
    issuer.keys = [await newKey("ES256"), await newKey("RS256")];
    server = await serving({
      CHANGE_MGMT_OIDC_ISSUER: issuer.url,
      CHANGE_MGMT_OIDC_AUDIENCE: AUDIENCE,
      CHANGE_MGMT_OIDC_ROLE_CLAIM: "realm_access.roles",
      CHANGE_MGMT_OIDC_ROLES: "ops=operator",
    });
    admin = as(adminToken);
    await admin("users.create", { body: { handle: "ida", name: "Ida", email, roles: ["developer"], teams: [] } });
  });
  afterAll(async () => {
    await server?.close();
    await issuer?.stop();
  });

  test("finds the keys by discovery, once, and lets people in by ES256 and RS256", async () => {
    for (const key of issuer.keys)
      expect(await as(await issuer.token({ email }, key))("me")).toMatchObject({ handle: "ida", roles: ["developer"] });
    expect(issuer.fetched).toEqual(["/.well-known/openid-configuration", "/jwks"]);
  });

  test("gives them what they may do here and no more, by the roles that the token brings, and writes down who it was", async () => {
    const ask = as(await issuer.token({ email, realm_access: { roles: ["ops", "administrator"] } }));
    expect(await ask("me")).toMatchObject({ handle: "ida", roles: ["operator"] });
    const refused = await refusalOf(ask("users.create", { body: { handle: "x", name: "X", roles: [], teams: [] } }));
    expect(refused).toMatchObject({ status: 403, code: "NOT_ALLOWED" });
    const { items } = await admin("audit.list", { query: { user: "ida", limit: 50 } });
    expect(items.map(({ entry }) => entry)).toContainEqual(
      expect.objectContaining({
        event_type: "people.manage.refused",
        actor: expect.objectContaining({ handle: "ida", user_roles: ["operator"] }),
      }),
    );
  });

  test.each<[string, () => Promise<string>]>([
    ["for another audience", () => issuer.token({ email, aud: "something-else" })],
    ["that has expired", () => issuer.token({ email, exp: seconds() - 60 })],
    ["of another issuer", () => issuer.token({ email, iss: "https://id.example" })],
    ["by a key that nobody knows", async () => issuer.token({ email }, await newKey())],
    ["by a shared secret, where none is configured", () => issuer.secretToken({ email }, SECRET)],
    ["without its signature", async () => (await issuer.token({ email })).replace(/[^.]+$/, "")],
  ])("refuses a token %s", async (_, token) => {
    const response = await fetch(`${server.address}/api/me`, {
      headers: { authorization: `Bearer ${await token()}` },
    });
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringContaining("Bearer"),
    ]);
    expect(await response.json()).toMatchObject({ code: "TOKEN_INVALID" });
  });

  test("refuses a good token of somebody who is not known here", async () => {
    const ask = as(await issuer.token({ email: "nobody@example.org" }));
    expect(await refusalOf(ask("me"))).toMatchObject({ status: 403, code: "TOKEN_UNMAPPED" });
    const unverified = as(await issuer.token({ email, email_verified: false }));
    expect(await refusalOf(unverified("me"))).toMatchObject({ code: "TOKEN_UNMAPPED" });
  });

  test("follows the issuer to new keys, and lets go of those it has withdrawn", async () => {
    const [old, next] = [issuer.keys[0]!, await newKey("RS256")];
    issuer.keys = [next];
    const rotated = await issuer.token({ email }, next);
    pass(A_WHILE_MS);
    expect(await as(rotated)("me")).toMatchObject({ handle: "ida" });
    expect(await refusalOf(as(await issuer.token({ email }, old))("me"))).toMatchObject({ code: "TOKEN_INVALID" });
  });

  test("goes on taking its own tokens, also while the issuer is away", async () => {
    issuer.instead = { status: 500, body: "" };
    expect(await as(adminToken)("me")).toMatchObject({ handle: "admin" });
    issuer.instead = undefined;
  });
});

describe("a server that takes the tokens of a Supabase project", () => {
  const email = "sue@example.org";
  /** What such a project says of somebody who has signed in. */
  const session = (more: object = {}) => ({
    aud: "authenticated",
    role: "authenticated",
    sub: randomUUID(),
    session_id: randomUUID(),
    aal: "aal1",
    amr: [{ method: "password", timestamp: seconds() }],
    email,
    phone: "",
    is_anonymous: false,
    app_metadata: { provider: "email", providers: ["email"] },
    user_metadata: { email, email_verified: true },
    ...more,
  });

  beforeAll(async () => {
    issuer = await new Issuer({ path: "/auth/v1", keysAt: "/.well-known/jwks.json" }).start();
    server = await serving({
      CHANGE_MGMT_OIDC_ISSUER: issuer.url,
      CHANGE_MGMT_OIDC_AUDIENCE: "authenticated",
      CHANGE_MGMT_OIDC_CREATE: "requester",
      CHANGE_MGMT_JWT_SECRET: SECRET,
    });
    admin = as(adminToken);
  });
  afterAll(async () => {
    await server?.close();
    await issuer?.stop();
  });

  test("says that the issuer is away, and takes the token once it is back", async () => {
    issuer.instead = { status: 503, body: "" };
    const ask = as(await issuer.token(session()));
    expect(await refusalOf(ask("me"))).toMatchObject({ status: 503, code: "ISSUER_UNREACHABLE" });
    issuer.instead = undefined;
    pass(A_WHILE_MS);
    expect(await ask("me")).toMatchObject({ roles: ["requester"] });
    expect(issuer.fetched.at(-1)).toBe("/auth/v1/.well-known/jwks.json");
  });

  test("adds who comes for the first time once, whichever way the project signs", async () => {
    const first = await as(await issuer.token(session()))("me");
    const second = await as(await issuer.secretToken(session(), SECRET))("me");
    expect(second.handle).toBe(first.handle);
    const { items } = await admin("users.list", { query: { limit: 200 } });
    expect(items.filter((user) => user.email === email)).toMatchObject([
      { handle: first.handle, roles: ["requester"] },
    ]);
  });

  test.each<[string, () => Promise<string>, string]>([
    [
      "its public key for everybody",
      () => issuer.secretToken({ iss: "supabase", role: "anon" }, SECRET),
      "TOKEN_INVALID",
    ],
    ["somebody anonymous", () => issuer.token(session({ email: "", is_anonymous: true })), "TOKEN_UNMAPPED"],
    ["another secret", () => issuer.secretToken(session(), `${SECRET}.`), "TOKEN_INVALID"],
  ])("lets nobody in by %s", async (_, token, code) => {
    expect(await refusalOf(as(await token())("me"))).toMatchObject({ code });
  });
});
