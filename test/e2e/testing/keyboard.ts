import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Visitor } from "./visitor.ts";

type Role = Parameters<Page["getByRole"]>[0];
type Name = string | RegExp;

/** A part of the page in which something is looked for, as a screen reader names it. */
export interface Within {
  readonly role: Role;
  readonly name: Name;
}

const FAR = 200;
const PATIENCE = { timeout: 30_000, interval: 50 };
/** Runs in the page. */
const HAS_FOCUS = "document.activeElement !== null && document.activeElement !== document.body";

/**
 * Somebody with a keyboard and no other way in: there is no mouse to be called here. Whatever is reached is seen to have the
 * focus, visibly and not under something else, and no key leaves the focus nowhere.
 */
export class Keyboard {
  readonly #page: Page;

  constructor({ page }: Visitor) {
    this.#page = page;
  }

  /** Presses keys one after the other: `press("g", "c")`, `press("Control+k")`. Afterwards something has the focus. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
    await expect.poll(() => this.#page.evaluate<boolean>(HAS_FOCUS), PATIENCE).toBe(true);
  }

  /** Writes at the focus. */
  async write(text: string): Promise<void> {
    await this.#page.keyboard.insertText(text);
  }

  /** Goes to a control with Tab, or with Shift and Tab where that is shorter, and sees that it shows the focus. */
  async to(role: Role, name: Name, within?: Within): Promise<void> {
    const target = this.#find(role, name, within);
    await target.waitFor();
    const before = (await hasFocus(target)) ? undefined : await target.evaluate(IN_PAGE.look);
    for (let presses = 0; !(await hasFocus(target)); presses++) {
      expect(presses, `presses of Tab on the way to ${role} ${name}`).toBeLessThan(FAR);
      await this.#page.keyboard.press((await target.evaluate(IN_PAGE.isBefore)) ? "Shift+Tab" : "Tab");
    }
    await expectVisibleFocus(target, `${role} ${name}`);
    const message = `look of ${role} ${name} with the focus`;
    if (before) await expect.poll(() => target.evaluate(IN_PAGE.look), { ...PATIENCE, message }).not.toBe(before);
  }

  /** Goes to a control, waits until it may be used, and does what Enter does there. */
  async enter(role: Role, name: Name, within?: Within): Promise<void> {
    await this.to(role, name, within);
    const message = `${role} ${name} may be used`;
    await expect.poll(() => this.#find(role, name, within).isEnabled(), { ...PATIENCE, message }).toBe(true);
    await this.press("Enter");
  }

  /** Goes to a field and writes into it. */
  async fill(role: Role, name: Name, text: string, within?: Within): Promise<void> {
    await this.to(role, name, within);
    await this.write(text);
  }

  /** Something is there to be read. */
  async sees(role: Role, name: Name, within?: Within): Promise<void> {
    await this.#find(role, name, within).waitFor();
  }

  async reads(text: Name, within?: Within): Promise<void> {
    await (within ? this.#find(within.role, within.name) : this.#page).getByText(text).first().waitFor();
  }

  /** One line of a list says so. */
  async lineReads(line: Name, text: string): Promise<void> {
    await this.#page.getByRole("listitem").filter({ hasText: line }).getByText(text, { exact: true }).first().waitFor();
  }

  /** A dialog or form is gone again. */
  async isGone(role: Role, name: Name): Promise<void> {
    await this.#find(role, name).waitFor({ state: "hidden" });
  }

  /** What has the focus is this. */
  async isAt(role: Role, name: Name, within?: Within): Promise<void> {
    const target = this.#find(role, name, within);
    await expect.poll(async () => (await target.isVisible()) && (await hasFocus(target)), PATIENCE).toBe(true);
    await expectVisibleFocus(target, `${role} ${name}`);
  }

  #find(role: Role, name: Name, within?: Within): Locator {
    const root = within ? this.#page.getByRole(within.role, named(within.name)) : this.#page;
    return root.getByRole(role, named(name));
  }
}

/** A text is the whole name: "Changes" is not "Changes by stage". */
function named(name: Name) {
  return typeof name === "string" ? { name, exact: true } : { name };
}

/** Functions that run in the page, where the element is; made from text, as the types of a browser are not known here. */
const IN_PAGE = {
  hasFocus: inPage<boolean>("return element === document.activeElement"),
  isBefore: inPage<boolean>(`const { activeElement: at } = document;
    return at !== document.body && (at.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING) !== 0`),
  /** What tells by its drawing whether it has the focus: its own outline, border and ground, and those of what it stands in. */
  look: inPage<string>(`const looks = [];
    for (let one = element; one && looks.length < 4; one = one.parentElement) {
      const { outline, borderColor, boxShadow, backgroundColor } = getComputedStyle(one);
      looks.push([outline, borderColor, boxShadow, backgroundColor].join(" "));
    }
    return looks.join()`),
  /** Whether it is inside the window, nothing lies on it, and the browser would show its focus. */
  seen: inPage<
    Record<string, boolean>
  >(`const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    const inside = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
    const x = Math.min(Math.max(left + width / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max(top + Math.min(height / 2, 20), 1), innerHeight - 1);
    const on = document.elementFromPoint(x, y);
    const free = on !== null && (element.contains(on) || on.contains(element) || on.closest("label")?.control === element);
    return { inside, free, visible: element.matches(":focus-visible") }`),
};

function inPage<T>(body: string): (element: unknown) => T {
  return new Function("element", body) as (element: unknown) => T;
}

async function hasFocus(target: Locator): Promise<boolean> {
  return await target.evaluate(IN_PAGE.hasFocus);
}

async function expectVisibleFocus(target: Locator, what: string): Promise<void> {
  await expect
    .poll(() => target.evaluate(IN_PAGE.seen), { ...PATIENCE, message: `the focus of ${what}` })
    .toEqual({ inside: true, free: true, visible: true });
}
