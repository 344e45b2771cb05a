import { afterAll, beforeAll, expect, test } from "vitest";
import { secretHash } from "../identity/secrets.ts";
import { Accounts } from "../testing/accounts.ts";
import { newEmbeddedStore } from "../testing/stores.ts";

let accounts: Accounts;
beforeAll(async () => {
  accounts = await new Accounts(await newEmbeddedStore()).start();
});
afterAll(async () => {
  await accounts.close();
  await accounts.store.close();
  expect(accounts.errors).toEqual([]);
});

/** Somebody's token, and a live stream that was opened with it. */
async function streaming(handle: string) {
  const administrator = await accounts.signedIn(await accounts.personWithPassword(["administrator"]));
  const { body } = await administrator.ask("POST", "/api/tokens", { name: "stream", user: handle });
  return { administrator, token: body, stream: await open({ authorization: `Bearer ${body.secret}` }) };
}

/** A live stream once it has begun; `ended` resolves at its end. */
async function open(headers: Record<string, string>) {
  const response = await fetch(`${accounts.url}/api/events`, { headers });
  expect(response.status).toBe(200);
  const reader = response.body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toContain("connected");
  let over = false;
  const ended = (async () => {
    while (!(await reader.read()).done);
    over = true;
  })();
  return { ended, isOver: () => over, leave: () => reader.cancel() };
}

test("a stream ends when its token is revoked; the stream of another token goes on until its person is disabled", async () => {
  const handle = await accounts.person();
  const revoked = await streaming(handle);
  const { administrator, stream } = await streaming(handle);
  expect((await administrator.ask("DELETE", `/api/tokens/${revoked.token.id}`)).status).toBe(200);
  await revoked.stream.ended;
  expect(stream.isOver()).toBe(false);
  expect((await administrator.ask("PATCH", `/api/users/${handle}`, { disabled: true })).status).toBe(200);
  await stream.ended;
});

test("a stream goes on while its person may read changes by any role, and ends with the last of them", async () => {
  const handle = await accounts.person(["developer", "qa"]);
  const { administrator, stream } = await streaming(handle);
  const other = await streaming(await accounts.person(["developer"]));
  expect((await administrator.ask("PATCH", `/api/users/${handle}`, { roles: ["qa"] })).status).toBe(200);
  await administrator.ask("DELETE", `/api/tokens/${other.token.id}`);
  // The look that ended the other stream has seen this person without one of the roles.
  await other.stream.ended;
  expect(stream.isOver()).toBe(false);
  expect((await administrator.ask("PATCH", `/api/users/${handle}`, { roles: [] })).status).toBe(200);
  await stream.ended;
});

test("a stream ends when its token runs out", async () => {
  const { stream, token } = await streaming(await accounts.person());
  await accounts.store.pool.query("UPDATE change_mgmt.api_tokens SET expires_at = $1 WHERE secret_hash = $2", [
    accounts.now,
    secretHash(token.secret),
  ]);
  await stream.ended;
});

test("a stream ends when its session is signed out, elsewhere too; that of another session goes on until it is unused for too long", async () => {
  const person = await accounts.personWithPassword();
  const here = await accounts.signedIn(person);
  const there = await accounts.signedIn(person);
  const stream = await open({ cookie: here.cookie! });
  const other = await open({ cookie: there.cookie! });
  const { body } = await there.ask("GET", "/api/sessions");
  const id = body.items.find((session: { current: boolean }) => !session.current).id;
  expect((await there.ask("DELETE", `/api/sessions/${id}`)).status).toBe(200);
  await stream.ended;
  expect((await here.ask("GET", "/api/me")).status).toBe(401);
  expect(other.isOver()).toBe(false);
  accounts.pass({ hours: 9 });
  await other.ended;
});

test("behind a proxy the public address makes the cookie Secure and its pages our own", async () => {
  const behind = await new Accounts(accounts.store).start({ publicAddress: "https://changes.example.org" });
  try {
    const person = await behind.personWithPassword();
    const browser = behind.browser();
    const login = { login: person.handle, password: person.password };
    const begun = await browser.ask("POST", "/api/session", login);
    expect(begun.setCookie).toMatch(/^__Host-change_mgmt_session=.*; Secure$/);
    const signOutFrom = async (origin: string) => {
      const headers = { origin, cookie: browser.cookie!, "x-change-mgmt": "1" };
      const answer = await fetch(`${behind.url}/api/sessions/revoke-all`, { method: "POST", headers });
      return { status: answer.status, ...((await answer.json()) as object) };
    };
    expect(await signOutFrom("https://elsewhere.example.org")).toMatchObject({ status: 403, code: "CROSS_SITE" });
    expect(await signOutFrom("https://changes.example.org")).toMatchObject({ status: 200, sessions: 1 });
  } finally {
    await behind.close();
  }
});
