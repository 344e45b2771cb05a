import { randomUUID } from "node:crypto";
import { CompactSign, type CryptoKey, exportJWK, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type IssuerSettings, issuerSettings } from "../../identity/issuer-settings.ts";
import { looksLikeJwt, tokenVerifier } from "../../identity/outside-tokens.ts";
import { Accounts } from "../../testing/accounts.ts";
import { AUDIENCE, Issuer, newKey } from "../../testing/issuer.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { newEmbeddedStore, openedStore } from "../../testing/stores.ts";
import { authenticateOutside } from "./outside-people.ts";

const SECRET = "a shared secret of a project, long enough for HS256";

let postgres: TestPostgres;
let issuer: Issuer;

beforeAll(async () => {
  postgres = await startPostgres();
});
beforeEach(async () => {
  issuer = await new Issuer().start();
  return () => issuer.stop();
});
afterAll(() => postgres.stop());

function settingsOf(more: Record<string, string> = {}): IssuerSettings {
  const read = issuerSettings({ CHANGE_MGMT_OIDC_ISSUER: issuer.url, CHANGE_MGMT_OIDC_AUDIENCE: AUDIENCE, ...more });
  if (!read.ok || !read.value) throw new Error(JSON.stringify(read));
  return read.value;
}

describe.each(["embedded", "postgres"])("tokens of another system on %s", (kind) => {
  let accounts: Accounts;

  beforeAll(async () => {
    const store =
      kind === "embedded" ? await newEmbeddedStore() : await openedStore({ databaseUrl: await postgres.newDatabase() });
    accounts = new Accounts(store);
  });

  afterAll(async () => {
    await accounts.store.close();
    expect(accounts.errors).toEqual([]);
  });

  /** A server that takes the issuer's tokens; asks it who somebody is. */
  async function asker(more: Record<string, string> = {}) {
    const settings = settingsOf(more);
    const { db } = accounts.store;
    const outside = { db, door: accounts.door, settings, verifier: tokenVerifier(settings, 0) };
    await accounts.start({ authenticate: (token, ip) => authenticateOutside(outside, token, ip) });
    return async (token: string) => {
      const { status, body } = await accounts
        .browser()
        .ask("GET", "/api/me", undefined, { authorization: `Bearer ${token}` });
      return status === 200 ? body : body.code;
    };
  }

  const whoIs = async (changes: JWTPayload, more: Record<string, string> = {}) => {
    const ask = await asker(more);
    const answer = await ask(await issuer.token(changes));
    await accounts.close();
    return typeof answer === "string" ? answer : answer.handle;
  };

  test("stand for who has their address or their handle here", async () => {
    const email = `${randomUUID()}@example.org`;
    const handle = await accounts.person(["operator"], email.toUpperCase());
    expect(await whoIs({ email: `${email.slice(0, 3).toUpperCase()}${email.slice(3)}` })).toBe(handle);
    expect(await whoIs({ preferred_username: handle })).toBe(handle);
    expect(await whoIs({ sub: handle }, { CHANGE_MGMT_OIDC_CLAIM: "sub" })).toBe(handle);
    expect(await whoIs({ email, email_verified: false })).toBe("TOKEN_UNMAPPED");
    expect(await whoIs({ email: `x${email}`, preferred_username: handle })).toBe("TOKEN_UNMAPPED");
    expect(await whoIs({ email }, { CHANGE_MGMT_OIDC_CLAIM: "sub" })).toBe("TOKEN_UNMAPPED");
    expect(await whoIs({})).toBe("TOKEN_UNMAPPED");
  });

  test("stand for nobody where several have the address, or the person is disabled", async () => {
    const email = `${randomUUID()}@example.org`;
    const one = await accounts.person(["operator"], email);
    expect(await whoIs({ email })).toBe(one);
    await accounts.person(["operator"], email);
    expect(await whoIs({ email })).toBe("TOKEN_UNMAPPED");
    expect(await whoIs({ email }, { CHANGE_MGMT_OIDC_CREATE: "requester" })).toBe("TOKEN_UNMAPPED");
    await accounts.store.db.updateTable("users").set({ disabled_at: new Date() }).where("handle", "=", one).execute();
    expect(await whoIs({ preferred_username: one })).toBe("TOKEN_UNMAPPED");
  });

  test("add somebody who is not known only where that is wanted, once, through the door, and never over somebody else", async () => {
    const handle = `new-${randomUUID()}`;
    const claims = { email: `${handle}@example.org`, preferred_username: handle, name: "New Person" };
    expect(await whoIs(claims)).toBe("TOKEN_UNMAPPED");
    const ask = await asker({ CHANGE_MGMT_OIDC_CREATE: "requester" });
    const token = await issuer.token(claims);
    const answers = await Promise.all([ask(token), ask(token), ask(token)]);
    expect(answers.map((answer) => [answer.handle, answer.roles])).toEqual(Array(3).fill([handle, ["requester"]]));
    expect(await ask(await issuer.token({ ...claims, email: "other@example.org" }))).toBe("TOKEN_UNMAPPED");
    await accounts.close();
    expect(await accounts.trail(handle)).toMatchObject([{ action: "user.created", actor: "identity-provider" }]);
  });

  test("bring roles and teams along, where that is configured, and the trail tells each change once", async () => {
    const handle = await accounts.person(["developer"]);
    for (const name of ["data", "web"]) {
      await accounts.store.db
        .insertInto("teams")
        .values({ id: randomUUID(), name, title: name })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    const ask = await asker({
      CHANGE_MGMT_OIDC_CLAIM: "sub",
      CHANGE_MGMT_OIDC_ROLE_CLAIM: "realm_access.roles",
      CHANGE_MGMT_OIDC_ROLES: "ops=operator, leads=team-lead",
      CHANGE_MGMT_OIDC_TEAM_CLAIM: "groups",
    });
    const with_ = (roles: unknown, groups: unknown) => issuer.token({ sub: handle, realm_access: { roles }, groups });
    expect(await ask(await issuer.token({ sub: handle }))).toMatchObject({ roles: ["developer"], teams: [] });
    const token = await with_(["ops", "leads", "administrator"], ["web", "elsewhere"]);
    for (let time = 0; time < 2; time++) {
      expect(await ask(token)).toMatchObject({ roles: ["operator", "team-lead"], teams: ["web"] });
    }
    expect(await ask(await with_([], "data"))).toMatchObject({ roles: [], teams: ["data"] });
    await accounts.close();
    expect((await accounts.trail(handle)).filter(({ action }) => action === "user.edited")).toMatchObject([
      { actor: "identity-provider", details: { roles: ["operator", "team-lead"], teams: ["web"] } },
      { actor: "identity-provider", details: { roles: [], teams: ["data"] } },
    ]);
  });
});

describe("a verifier", () => {
  const outcome = async (
    token: string,
    more: Record<string, string> = {},
    verifier = tokenVerifier(settingsOf(more), 0),
  ) => {
    const verified = await verifier.verify(token);
    return verified.ok ? "good" : verified.refusal.code;
  };
  const now = () => Math.floor(Date.now() / 1000);

  test.each(["RS256", "PS256", "ES256", "EdDSA"])("takes %s", async (alg) => {
    issuer.keys = [await newKey(alg)];
    expect(await outcome(await issuer.token({}))).toBe("good");
  });

  test.each<[string, () => Promise<string>]>([
    ["that has expired", () => issuer.token({ exp: now() - 60 })],
    ["that never expires", () => issuer.token({ exp: undefined })],
    ["that is not valid yet", () => issuer.token({ nbf: now() + 600 })],
    ["for another audience", () => issuer.token({ aud: "something-else" })],
    ["for no audience", () => issuer.token({ aud: undefined })],
    ["of another issuer", () => issuer.token({ iss: "https://evil.example" })],
    ["of no issuer", () => issuer.token({ iss: undefined })],
    [
      "signed with a key of somebody else under a known name",
      async () => issuer.token({}, { ...(await newKey()), kid: issuer.keys[0]!.kid }),
    ],
    ["signed with a key nobody knows", async () => issuer.token({}, await newKey())],
    ["whose claims were changed", async () => forged(await issuer.token({}), { email: "admin@example.org" })],
    ["without a signature", async () => (await issuer.token({})).replace(/[^.]+$/, "")],
    ["that says it needs none", async () => new UnsecuredJWT(await good()).encode()],
    ["that says it needs none, in other letters", async () => unsigned("nOnE")],
    ["signed by the public key as if it were a secret", confusedToken],
    ["signed by a secret, where none is configured", () => hmac(SECRET)],
    ["that brings its own key", ownKeyToken],
    ["that is none", async () => "a.b.c"],
  ])("refuses a token %s, in the same words", async (_, token) => {
    const verified = await tokenVerifier(settingsOf(), 0).verify(await token());
    expect(verified).toMatchObject({
      ok: false,
      refusal: { code: "TOKEN_INVALID", message: "This token is not valid." },
    });
  });

  test("takes HS256 with the configured secret alone, and no other symmetric algorithm", async () => {
    const more = { CHANGE_MGMT_JWT_SECRET: SECRET };
    expect(await outcome(await hmac(SECRET), more)).toBe("good");
    expect(await outcome(await hmac(`${SECRET}.`), more)).toBe("TOKEN_INVALID");
    expect(await outcome(await hmac(SECRET, "HS512"), more)).toBe("TOKEN_INVALID");
    expect(await outcome(await confusedToken(), more)).toBe("TOKEN_INVALID");
    expect(issuer.fetched).toEqual([]);
    expect(await outcome(await issuer.token({}), more)).toBe("good");
  });

  test("finds a new key by its name, and does not ask again at once for one that is not there", async () => {
    const patient = tokenVerifier(settingsOf(), 60_000);
    expect(await outcome(await issuer.token({}), {}, patient)).toBe("good");
    const quick = tokenVerifier(settingsOf(), 0);
    expect(await outcome(await issuer.token({}), {}, quick)).toBe("good");
    issuer.fetched = [];
    const [before, after] = [issuer.keys[0]!, await newKey()];
    issuer.keys = [after];
    const [old, rotated] = [await issuer.token({}, before), await issuer.token({}, after)];
    expect(await outcome(old, {}, quick)).toBe("good");
    expect(issuer.fetched).toEqual([]);
    expect(await outcome(rotated, {}, quick)).toBe("good");
    expect(issuer.fetched).toEqual(["/jwks"]);
    expect(await outcome(old, {}, quick)).toBe("TOKEN_INVALID");
    issuer.fetched = [];
    for (let time = 0; time < 3; time++) expect(await outcome(rotated, {}, patient)).toBe("TOKEN_INVALID");
    expect(issuer.fetched).toEqual([]);
  });

  test.each<[string, () => void]>([
    [
      "does not answer properly",
      () => {
        issuer.instead = { status: 500, body: "no" };
      },
    ],
    [
      "answers with a page",
      () => {
        issuer.instead = { status: 200, body: "<html>" };
      },
    ],
    [
      "sends us elsewhere",
      () => {
        issuer.instead = { status: 302, body: "", location: "http://127.0.0.1:1/" };
      },
    ],
    [
      "calls itself by another name",
      () => {
        issuer.discovery = { issuer: "https://evil.example" };
      },
    ],
    [
      "has its keys on another origin",
      () => {
        issuer.discovery = { jwks_uri: "http://127.0.0.1:1/jwks" };
      },
    ],
    [
      "has its keys at an address that is not safe",
      () => {
        issuer.discovery = { jwks_uri: "http://example.org/jwks" };
      },
    ],
  ])("says so when the issuer %s, and is not stuck with it", async (_, spoil) => {
    spoil();
    const verifier = tokenVerifier(settingsOf(), 0);
    const token = await issuer.token({});
    expect(await outcome(token, {}, verifier)).toBe("ISSUER_UNREACHABLE");
    issuer.instead = undefined;
    issuer.discovery = {};
    expect(await outcome(token, {}, verifier)).toBe("good");
  });

  test("does not ask an issuer that just failed for every token", async () => {
    issuer.instead = { status: 500, body: "" };
    const verifier = tokenVerifier(settingsOf(), 60_000);
    for (let time = 0; time < 4; time++)
      expect(await outcome(await issuer.token({}), {}, verifier)).toBe("ISSUER_UNREACHABLE");
    expect(issuer.fetched).toHaveLength(1);
  });

  test("fetches keys from elsewhere only where that is configured", async () => {
    const other = await new Issuer().start();
    other.keys = issuer.keys;
    expect(await outcome(await issuer.token({}), { CHANGE_MGMT_OIDC_JWKS_URL: `${other.url}/jwks` })).toBe("good");
    expect([issuer.fetched, other.fetched]).toEqual([[], ["/jwks"]]);
    await other.stop();
  });

  test("our own tokens are never taken for such", () => {
    expect(["cm_token_abc", "admin-secret.of-sixteen", "a.b.c"].map(looksLikeJwt)).toEqual([false, false, true]);
  });

  async function good(): Promise<JWTPayload> {
    return { iss: issuer.url, aud: AUDIENCE, iat: now(), exp: now() + 300 };
  }
  async function hmac(secret: string, alg = "HS256"): Promise<string> {
    return await new SignJWT(await good()).setProtectedHeader({ alg }).sign(Buffer.from(secret));
  }
  async function confusedToken(): Promise<string> {
    const { kid, publicJwk } = issuer.keys[0]!;
    const secret = Buffer.from(JSON.stringify(publicJwk));
    return await new SignJWT(await good()).setProtectedHeader({ alg: "HS256", kid }).sign(secret);
  }
  async function ownKeyToken(): Promise<string> {
    const { privateKey, publicJwk } = await newKey();
    const jwk = await exportJWK((await importJWK(publicJwk)) as CryptoKey);
    return await new SignJWT(await good()).setProtectedHeader({ alg: "ES256", jwk }).sign(privateKey);
  }
  async function unsigned(alg: string): Promise<string> {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part({ alg })}.${part(await good())}.`;
  }
  async function forged(token: string, changes: object): Promise<string> {
    const [head, body, signature] = token.split(".");
    const claims = { ...JSON.parse(Buffer.from(body!, "base64url").toString()), ...changes };
    return `${head}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${signature}`;
  }
});

test("a payload that is no claims at all is refused", async () => {
  const { kid, alg, privateKey } = issuer.keys[0]!;
  const token = await new CompactSign(Buffer.from("not claims")).setProtectedHeader({ alg, kid }).sign(privateKey);
  expect(await tokenVerifier(settingsOf(), 0).verify(token)).toMatchObject({ refusal: { code: "TOKEN_INVALID" } });
});

describe("settings", () => {
  const base = { CHANGE_MGMT_OIDC_ISSUER: "https://id.example", CHANGE_MGMT_OIDC_AUDIENCE: "change-mgmt" };

  test("none are needed, and few are enough", () => {
    expect(issuerSettings({})).toEqual({ ok: true, value: undefined });
    expect(issuerSettings({ CHANGE_MGMT_OIDC_ISSUER: "", CHANGE_MGMT_JWT_SECRET: "" })).toEqual({
      ok: true,
      value: undefined,
    });
    expect(issuerSettings(base)).toMatchObject({
      ok: true,
      value: { issuer: "https://id.example", create: undefined },
    });
  });

  test.each([
    ["CHANGE_MGMT_OIDC_ISSUER", { ...base, CHANGE_MGMT_OIDC_ISSUER: "http://id.example" }],
    ["CHANGE_MGMT_OIDC_ISSUER", { ...base, CHANGE_MGMT_OIDC_ISSUER: "https://user:pass@id.example" }],
    ["CHANGE_MGMT_OIDC_AUDIENCE", { CHANGE_MGMT_OIDC_ISSUER: "https://id.example" }],
    ["CHANGE_MGMT_OIDC_AUDIENCE", { CHANGE_MGMT_OIDC_AUDIENCE: "alone" }],
    ["CHANGE_MGMT_OIDC_JWKS_URL", { ...base, CHANGE_MGMT_OIDC_JWKS_URL: "http://keys.example" }],
    ["CHANGE_MGMT_JWT_SECRET", { ...base, CHANGE_MGMT_JWT_SECRET: "short" }],
    ["CHANGE_MGMT_JWT_SECRET", { CHANGE_MGMT_JWT_SECRET: SECRET }],
    ["CHANGE_MGMT_OIDC_ROLES", { ...base, CHANGE_MGMT_OIDC_ROLES: "ops=emperor" }],
    ["CHANGE_MGMT_OIDC_CREATE", { ...base, CHANGE_MGMT_OIDC_CREATE: "administrator" }],
  ])("%s is refused when it is not good, without its value where that is a secret", (setting, env) => {
    const refused = issuerSettings(env);
    expect(refused).toMatchObject({ ok: false, refusal: { code: "SETTING_INVALID", details: { setting } } });
    expect(JSON.stringify(refused)).not.toContain(SECRET);
  });
});
