import { afterAll, beforeAll, test } from "vitest";
import { Keyboard, type Within } from "./testing/keyboard.ts";
import { Place } from "./testing/place.ts";
import { wishFor } from "./testing/road.ts";

const WISH = wishFor("pronouns");

let place: Place;
/** The change that these tests bring down the road, one after the other. */
const number = "CHG-1";
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place?.close());

const keyboardOf = async (handle: string, path?: string) => new Keyboard(await place.visit(handle, path));
const dialog = (name: RegExp): Within => ({ role: "dialog", name });
const part = (name: string): Within => ({ role: "region", name });

/** Completes a step of the checklist: Enter opens its form with the focus in it, and leaves the focus in the checklist afterwards. */
async function complete(keys: Keyboard, step: string, evidence: string): Promise<void> {
  const form: Within = { role: "form", name: `Complete: ${step}` };
  await keys.enter("button", `Complete: ${step}`, part("Checklist"));
  await keys.isAt("textbox", /Note|Link/, form);
  await keys.write(evidence);
  await keys.enter("button", "Complete", form);
  await keys.isGone("form", `Complete: ${step}`);
  await keys.isAt("region", "Checklist");
}

test("rosa makes a change from the form and submits it", async () => {
  const rosa = await keyboardOf("rosa");
  await rosa.enter("button", "New change");
  await rosa.enter("link", /^Add a field/);
  await rosa.fill("textbox", "Title", WISH.title);
  await rosa.fill("textbox", "Description", "Customers asked for it.");
  await rosa.fill("combobox", "Affected components", "data-l");
  await rosa.press("ArrowDown", "Enter");
  await rosa.press("Escape");
  await rosa.fill("combobox", "Affected tables", "users");
  await rosa.press("Enter");
  await rosa.enter("button", "Migration");
  await rosa.fill("textbox", "File name", WISH.file);
  await rosa.fill("textbox", "What it does (up)", WISH.up);
  await rosa.fill("textbox", "The way back (down)", WISH.down);
  await rosa.enter("button", "Create and submit");
  await rosa.sees("heading", `${WISH.title} ${number}`);
  await rosa.reads("Impact analysis, now");
});

test("dev finds it with j and Enter in the list, assesses it and does its steps", async () => {
  const dev = await keyboardOf("dev");
  await dev.to("link", "change-mgmt");
  await dev.press("g", "c");
  await dev.sees("link", new RegExp(WISH.title), part("Changes"));
  await dev.press("j", "k");
  await dev.isAt("link", new RegExp(WISH.title), part("Changes"));
  await dev.press("Enter");
  await dev.sees("heading", `${WISH.title} ${number}`);
  await dev.enter("button", "Write the impact analysis");
  await dev.isAt("textbox", /What it touches/);
  await dev.write("One column more; nobody reads differently.");
  await dev.enter("button", "Save the analysis", dialog(/Impact analysis/));
  await dev.isGone("dialog", /Impact analysis/);
  await dev.press("Tab");
  await complete(dev, "Generate templates", "None are needed.");
  await complete(dev, "Create migration files", "It is in the change.");
  await complete(dev, "Implement repository methods", "Both repositories know the column.");
  await complete(dev, "Run the automated tests", "214 passed.");
  await complete(dev, "Code review", "https://git.example/shop/pull/43");
});

test("lena opens it from the palette and approves it there", async () => {
  const lena = await keyboardOf("lena");
  await lena.press("Control+k");
  await lena.isAt("combobox", /^A page/);
  await lena.write(WISH.title);
  await lena.sees("option", new RegExp(`^${number} ${WISH.title}`));
  await lena.press("Enter");
  await lena.sees("heading", `${WISH.title} ${number}`);
  await lena.press("Control+k");
  await lena.isAt("combobox", /^A page/);
  await lena.write("Approve");
  await lena.sees("option", new RegExp(`^Approve · ${number}`));
  await lena.press("Enter");
  await lena.isAt("button", "Approve", dialog(/^Approve/));
  await lena.press("Enter");
  await lena.isGone("dialog", /^Approve/);
  await lena.press("Tab");
  await lena.reads("given by lena", part("Approvals"));
});

test("olga deploys it as far as production and takes it back there", async () => {
  const olga = await keyboardOf("olga");
  await olga.enter("link", new RegExp(number), part("Waits for me"));
  for (const environment of ["development", "staging"]) {
    await olga.enter("button", `Deploy to ${environment}`, part("Environments"));
    await olga.reads("The gates are open.");
    await olga.enter("button", "Deploy", dialog(/^Deploy/));
    await olga.isGone("dialog", /^Deploy/);
    await olga.lineReads(environment, "deployed");
  }
  await complete(olga, "Run integration tests on staging", "31 passed.");
  await olga.enter("button", "Deploy to production", part("Environments"));
  await olga.isAt("textbox", "Type production to confirm");
  await olga.reads("The gates are open.");
  await olga.write("production");
  await olga.press("Enter");
  await olga.isGone("dialog", /^Deploy/);
  await olga.lineReads("production", "deployed");
  await olga.enter("button", "Roll back production", part("Environments"));
  await olga.fill("textbox", "Why", "Errors went up.");
  await olga.fill("textbox", "Type production to confirm", "production");
  await olga.press("Enter");
  await olga.isGone("dialog", /^Roll/);
  await olga.lineReads("production", "rolled back");
});
