import { existsSync } from "node:fs";
import { join } from "node:path";
import { type RunningServer, startServer } from "@change-mgmt/server/main.ts";
import type { Store } from "@change-mgmt/server/storage/store.ts";
import { openedStore } from "@change-mgmt/server/testing/stores.ts";
import { type Browser, chromium } from "playwright-core";
import { onTestFinished } from "vitest";
import { dataFolder, ROOT } from "../../acceptance/testing/folder.ts";
import { clientOf, newAdminToken, type People, signIn } from "../../acceptance/testing/people.ts";
import { findChromium } from "./chromium.ts";
import { Visitor, type VisitorOptions } from "./visitor.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A Chromium, for visits to whatever server there is. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: findChromium()!, args: FLAGS });
}

/** A real server with the sample's people on embedded databases, and a real browser to visit it with. */
export class Place {
  readonly #folder: ReturnType<typeof dataFolder>;
  readonly #adminToken: string;
  readonly #browser: Browser;
  #server: RunningServer;
  /** Sessions of who was here before, as few sign-ins a minute are allowed from one address. */
  readonly #visited = new Map<string, Awaited<ReturnType<Visitor["state"]>>>();
  /** The same people by the typed client, to bring a change somewhere or to look at it from outside. */
  readonly people: People;

  private constructor(
    start: { folder: ReturnType<typeof dataFolder>; adminToken: string; server: RunningServer },
    browser: Browser,
    people: People,
  ) {
    this.#folder = start.folder;
    this.#adminToken = start.adminToken;
    this.#server = start.server;
    this.#browser = browser;
    this.people = people;
  }

  /** Starts both; `close` ends them. One for a file, in `beforeAll`. */
  static async open(): Promise<Place> {
    return await Place.#start(true);
  }

  /** The same without the sample: no configuration, nobody but the administrator. */
  static async openEmpty(): Promise<Place> {
    return await Place.#start(false);
  }

  static async #start(demo: boolean): Promise<Place> {
    if (!existsSync(join(ROOT, "packages/web/dist/index.html")))
      throw new Error("The pages are not built: run npm test, or npm start once.");
    const folder = dataFolder();
    const adminToken = newAdminToken();
    const server = await begin(0, folder.path, adminToken, demo);
    const browser = await openBrowser();
    const people = await signIn(server.address, adminToken, demo ? undefined : ["admin"]);
    return new Place({ folder, adminToken, server }, browser, people);
  }

  get address(): string {
    return this.#server.address;
  }

  /** Somebody of the sample at a browser of their own, signed in, looking at `path`. Leaves at the end of the test, which fails if the console had an error. */
  async visit(handle: string, path = "/", options: VisitorOptions = {}): Promise<Visitor> {
    const state = this.#visited.get(handle);
    const visitor = await this.arrive(state ? { ...options, state } : options);
    if (state) await visitor.go(path);
    else {
      await visitor.signIn(await this.link(handle), path);
      this.#visited.set(handle, await visitor.state());
    }
    return visitor;
  }

  /** The `#sign-in=…` of a new one-time link. */
  async link(handle: string): Promise<string> {
    const { url } = await clientOf(this.address, this.#adminToken)("links.create", { body: { user: handle } });
    return new URL(url).hash;
  }

  /** Somebody at a browser of their own who has not signed in. */
  async arrive(options: VisitorOptions = {}): Promise<Visitor> {
    const visitor = await Visitor.arrive(this.#browser, this.address, options);
    onTestFinished(async ({ task }) => {
      // Before the window is closed: what was to be seen in it tells why.
      if (task.result?.state === "fail") process.stdout.write(`\n${await visitor.whatIsSeen()}\n`);
      await visitor.leave();
    });
    return visitor;
  }

  /** Ends the server in order, as when it is upgraded. */
  async goDown(): Promise<void> {
    await this.#server.close();
  }

  /** Starts it again on the same port and folder. */
  async comeBack(): Promise<void> {
    const port = Number(new URL(this.address).port);
    this.#server = await begin(port, this.#folder.path, this.#adminToken, false);
  }

  /** Ends it, lets `work` at its store, and starts it again: for what an earlier version of the product would have left there. */
  async between(work: (store: Store) => Promise<void>): Promise<void> {
    await this.goDown();
    const store = await openedStore({ dataDir: this.#folder.path, owner: "a test" });
    try {
      await work(store);
    } finally {
      await store.close();
    }
    await this.comeBack();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    this.#folder.remove();
  }
}

async function begin(port: number, dataDir: string, adminToken: string, demo: boolean): Promise<RunningServer> {
  const started = await startServer({
    dataDir,
    env: {},
    say: () => {},
    host: "127.0.0.1",
    port,
    demo,
    adminToken,
  });
  if (!started.ok) throw new Error(started.refusal.message);
  return started.value;
}
