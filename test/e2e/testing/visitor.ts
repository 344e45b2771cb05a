import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect } from "vitest";

export interface VisitorOptions {
  /** Desktop unless said otherwise. */
  readonly at?: "desktop" | "phone";
  readonly scheme?: "light" | "dark";
  /** Cookies and storage of an earlier visit. */
  readonly state?: BrowserContextOptions["storageState"];
}

const SIZES: Record<NonNullable<VisitorOptions["at"]>, BrowserContextOptions> = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};
/** What counts as a page that stays still: Google's "good" for cumulative layout shift is 0.1. */
const STILL = 0.1;
/** Runs in the page: adds up what moved there without anybody having touched it. */
const WATCH_LAYOUT = `globalThis.layoutShift = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.layoutShift += value;
}).observe({ type: "layout-shift", buffered: true });`;
const PATIENCE_MS = 60_000;

/** Somebody at a browser: a window of their own with its own cookies, whose console is listened to. */
export class Visitor {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #touches: boolean;
  #presses = 0;
  readonly #errors: string[] = [];
  readonly #foreseen: RegExp[] = [];

  private constructor(context: BrowserContext, page: Page, touches: boolean) {
    this.#context = context;
    this.page = page;
    this.#touches = touches;
    page.on("console", (message) => {
      if (message.type() === "error") this.#errors.push(`${message.text()} ${message.location().url}`.trim());
    });
    page.on("pageerror", (error) => this.#errors.push(String(error)));
  }

  static async arrive(
    browser: Browser,
    address: string,
    { at = "desktop", scheme = "light", state }: VisitorOptions,
  ): Promise<Visitor> {
    const context = await browser.newContext({
      ...SIZES[at],
      baseURL: address,
      colorScheme: scheme,
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
      ...(state ? { storageState: state } : {}),
    });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(WATCH_LAYOUT);
    return new Visitor(context, await context.newPage(), at === "phone");
  }

  /** Opens a one-time link's `#sign-in=…` on a page and waits until its person is in. */
  async signIn(hash: string, path: string): Promise<void> {
    await this.page.goto(`${path}${hash}`);
    await this.page.getByRole("button", { name: /^You:/ }).waitFor();
  }

  async go(path: string): Promise<void> {
    await this.page.goto(path);
  }

  /** Clicks, or on a phone taps. */
  async press(target: Locator): Promise<void> {
    await (this.#touches ? target.tap() : target.click());
    this.#presses++;
  }

  /** How often the visitor has pressed something so far. */
  get presses(): number {
    return this.#presses;
  }

  /** Goes on as a link of the app does, without loading anything anew. */
  async goOn(path: string): Promise<void> {
    await this.page.evaluate(`history.pushState(null, "", ${JSON.stringify(path)})`);
  }

  /** Lets requests wait on their way to the server until the function returned is called; what it answers then is its own. */
  async holdBack(which: (address: URL) => boolean): Promise<() => void> {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    await this.page.route(which, async (route) => {
      await gate;
      await route.continue().catch((error: Error) => {
        // The page took its question back meanwhile.
        if (!/already handled|closed|canceled/i.test(error.message)) throw error;
      });
    });
    return open;
  }

  /** Looks at the same page from a window of another size, or in another scheme. */
  async lookFrom({ at, scheme }: Pick<VisitorOptions, "at" | "scheme">): Promise<void> {
    if (at) await this.page.setViewportSize(SIZES[at].viewport!);
    if (scheme) await this.page.emulateMedia({ colorScheme: scheme });
  }

  /** Cookies and storage, to come back with. */
  async state() {
    return await this.#context.storageState();
  }

  /** An error of the console that the test brings about on purpose. */
  foresee(...errors: readonly RegExp[]): void {
    this.#foreseen.push(...errors);
  }

  /** The console's errors so far, but those foreseen. */
  get errors(): readonly string[] {
    return this.#errors.filter((error) => !this.#foreseen.some((pattern) => pattern.test(error)));
  }

  /** Nothing jumped on this page since it was opened, but after what the visitor did. */
  async staysStill(): Promise<void> {
    const shift = await this.page.evaluate<number>("globalThis.layoutShift");
    expect(shift, `layout shift of ${this.page.url()}`).toBeLessThan(STILL);
  }

  /** The page can be used by everybody, as far as axe can tell, and nothing is wider than the window. */
  async isAccessible(): Promise<void> {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    const told = violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}\n${node.failureSummary}`),
    );
    expect(told, `axe on ${this.page.url()}`).toEqual([]);
    const [wide, window] = await this.page.evaluate<[number, number]>(
      "[document.documentElement.scrollWidth, innerWidth]",
    );
    expect(wide, `width of ${this.page.url()}`).toBeLessThanOrEqual(window);
  }

  /** The page as an assistive program would read it out, for whoever has to find out why a test failed. */
  async whatIsSeen(): Promise<string> {
    const focus = await this.page.evaluate<string>("document.activeElement?.outerHTML.slice(0, 300)");
    const read = await this.page.locator("body").ariaSnapshot({ timeout: 5000 });
    return `${this.page.url()}\nfocus: ${focus}\n${read}`;
  }

  /** Ends the visit; the console must have stayed free of errors that were not foreseen. */
  async leave(): Promise<void> {
    const { errors } = this;
    await this.#context.close();
    expect(errors, "errors in the browser's console").toEqual([]);
  }
}
