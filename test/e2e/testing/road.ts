import type { Locator } from "playwright-core";
import type { Visitor } from "./visitor.ts";

/** What a requester writes into the form of a change that adds a field. */
export interface Wish {
  readonly title: string;
  readonly file: string;
  readonly up: string;
  readonly down: string;
  /** Something that people do after the migration, and how it is taken back. */
  readonly byHand?: { readonly name: string; readonly step: string; readonly undo: string };
}

/** A migration that gives the sample's users a column. */
export function wishFor(column: string): Wish {
  return {
    title: `Add ${column} to users`,
    file: `20261121_${column}.sql`,
    up: `ALTER TABLE users ADD COLUMN ${column} text;`,
    down: `ALTER TABLE users DROP COLUMN ${column};`,
  };
}

/** A visitor on the road of a change. What is pressed is found by role and name, and everything shown is waited for. */
export class Walker {
  readonly visitor: Visitor;

  constructor(visitor: Visitor) {
    this.visitor = visitor;
  }

  /** From the overview through the form; says the number that the change was given. */
  async makeChange(wish: Wish): Promise<string> {
    const { visitor } = this;
    const { page } = visitor;
    await visitor.press(page.getByRole("button", { name: "New change" }));
    await visitor.press(page.getByRole("link", { name: "Add a field" }));
    await page.getByRole("textbox", { name: "Title" }).fill(wish.title);
    await page.getByRole("textbox", { name: "Description" }).fill("Customers asked for it.");
    await this.#choose("Affected components", "data-layer");
    await page.getByRole("combobox", { name: "Affected tables" }).fill("users");
    await page.keyboard.press("Enter");
    await visitor.press(page.getByRole("button", { name: "Migration", exact: true }));
    const migration = page.getByRole("group", { name: /Migration/ });
    await migration.getByRole("textbox", { name: "File name" }).fill(wish.file);
    await migration.getByRole("textbox", { name: "What it does (up)" }).fill(wish.up);
    await migration.getByRole("textbox", { name: "The way back (down)" }).fill(wish.down);
    if (wish.byHand) await this.#addHandwork(wish.byHand);
    await visitor.press(page.getByRole("button", { name: "Create and submit" }));
    const heading = page.getByRole("heading", { level: 1, name: wish.title });
    await heading.waitFor();
    return /[A-Z]+-\d+/.exec((await heading.textContent())!)![0];
  }

  async #choose(field: string, option: string): Promise<void> {
    const { visitor } = this;
    await visitor.press(visitor.page.getByRole("combobox", { name: field }));
    await visitor.press(visitor.page.getByRole("option", { name: option }));
    await visitor.page.keyboard.press("Escape");
  }

  async #addHandwork({ name, step, undo }: NonNullable<Wish["byHand"]>): Promise<void> {
    const { visitor } = this;
    await visitor.press(visitor.page.getByRole("button", { name: "Manual steps", exact: true }));
    const handwork = visitor.page.getByRole("group", { name: /Manual steps/ });
    await handwork.getByRole("textbox", { name: "Name" }).fill(name);
    await handwork.getByRole("textbox", { name: "what is to be done" }).fill(step);
    await handwork.getByRole("textbox", { name: "how it is taken back" }).fill(undo);
  }

  /** Opens a change from what waits for the visitor on the overview. */
  async openWaiting(number: string): Promise<void> {
    const { visitor } = this;
    const waiting = visitor.page.getByRole("region", { name: "Waits for me" });
    await visitor.press(waiting.getByRole("link", { name: number }));
    await visitor.page.getByRole("heading", { level: 1, name: number }).waitFor();
  }

  async assess(impact: string): Promise<void> {
    const { visitor } = this;
    await visitor.press(visitor.page.getByRole("button", { name: "Write the impact analysis" }));
    const dialog = visitor.page.getByRole("dialog", { name: /^Impact analysis/ });
    await dialog.getByRole("textbox", { name: "What it touches" }).fill(impact);
    await visitor.press(dialog.getByRole("button", { name: "Save the analysis" }));
    await visitor.page.getByRole("region", { name: "Description" }).getByText(impact).waitFor();
  }

  /** Completes a step of the checklist as soon as it is due. */
  async complete(step: string, evidence: string): Promise<void> {
    const { visitor } = this;
    const checklist = visitor.page.getByRole("region", { name: "Checklist" });
    await visitor.press(checklist.getByRole("button", { name: `Complete: ${step}` }));
    const form = checklist.getByRole("form", { name: `Complete: ${step}` });
    await form.getByRole("textbox").fill(evidence);
    await visitor.press(form.getByRole("button", { name: "Complete" }));
    await form.waitFor({ state: "hidden" });
  }

  async approve(comment: string): Promise<void> {
    const { visitor } = this;
    await visitor.press(this.approvals.getByRole("button", { name: "Approve" }));
    const dialog = visitor.page.getByRole("dialog", { name: /^Approve/ });
    await dialog.getByRole("textbox", { name: "Comment" }).fill(comment);
    await visitor.press(dialog.getByRole("button", { name: "Approve" }));
    await dialog.waitFor({ state: "hidden" });
  }

  get approvals(): Locator {
    return this.visitor.page.getByRole("region", { name: "Approvals" });
  }

  /** The line of an environment on a change's page. */
  environment(name: string): Locator {
    const { page } = this.visitor;
    const lines = page.getByRole("region", { name: "Environments", exact: true }).getByRole("listitem");
    // A reason may name another environment, so the line is the one whose button is this environment's.
    return lines.filter({ has: page.getByRole("button", { name: `Deploy to ${name}`, exact: true }) });
  }

  /** Asks for a deployment, after the dialog has said what will run; the last environment's name is typed. */
  async deploy(name: string, typed?: string): Promise<void> {
    const { visitor } = this;
    await visitor.press(this.environment(name).getByRole("button", { name: `Deploy to ${name}` }));
    const dialog = visitor.page.getByRole("dialog", { name: `to ${name}` });
    await dialog.getByText("The gates are open.").waitFor();
    if (typed) await dialog.getByRole("textbox", { name: `Type ${typed} to confirm` }).fill(typed);
    await visitor.press(dialog.getByRole("button", { name: "Deploy", exact: true }));
    await dialog.waitFor({ state: "hidden" });
  }

  /** Asks for a rollback, saying why; the last environment's name is typed. */
  async rollBack(name: string, reason: string, typed?: string): Promise<void> {
    const { visitor } = this;
    await visitor.press(this.environment(name).getByRole("button", { name: `Roll back ${name}` }));
    const dialog = visitor.page.getByRole("dialog", { name: `back in ${name}` });
    await dialog.getByRole("textbox", { name: "Why" }).fill(reason);
    if (typed) await dialog.getByRole("textbox", { name: `Type ${typed} to confirm` }).fill(typed);
    await visitor.press(dialog.getByRole("button", { name: "Roll back", exact: true }));
    await dialog.waitFor({ state: "hidden" });
  }

  /** Says that the step of a deployment that waits for a person is done. */
  async signOff(): Promise<void> {
    const { visitor } = this;
    await visitor.press(visitor.page.getByRole("button", { name: "It is done" }));
  }

  /** The line of an environment says that it is so. */
  async environmentIs(name: string, state: "deployed" | "rolled back"): Promise<void> {
    await this.environment(name).getByText(state, { exact: true }).waitFor();
  }
}
