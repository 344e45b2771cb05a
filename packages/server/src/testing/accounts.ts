import { randomBytes, randomUUID, scryptSync } from "node:crypto";
import { once } from "node:events";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor, Role } from "@change-mgmt/domain/identity/roles.ts";
import { Registry } from "prom-client";
import { createUser } from "../assets/people/people-commands.ts";
import { peopleRoutes } from "../assets/people/people-routes.ts";
import { signInRoutes } from "../assets/people/sign-in-routes.ts";
import { createLink } from "../assets/people/token-commands.ts";
import { Door } from "../commands/execute.ts";
import { createHttpApp, type HttpAppOptions } from "../http/app.ts";
import { eventHandlers } from "../http/event-routes.ts";
import { accountKey } from "../identity/account-key.ts";
import { authenticate } from "../identity/actors.ts";
import { stillGood } from "../identity/credentials.ts";
import { authenticateSession, DEFAULT_TERMS } from "../identity/sessions.ts";
import { totpCode } from "../identity/totp.ts";
import { ProcessLibrary } from "../storage/process-record.ts";
import type { Store } from "../storage/store.ts";

const ADMINISTRATOR: Actor = {
  userId: "00000000-0000-7000-8000-00000000000a",
  handle: "setup",
  roles: ["administrator"],
  teams: [],
  positions: [],
};

export interface Person {
  readonly handle: string;
  readonly password: string;
}

/** What a test sees of an answer. */
export interface Seen {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a document is looked into freely here.
  readonly body: any;
  readonly setCookie: string | null;
  readonly headers: Headers;
}

/** A server with people, sessions and everything about signing in, on a real store, whose clock the test moves. */
export class Accounts {
  readonly store: Store;
  readonly door: Door;
  readonly errors: unknown[] = [];
  url = "";
  #now = new Date();
  #close: () => Promise<void> = async () => {};

  constructor(store: Store) {
    this.store = store;
    this.door = new Door({ db: store.db, processes: new ProcessLibrary(), now: () => this.now });
  }

  get now(): Date {
    return this.#now;
  }

  /** Lets time pass. */
  pass({ seconds = 0, minutes = 0, hours = 0 }: { seconds?: number; minutes?: number; hours?: number }): void {
    this.#now = new Date(this.#now.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1000);
  }

  async start(options: Partial<HttpAppOptions> = {}): Promise<this> {
    const { db } = this.store;
    const key = accountKey("ab".repeat(32), "unused");
    if (!key.ok) throw new Error(key.refusal.message);
    const now = () => this.now;
    const app = await createHttpApp({
      handlers: {
        ...peopleRoutes({ db, door: this.door, signInAddress: (code) => `https://here.example/#sign-in=${code}` }),
        ...eventHandlers({ subscribe: silence, permitted: accept }),
        ...signInRoutes({ db, door: this.door, key: key.value, terms: DEFAULT_TERMS, now }),
      },
      authenticate: (token, ip) => authenticate(db, token, ip),
      authenticateSession: (secret, ip) => authenticateSession(db, secret, ip, { now: now(), terms: DEFAULT_TERMS }),
      streams: {
        stillGood: (credentials) =>
          stillGood(db, credentials, { now: now(), terms: DEFAULT_TERMS, permission: "change.read" }),
        lookMs: 20,
      },
      recordRefusal: (...refused) => this.door.recordRefusal(...refused),
      metrics: new Registry(),
      ready: async () => ({ ok: true, checks: {} }),
      version: "1.2.3",
      onError: (error) => this.errors.push(error),
      pages: false,
      limits: {
        perMinute: 10_000,
        exchangesPerMinute: 10_000,
        signInsPerMinute: 10_000,
        refusedTokensPerMinute: 10_000,
      },
      trustProxy: true,
      ...options,
    });
    this.url = await app.listen({ host: "127.0.0.1", port: 0 });
    this.#close = () => app.close();
    return this;
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** Adds somebody nobody else is, without a password. */
  async person(roles: Role[] = ["developer"], email?: string): Promise<string> {
    const handle = `p-${randomUUID()}`;
    const made = await this.door.execute(
      createUser,
      { handle, name: handle, roles, ...(email ? { email } : {}) },
      { actor: ADMINISTRATOR },
    );
    if (!made.ok) throw new Error(made.refusal.message);
    return handle;
  }

  /** Adds somebody who has a password, hashed with little work: a test is not about how long guessing would take. */
  async personWithPassword(roles: Role[] = ["developer"], email?: string): Promise<Person> {
    const handle = await this.person(roles, email);
    const password = `${randomUUID()} pässword`;
    const salt = randomBytes(16);
    const parts = ["scrypt", 1024, 8, 1, salt, scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 })];
    const hash = parts.map((part) => (Buffer.isBuffer(part) ? part.toString("base64url") : part)).join("$");
    await this.store.db.insertInto("passwords").values({ handle, hash, changed_at: this.now }).execute();
    return { handle, password };
  }

  /** The code of a one-time link. */
  async link(user: string, hours?: number): Promise<string> {
    const made = await this.door.execute(createLink, { user, ...(hours ? { hours } : {}) }, { actor: ADMINISTRATOR });
    if (!made.ok) throw new Error(made.refusal.message);
    return made.value.secret;
  }

  /** A browser on an address of its own, so that nobody waits for somebody else's failures. */
  browser(address: string = `2001:db8:${this.#hex()}:${this.#hex()}::1`): Browser {
    return new Browser(this, address);
  }

  #hex(): string {
    return randomUUID().slice(0, 4);
  }

  /** A browser in which somebody is signed in. */
  async signedIn({ handle, password }: Person): Promise<Browser> {
    const browser = this.browser();
    const answer = await browser.ask("POST", "/api/session", { login: handle, password });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return browser;
  }

  /** What an authenticator app shows. */
  code(secret: string): string {
    return totpCode(secret, Math.floor(this.now.getTime() / 30_000));
  }

  /** Enrols a second factor for whoever is signed in there. */
  async enrol(browser: Browser, password?: string): Promise<{ secret: string; recoveryCodes: string[] }> {
    const begun = await browser.ask("POST", "/api/factor", password === undefined ? {} : { password });
    if (begun.status !== 201) throw new Error(JSON.stringify(begun.body));
    const { secret } = begun.body;
    const confirmed = await browser.ask("POST", "/api/factor/confirm", { code: this.code(secret) });
    if (confirmed.status !== 200) throw new Error(JSON.stringify(confirmed.body));
    this.pass({ seconds: 30 });
    return { secret, recoveryCodes: confirmed.body.recoveryCodes };
  }

  /** Entries of the trail about somebody, oldest first. */
  async trail(
    handle: string,
  ): Promise<{ action: string; actor: string; outcome: string; details: Record<string, unknown> }[]> {
    const { rows } = await this.store.pool.query(
      `SELECT action, actor, entry FROM change_mgmt.audit_trail
       WHERE actor = $1 OR details ->> 'user' = $1 ORDER BY created_at, stream_seq`,
      [handle],
    );
    return rows.map(({ action, actor, entry }) => {
      const { outcome, details } = JSON.parse(entry);
      return { action, actor, outcome, details };
    });
  }
}

/** Events of a workspace in which nothing happens. */
// biome-ignore lint/correctness/useYield: it ends without having had anything to tell.
async function* silence({ signal }: { signal: AbortSignal }): AsyncGenerator<never> {
  if (!signal.aborted) await once(signal, "abort");
}

/** Sends what a browser on one of our own pages sends, and keeps the cookie. */
export class Browser {
  cookie: string | undefined;
  readonly #accounts: Accounts;
  readonly #address: string;

  constructor(accounts: Accounts, address: string) {
    this.#accounts = accounts;
    this.#address = address;
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Seen> {
    const response = await fetch(this.#accounts.url + path, {
      method,
      headers: {
        "x-forwarded-for": this.#address,
        "x-change-mgmt": "1",
        "sec-fetch-site": "same-origin",
        "user-agent": "Test/1.0",
        ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const setCookie = response.headers.get("set-cookie");
    if (setCookie !== null) {
      const pair = setCookie.split(";")[0]!;
      this.cookie = pair.endsWith("=") ? undefined : pair;
    }
    return { status: response.status, body: await response.json(), setCookie, headers: response.headers };
  }

  /** Another browser that has this one's cookie, as a thief would. */
  copy(): Browser {
    const copy = new Browser(this.#accounts, this.#address);
    copy.cookie = this.cookie;
    return copy;
  }
}
