import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountKey } from "../../identity/account-key.ts";
import { Accounts, type Browser, type Person } from "../../testing/accounts.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { accepted } from "../../testing/small-workspace.ts";
import { newEmbeddedStore, openedStore } from "../../testing/stores.ts";
import { resealFactors } from "./second-factor.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.stop());

describe.each(["embedded", "postgres"])("signing in on %s", (kind) => {
  let accounts: Accounts;

  beforeAll(async () => {
    const store =
      kind === "embedded" ? await newEmbeddedStore() : await openedStore({ databaseUrl: await postgres.newDatabase() });
    accounts = await new Accounts(store).start();
  });

  afterAll(async () => {
    await accounts.close();
    await accounts.store.close();
    expect(accounts.errors).toEqual([]);
  });

  const signIn = (browser: Browser, login: string, password: string, factor?: string) =>
    browser.ask("POST", "/api/session", { login, password, ...(factor ? { factor } : {}) });
  const codeOf = (seen: { body: { code?: string } }) => seen.body.code;
  const isIn = async (browser: Browser) => (await browser.ask("GET", "/api/me")).status === 200;

  describe("with a password", () => {
    test("an invitation lets a person set one and is used up by it; the person is signed in", async () => {
      const handle = await accounts.person();
      const link = await accounts.link(handle, 48);
      accounts.pass({ hours: 47 });
      const browser = accounts.browser();
      const weak = await browser.ask("POST", "/api/password", { link, password: "password1234" });
      expect([weak.status, codeOf(weak)]).toEqual([422, "PASSWORD_WEAK"]);
      const set = await browser.ask("POST", "/api/password", { link, password: "four pigeons under glass" });
      expect(set).toMatchObject({ status: 200, body: { user: handle, signedIn: true } });
      expect((await browser.ask("GET", "/api/me")).body).toMatchObject({
        handle,
        account: { password: true, factor: false, recoveryCodes: 0, session: expect.any(String) },
      });
      const again = await accounts.browser().ask("POST", "/api/password", { link, password: "other words entirely" });
      expect([again.status, codeOf(again)]).toEqual([401, "LINK_INVALID"]);
      expect((await signIn(accounts.browser(), handle, "four pigeons under glass")).status).toBe(201);
    });

    test("by handle or address, however they are written, a session begins that scripts and other sites cannot use", async () => {
      const email = `Ada-${randomUUID()}@Example.org`;
      const { handle, password } = await accounts.personWithPassword(["developer"], email);
      for (const login of [handle.toUpperCase(), ` ${email.toLowerCase()} `]) {
        const browser = accounts.browser();
        const answer = await signIn(browser, login, password);
        expect(answer).toMatchObject({
          status: 201,
          body: { user: handle, method: "password", userAgent: "Test/1.0", current: true },
        });
        expect(answer.setCookie).toMatch(
          /^change_mgmt_session=cm_session_[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
        );
        expect(JSON.stringify(answer.body)).not.toContain("cm_session_");
        expect((await browser.ask("GET", "/api/me")).body.handle).toBe(handle);
      }
    });

    test("over https the cookie is Secure and bound to its host, and only under that name it counts", async () => {
      const { handle, password } = await accounts.personWithPassword();
      const https = { "x-forwarded-proto": "https" };
      const browser = accounts.browser();
      const { setCookie } = await browser.ask("POST", "/api/session", { login: handle, password }, https);
      expect(setCookie).toMatch(/^__Host-change_mgmt_session=cm_session_.*; Path=\/; .*; SameSite=Strict; Secure$/);
      expect((await browser.ask("GET", "/api/me", undefined, https)).status).toBe(200);
      const planted = browser.cookie!.replace("__Host-", "");
      const other = accounts.browser();
      expect((await other.ask("GET", "/api/me", undefined, { ...https, cookie: planted })).status).toBe(401);
    });

    test("whatever is wrong, the words are the same", async () => {
      const { handle, password } = await accounts.personWithPassword();
      const without = await accounts.person();
      const disabled = await accounts.personWithPassword();
      await accounts.store.db
        .updateTable("users")
        .set({ disabled_at: accounts.now })
        .where("handle", "=", disabled.handle)
        .execute();
      const tries = [
        [handle, `${password}x`],
        [handle, password.toUpperCase()],
        [without, "anything at all"],
        [disabled.handle, disabled.password],
        [`nobody-${randomUUID()}`, "anything at all"],
      ] as const;
      const answers = await Promise.all(tries.map(([login, text]) => signIn(accounts.browser(), login, text)));
      for (const { status, body, setCookie } of answers) {
        expect([status, setCookie]).toEqual([401, null]);
        expect(body).toEqual(answers[0]!.body);
        expect(body.code).toBe("SIGN_IN_REFUSED");
      }
    });

    test("an address that two people share signs nobody in", async () => {
      const email = `team-${randomUUID()}@example.org`;
      const one = await accounts.personWithPassword(["developer"], email);
      await accounts.personWithPassword(["developer"], email);
      expect(codeOf(await signIn(accounts.browser(), email, one.password))).toBe("SIGN_IN_REFUSED");
      expect((await signIn(accounts.browser(), one.handle, one.password)).status).toBe(201);
    });

    test("changing it takes the current one, ends everything else, and goes on under a new secret", async () => {
      const person = await accounts.personWithPassword();
      const browser = await accounts.signedIn(person);
      const thief = browser.copy();
      const elsewhere = await accounts.signedIn(person);
      const link = await accounts.link(person.handle);
      const token = (await accounts.browser().ask("POST", "/api/links/exchange", { code: link })).body.secret;
      const bearer = { authorization: `Bearer ${token}` };
      expect((await accounts.browser().ask("GET", "/api/me", undefined, bearer)).status).toBe(200);
      const change = (current: string | undefined) =>
        browser.ask("POST", "/api/password", { ...(current ? { current } : {}), password: "entirely new words here" });
      expect(codeOf(await change("wrong password"))).toBe("PROOF_REFUSED");
      expect(codeOf(await change(undefined))).toBe("PROOF_REFUSED");
      expect(await change(person.password)).toMatchObject({ status: 200, body: { signedIn: true } });
      expect(await Promise.all([browser, thief, elsewhere].map(isIn))).toEqual([true, false, false]);
      expect((await accounts.browser().ask("GET", "/api/me", undefined, bearer)).status).toBe(401);
      expect(codeOf(await signIn(accounts.browser(), person.handle, person.password))).toBe("SIGN_IN_REFUSED");
      expect((await signIn(accounts.browser(), person.handle, "entirely new words here")).status).toBe(201);
    });

    test("who has none sets one within a quarter of an hour after signing in with a link, and not later", async () => {
      const late = await accounts.person();
      const browser = accounts.browser();
      expect((await browser.ask("POST", "/api/session", { link: await accounts.link(late) })).status).toBe(201);
      accounts.pass({ minutes: 15 });
      const set = () => browser.ask("POST", "/api/password", { password: "some words of my own" });
      expect(codeOf(await set())).toBe("PROOF_REFUSED");
      expect((await browser.ask("POST", "/api/session", { link: await accounts.link(late) })).status).toBe(201);
      accounts.pass({ minutes: 14 });
      expect((await set()).status).toBe(200);
      expect((await accounts.browser().ask("POST", "/api/password", { password: "some words of my own" })).status).toBe(
        401,
      );
    });
  });

  describe("guessing", () => {
    const fail = async (browser: Browser, login: string, times: number) => {
      const codes: (string | undefined)[] = [];
      for (let time = 0; time < times; time++) codes.push(codeOf(await signIn(browser, login, "a wrong password")));
      return codes;
    };

    test("five failures lock an account, longer each time; it is told until when, and even the right password waits", async () => {
      const { handle, password } = await accounts.personWithPassword();
      expect(await fail(accounts.browser(), handle, 6)).toEqual([
        ...Array(5).fill("SIGN_IN_REFUSED"),
        "ACCOUNT_LOCKED",
      ]);
      const locked = await signIn(accounts.browser(), handle, password);
      expect(locked).toMatchObject({ status: 429, body: { code: "ACCOUNT_LOCKED" } });
      expect(locked.body.details.until).toBe(new Date(accounts.now.getTime() + 30_000).toISOString());
      expect(locked.headers.get("retry-after")).toBe("30");
      accounts.pass({ seconds: 31 });
      expect(await fail(accounts.browser(), handle, 2)).toEqual(["SIGN_IN_REFUSED", "ACCOUNT_LOCKED"]);
      const longer = await signIn(accounts.browser(), handle, password);
      expect(longer.headers.get("retry-after")).toBe("60");
      accounts.pass({ seconds: 61 });
      expect((await signIn(accounts.browser(), handle, password)).status).toBe(201);
      expect(await fail(accounts.browser(), handle, 2)).toEqual(["SIGN_IN_REFUSED", "SIGN_IN_REFUSED"]);
      const actions = (await accounts.trail(handle)).map(({ action }) => action);
      expect(actions.filter((action) => action === "user.locked")).toHaveLength(2);
      expect(actions.filter((action) => action === "user.sign-in-refused")).toHaveLength(8);
    });

    test("a name that is nobody's is locked like an account, so that locking tells nothing", async () => {
      const codes = await fail(accounts.browser(), `nobody-${randomUUID()}`, 6);
      expect(codes).toEqual([...Array(5).fill("SIGN_IN_REFUSED"), "ACCOUNT_LOCKED"]);
    });

    test("attempts made at once cannot outrun the count", async () => {
      const { handle } = await accounts.personWithPassword();
      const all = await Promise.all(
        Array.from({ length: 12 }, () => signIn(accounts.browser(), handle, "a wrong password")),
      );
      expect(all.filter((one) => codeOf(one) === "SIGN_IN_REFUSED")).toHaveLength(5);
      expect(all.filter((one) => codeOf(one) === "ACCOUNT_LOCKED")).toHaveLength(7);
    });

    test("an address that fails again and again has to wait, whatever account it tries; others need not", async () => {
      const { handle, password } = await accounts.personWithPassword();
      const network = `2001:db8:${randomUUID().slice(0, 4)}:1`;
      const all: (string | undefined)[] = [];
      for (let time = 0; time < 31; time++) {
        const link = `cm_link_${randomUUID()}`;
        all.push(codeOf(await accounts.browser(`${network}::${time + 1}`).ask("POST", "/api/session", { link })));
      }
      expect(all).toEqual([...Array(30).fill("LINK_INVALID"), "RATE_LIMITED"]);
      expect(codeOf(await signIn(accounts.browser(`${network}::ffff`), handle, password))).toBe("RATE_LIMITED");
      expect((await signIn(accounts.browser(), handle, password)).status).toBe(201);
    });

    test("guessing the current password or a code of a session in the wrong hands is locked as well", async () => {
      const person = await accounts.personWithPassword();
      const browser = await accounts.signedIn(person);
      for (let time = 0; time < 5; time++) {
        expect(codeOf(await browser.ask("POST", "/api/factor", { password: "wrong" }))).toBe("PROOF_REFUSED");
      }
      expect(codeOf(await browser.ask("POST", "/api/factor", { password: person.password }))).toBe("ACCOUNT_LOCKED");
      expect((await signIn(accounts.browser(), person.handle, person.password)).status).toBe(201);
    });
  });

  describe("a session", () => {
    test("ends after eight hours without use, and after seven days whatever happens", async () => {
      const person = await accounts.personWithPassword();
      const idle = await accounts.signedIn(person);
      const busy = await accounts.signedIn(person);
      accounts.pass({ hours: 7 });
      expect(await isIn(busy)).toBe(true);
      accounts.pass({ minutes: 61 });
      expect([await isIn(idle), await isIn(busy)]).toEqual([false, true]);
      expect(idle.cookie).toBeUndefined();
      for (let hours = 8; hours < 7 * 24 - 7; hours += 7) {
        accounts.pass({ hours: 7 });
        expect(await isIn(busy)).toBe(true);
      }
      accounts.pass({ hours: 7 });
      expect(codeOf(await busy.ask("GET", "/api/me"))).toBe("SESSION_INVALID");
    });

    test("begins under a secret that nobody knew before, and the one of the same browser ends", async () => {
      const person = await accounts.personWithPassword();
      const browser = accounts.browser();
      const planted = `change_mgmt_session=cm_session_${"A".repeat(43)}`;
      browser.cookie = planted;
      expect((await signIn(browser, person.handle, person.password)).status).toBe(201);
      expect(browser.cookie).not.toBe(planted);
      const before = browser.copy();
      expect((await signIn(browser, person.handle, person.password)).status).toBe(201);
      expect(await Promise.all([browser, before].map(isIn))).toEqual([true, false]);
      const thief = accounts.browser();
      thief.cookie = planted;
      expect(await isIn(thief)).toBe(false);
    });

    test("of two cookies of one name neither counts", async () => {
      const browser = await accounts.signedIn(await accounts.personWithPassword());
      const cookie = `${browser.cookie}; change_mgmt_session=cm_session_${"A".repeat(43)}`;
      expect((await browser.ask("GET", "/api/me", undefined, { cookie })).status).toBe(401);
      expect(await isIn(browser)).toBe(true);
    });

    test("is signed out, once, and the cookie is taken away", async () => {
      const browser = await accounts.signedIn(await accounts.personWithPassword());
      const copy = browser.copy();
      const out = await browser.ask("DELETE", "/api/session");
      expect(out).toMatchObject({ status: 200, body: { ok: true } });
      expect(out.setCookie).toMatch(/^change_mgmt_session=; Path=\/; Expires=Thu, 01 Jan 1970/);
      expect(await isIn(copy)).toBe(false);
      expect((await copy.ask("DELETE", "/api/session")).status).toBe(200);
    });

    test("is forgotten a month after it ended, with the next sign-in", async () => {
      const person = await accounts.personWithPassword();
      await (await accounts.signedIn(person)).ask("DELETE", "/api/session");
      const count = async () =>
        (await accounts.store.db.selectFrom("sessions").select("id").where("handle", "=", person.handle).execute())
          .length;
      accounts.pass({ hours: 29 * 24 });
      await accounts.signedIn(person);
      expect(await count()).toBe(2);
      accounts.pass({ hours: 2 * 24 });
      await accounts.signedIn(person);
      expect(await count()).toBe(2);
    });

    test("is listed with when and from where, and ended by its owner alone", async () => {
      const person = await accounts.personWithPassword();
      const one = await accounts.signedIn(person);
      const two = await accounts.signedIn(person);
      const other = await accounts.signedIn(await accounts.personWithPassword());
      const { items } = (await two.ask("GET", "/api/sessions")).body;
      expect(items.map(({ method, current }: Record<string, unknown>) => [method, current])).toEqual([
        ["password", true],
        ["password", false],
      ]);
      expect(items[1]).toMatchObject({
        user: person.handle,
        address: expect.stringMatching(/^2001:db8:/),
        userAgent: "Test/1.0",
      });
      expect(JSON.stringify(items)).not.toContain("cm_session_");
      const path = `/api/sessions/${items[1].id}`;
      expect((await other.ask("DELETE", path)).status).toBe(404);
      expect(await isIn(one)).toBe(true);
      expect((await two.ask("DELETE", path)).body).toEqual({ ok: true });
      expect(await Promise.all([one, two].map(isIn))).toEqual([false, true]);
    });

    test("sign-out everywhere ends all sessions and sign-in tokens and leaves API tokens", async () => {
      const person = await accounts.personWithPassword();
      const [one, two] = [await accounts.signedIn(person), await accounts.signedIn(person)];
      const code = await accounts.link(person.handle);
      const signInToken = (await accounts.browser().ask("POST", "/api/links/exchange", { code })).body.secret;
      const apiToken = (await one.ask("POST", "/api/tokens", { name: "ci" })).body.secret;
      const tokenStatus = async (token: string) =>
        (await accounts.browser().ask("GET", "/api/me", undefined, { authorization: `Bearer ${token}` })).status;
      expect(await Promise.all([signInToken, apiToken].map(tokenStatus))).toEqual([200, 200]);
      expect((await one.ask("POST", "/api/sessions/revoke-all")).body).toEqual({ sessions: 2, tokens: 1 });
      expect(await Promise.all([one, two].map(isIn))).toEqual([false, false]);
      expect(await Promise.all([signInToken, apiToken].map(tokenStatus))).toEqual([401, 200]);
    });

    test("ends when its person is disabled, and cannot be had again", async () => {
      const administrator = await accounts.signedIn(await accounts.personWithPassword(["administrator"]));
      const person = await accounts.personWithPassword();
      const browser = await accounts.signedIn(person);
      const code = await accounts.link(person.handle);
      const edited = await administrator.ask("PATCH", `/api/users/${person.handle}`, { disabled: true });
      expect(edited.status).toBe(200);
      expect(await isIn(browser)).toBe(false);
      expect(codeOf(await accounts.browser().ask("POST", "/api/session", { link: code }))).toBe("LINK_INVALID");
      await administrator.ask("PATCH", `/api/users/${person.handle}`, { disabled: false });
      expect(await isIn(browser)).toBe(false);
    });

    test("a link begins one as well, once", async () => {
      const handle = await accounts.person();
      const link = await accounts.link(handle);
      const all = await Promise.all(
        Array.from({ length: 4 }, () => accounts.browser().ask("POST", "/api/session", { link })),
      );
      expect(all.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401]);
      expect(all.filter((one) => codeOf(one) === "LINK_INVALID")).toHaveLength(3);
    });
  });

  describe("requests from other sites", () => {
    let browser: Browser;
    let person: Person;
    beforeAll(async () => {
      person = await accounts.personWithPassword();
      browser = await accounts.signedIn(person);
    });
    const own = () => new URL(accounts.url).host;
    const raw = (headers: Record<string, string>, cookie = browser.cookie) =>
      fetch(`${accounts.url}/api/tokens`, {
        method: "POST",
        headers: { "content-type": "application/json", ...(cookie ? { cookie } : {}), ...headers },
        body: '{"name":"x"}',
      });

    test.each<[string, () => Record<string, string>]>([
      ["another site", () => ({ "sec-fetch-site": "cross-site", "x-change-mgmt": "1" })],
      ["a sister site", () => ({ "sec-fetch-site": "same-site", "x-change-mgmt": "1" })],
      ["a typed address", () => ({ "sec-fetch-site": "none", "x-change-mgmt": "1" })],
      ["another origin", () => ({ origin: "https://evil.example", "x-change-mgmt": "1" })],
      ["an origin that hides itself", () => ({ origin: "null", "x-change-mgmt": "1" })],
      ["another port", () => ({ origin: "http://127.0.0.1:1", "x-change-mgmt": "1" })],
      ["a sender that does not say from where", () => ({ "x-change-mgmt": "1" })],
      ["our own page without the header", () => ({ "sec-fetch-site": "same-origin" })],
      ["our own origin without the header", () => ({ origin: `http://${own()}` })],
    ])("that change something are refused from %s", async (_, headers) => {
      const response = await raw(headers());
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, "CROSS_SITE"]);
    });

    test("ours are taken, by either sign of their origin, also where a proxy speaks TLS", async () => {
      const signs: Record<string, string>[] = [
        { "sec-fetch-site": "same-origin" },
        { origin: `http://${own()}` },
        { origin: `https://${own()}` },
      ];
      for (const sign of signs) expect((await raw({ ...sign, "x-change-mgmt": "1" })).status).toBe(201);
    });

    test("reading needs no sign, and a token needs none for anything; it wins over the cookie", async () => {
      const cookie = browser.cookie!;
      expect((await fetch(`${accounts.url}/api/me`, { headers: { cookie } })).status).toBe(200);
      const { secret } = (await browser.ask("POST", "/api/tokens", { name: "ci" })).body;
      expect((await raw({ authorization: `Bearer ${secret}`, "sec-fetch-site": "cross-site" })).status).toBe(201);
      expect((await raw({ authorization: "Bearer wrong", "sec-fetch-site": "same-origin" })).status).toBe(401);
    });

    test("a sign-in from another site is refused, so that nobody is signed in as somebody else", async () => {
      const { handle: login, password } = person;
      const from = (site: string) =>
        accounts.browser().ask("POST", "/api/session", { login, password }, { "sec-fetch-site": site });
      expect(codeOf(await from("cross-site"))).toBe("CROSS_SITE");
      expect((await from("same-origin")).status).toBe(201);
    });
  });

  describe("a second factor", () => {
    test("counts once it is confirmed, is asked for from then on, and each code is taken once", async () => {
      const person = await accounts.personWithPassword();
      const browser = await accounts.signedIn(person);
      const elsewhere = await accounts.signedIn(person);
      const begun = await browser.ask("POST", "/api/factor", { password: person.password });
      const { secret, uri } = begun.body;
      expect(uri).toBe(
        `otpauth://totp/change-mgmt:${person.handle}?secret=${secret}&issuer=change-mgmt&algorithm=SHA1&digits=6&period=30`,
      );
      expect((await signIn(accounts.browser(), person.handle, person.password)).status).toBe(201);
      expect(codeOf(await browser.ask("POST", "/api/factor/confirm", { code: "000000" }))).toBe("FACTOR_WRONG");
      const confirmed = await browser.ask("POST", "/api/factor/confirm", { code: accounts.code(secret) });
      expect(confirmed.body.recoveryCodes).toHaveLength(10);
      expect(await Promise.all([browser, elsewhere].map(isIn))).toEqual([true, false]);

      const fresh = accounts.browser();
      const without = await signIn(fresh, person.handle, person.password);
      expect([without.status, codeOf(without), without.setCookie]).toEqual([401, "FACTOR_REQUIRED", null]);
      expect(codeOf(await signIn(fresh, person.handle, "a wrong password"))).toBe("SIGN_IN_REFUSED");
      // The code that confirmed it was used by that.
      expect(codeOf(await signIn(fresh, person.handle, person.password, accounts.code(secret)))).toBe(
        "SIGN_IN_REFUSED",
      );
      accounts.pass({ seconds: 30 });
      const code = accounts.code(secret);
      expect((await signIn(fresh, person.handle, person.password, code)).body.method).toBe("password and code");
      expect(codeOf(await signIn(accounts.browser(), person.handle, person.password, code))).toBe("SIGN_IN_REFUSED");
      expect((await browser.ask("GET", "/api/me")).body.account).toMatchObject({ factor: true, recoveryCodes: 10 });
    });

    test("the same code sent twice at once is taken once", async () => {
      const person = await accounts.personWithPassword();
      const { secret } = await accounts.enrol(await accounts.signedIn(person), person.password);
      const code = accounts.code(secret);
      const all = await Promise.all(
        [1, 2, 3].map(() => signIn(accounts.browser(), person.handle, person.password, code)),
      );
      expect(all.map(({ status }) => status).sort()).toEqual([201, 401, 401]);
    });

    test("cannot be guessed: wrong codes lock the account, and the password alone does not take the count back", async () => {
      const person = await accounts.personWithPassword();
      const { secret } = await accounts.enrol(await accounts.signedIn(person), person.password);
      for (let time = 0; time < 5; time++) {
        expect(codeOf(await signIn(accounts.browser(), person.handle, person.password))).toBe("FACTOR_REQUIRED");
        expect(codeOf(await signIn(accounts.browser(), person.handle, person.password, "123456"))).toBe(
          "SIGN_IN_REFUSED",
        );
      }
      const locked = await signIn(accounts.browser(), person.handle, person.password, accounts.code(secret));
      expect(codeOf(locked)).toBe("ACCOUNT_LOCKED");
    });

    test("a recovery code stands in for it, once", async () => {
      const person = await accounts.personWithPassword();
      const { recoveryCodes } = await accounts.enrol(await accounts.signedIn(person), person.password);
      const [code] = recoveryCodes;
      expect(code).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
      const browser = accounts.browser();
      const typed = code!.toLowerCase().replaceAll("-", " ");
      expect((await signIn(browser, person.handle, person.password, typed)).body.method).toBe(
        "password and recovery code",
      );
      expect(codeOf(await signIn(accounts.browser(), person.handle, person.password, code))).toBe("SIGN_IN_REFUSED");
      expect((await browser.ask("GET", "/api/me")).body.account.recoveryCodes).toBe(9);
      const other = await accounts.personWithPassword();
      await accounts.enrol(await accounts.signedIn(other), other.password);
      const stolen = await signIn(accounts.browser(), other.handle, other.password, recoveryCodes[1]);
      expect(codeOf(stolen)).toBe("SIGN_IN_REFUSED");
    });

    test("a link does not go round it: neither to a session, nor to a token, nor by a new password", async () => {
      const person = await accounts.personWithPassword();
      const { secret } = await accounts.enrol(await accounts.signedIn(person), person.password);
      const browser = accounts.browser();
      const link = await accounts.link(person.handle);
      expect(codeOf(await browser.ask("POST", "/api/session", { link }))).toBe("FACTOR_REQUIRED");
      expect(codeOf(await browser.ask("POST", "/api/session", { link, factor: "123456" }))).toBe("SIGN_IN_REFUSED");
      expect(codeOf(await browser.ask("POST", "/api/links/exchange", { code: link }))).toBe("FACTOR_REQUIRED");
      expect(codeOf(await browser.ask("POST", "/api/links/exchange", { code: link, factor: "123456" }))).toBe(
        "FACTOR_WRONG",
      );
      const set = await browser.ask("POST", "/api/password", { link, password: "words that are new here" });
      expect([set.body, set.setCookie]).toEqual([{ user: person.handle, signedIn: false }, null]);
      const next = await accounts.link(person.handle);
      const good = await browser.ask("POST", "/api/session", { link: next, factor: accounts.code(secret) });
      expect(good.body.method).toBe("link and code");
      accounts.pass({ seconds: 30 });
      const last = await accounts.link(person.handle);
      const token = await browser.ask("POST", "/api/links/exchange", { code: last, factor: accounts.code(secret) });
      expect(token.status).toBe(201);
    });

    test("is encrypted anew with another key, which opens it then and the one before does not", async () => {
      const person = await accounts.personWithPassword();
      const { secret } = await accounts.enrol(await accounts.signedIn(person), person.password);
      const { db } = accounts.store;
      const sealedSecret = async () =>
        (
          await db.selectFrom("second_factors").select("sealed_secret").where("handle", "=", person.handle).execute()
        )[0]!.sealed_secret;
      const kept = await sealedSecret();
      const [old, next] = ["ab", "cd"].map((byte) => byte.repeat(32));
      const key = (main: string, also?: string) => accepted(accountKey(main, "unused", also));
      expect(await resealFactors(db, key(next!, old))).toBeGreaterThan(0);
      expect(key(next!).open(await sealedSecret(), person.handle)).toBe(secret);
      expect(key(old!).open(await sealedSecret(), person.handle)).toBeUndefined();
      expect(await resealFactors(db, key(next!, old))).toBe(0);
      expect(await resealFactors(db, key(old!, next))).toBeGreaterThan(0);
      expect(key(old!).open(await sealedSecret(), person.handle)).toBe(key(old!).open(kept, person.handle));
    });

    test("is enrolled and removed only by who shows the password or a code, and there is one at a time", async () => {
      const person = await accounts.personWithPassword();
      const browser = await accounts.signedIn(person);
      expect(codeOf(await browser.ask("POST", "/api/factor", {}))).toBe("PROOF_REFUSED");
      expect(codeOf(await browser.ask("DELETE", "/api/factor", { code: "123456" }))).toBe("NO_FACTOR");
      const { secret } = await accounts.enrol(browser, person.password);
      expect(codeOf(await browser.ask("POST", "/api/factor", { password: person.password }))).toBe("FACTOR_EXISTS");
      expect(codeOf(await browser.ask("DELETE", "/api/factor", { code: "123456" }))).toBe("FACTOR_WRONG");
      expect((await browser.ask("DELETE", "/api/factor", { code: accounts.code(secret) })).body).toEqual({ ok: true });
      expect((await signIn(accounts.browser(), person.handle, person.password)).status).toBe(201);
    });

    test("an administrator resets somebody else's, nobody else does, and it is told in the trail", async () => {
      const person = await accounts.personWithPassword();
      const browser = await accounts.signedIn(person);
      await accounts.enrol(browser, person.password);
      const chief = await accounts.personWithPassword(["administrator"]);
      const administrator = await accounts.signedIn(chief);
      const reset = (who: Browser, name: string) => who.ask("POST", `/api/users/${name}/factor/reset`);
      expect(codeOf(await reset(browser, chief.handle))).toBe("NOT_ALLOWED");
      expect(codeOf(await reset(administrator, chief.handle))).toBe("OWN_ACCOUNT");
      expect((await reset(administrator, person.handle)).body).toEqual({ ok: true });
      expect(codeOf(await reset(administrator, person.handle))).toBe("NO_FACTOR");
      expect((await signIn(accounts.browser(), person.handle, person.password)).status).toBe(201);
      expect(await accounts.trail(person.handle)).toContainEqual({
        action: "user.factor-reset",
        actor: chief.handle,
        outcome: "done",
        details: { user: person.handle },
      });
    });
  });

  test("a token that is limited to less does not manage its owner's account", async () => {
    const browser = await accounts.signedIn(await accounts.personWithPassword());
    const { secret } = (await browser.ask("POST", "/api/tokens", { name: "ci", scopes: ["reports"] })).body;
    const authorization = `Bearer ${secret}`;
    for (const [method, path, body] of [
      ["GET", "/api/sessions"],
      ["POST", "/api/sessions/revoke-all"],
      ["POST", "/api/factor", {}],
      ["POST", "/api/password", { current: "x", password: "words that are new here" }],
    ] as const) {
      expect([path, codeOf(await accounts.browser().ask(method, path, body, { authorization }))]).toEqual([
        path,
        "SCOPE_MISSING",
      ]);
    }
    expect(await isIn(browser)).toBe(true);
  });

  test("the trail tells what became of an account, and no secret is stored anywhere", async () => {
    const person = { handle: await accounts.person(), password: "the first words of this person" };
    const secrets = [person.password, "a wrong password that was typed", "the new words of this person"];
    const keep = (...more: string[]) => secrets.push(...more);
    const invitation = await accounts.link(person.handle);
    const browser = accounts.browser();
    const { password } = person;
    expect((await browser.ask("POST", "/api/password", { link: invitation, password })).status).toBe(200);
    keep(invitation, browser.cookie!.split("=")[1]!);
    const { secret, recoveryCodes } = await accounts.enrol(browser, person.password);
    const code = accounts.code(secret);
    keep(secret, ...recoveryCodes, ...recoveryCodes.map((one) => one.replaceAll("-", "")));
    await signIn(accounts.browser(), person.handle, secrets[1]!);
    // People type passwords where a name belongs.
    await signIn(accounts.browser(), secrets[1]!, "x");
    const other = accounts.browser();
    const key = { "idempotency-key": randomUUID() };
    const body = { login: person.handle, password: person.password, factor: code };
    expect((await other.ask("POST", "/api/session", body, key)).status).toBe(201);
    keep(other.cookie!.split("=")[1]!);
    const change = { current: person.password, password: secrets[2] };
    expect((await other.ask("POST", "/api/password", change, { "idempotency-key": randomUUID() })).status).toBe(200);
    keep(other.cookie!.split("=")[1]!);
    const link = await accounts.link(person.handle);
    keep(link);
    accounts.pass({ seconds: 30 });
    expect((await other.ask("DELETE", "/api/factor", { code: accounts.code(secret) })).status).toBe(200);
    expect((await other.ask("POST", "/api/session", { link })).status).toBe(201);
    await other.ask("DELETE", "/api/session");

    const told = (await accounts.trail(person.handle)).map(({ action }) => action);
    for (const action of [
      "user.created",
      "link.created",
      "user.password-set",
      "user.signed-in",
      "user.factor-begun",
      "user.factor-enrolled",
      "user.sign-in-refused",
      "user.password-changed",
      "user.factor-removed",
      "user.signed-out",
    ]) {
      expect(told).toContain(action);
    }
    const { rows: tables } = await accounts.store.pool.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'change_mgmt'",
    );
    expect(tables.length).toBeGreaterThan(30);
    for (const { name } of tables) {
      const { rows } = await accounts.store.pool.query<{ text: string | null }>(
        `SELECT string_agg(t::text, E'\\n') AS text FROM change_mgmt.${name} t`,
      );
      const found = secrets.filter((one) => rows[0]!.text?.includes(one));
      expect([name, found]).toEqual([name, []]);
    }
    expect(accounts.errors).toEqual([]);
  });
});
