import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handwork, Road } from "../acceptance/testing/road.ts";
import { Place } from "./testing/place.ts";

let place: Place;
let road: Road;
beforeAll(async () => {
  place = await Place.open();
  road = await Road.begin(place.people, { title: "Find me, please", artifacts: [handwork("found")] });
  const fields = { type: "add-field", title: "A draft, aside" };
  await place.people.dev.ask("changes.create", { body: { fields } });
});
afterAll(() => place?.close());

test("keys go to pages and through the list, the help names them, and none acts while somebody writes", async () => {
  const visitor = await place.visit("dev");
  const { page } = visitor;
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await help.getByText("Go to Changes").waitFor();
  await visitor.isAccessible();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });
  for (const [key, title] of [
    ["e", "Environments"],
    ["u", "People"],
    ["s", "Settings"],
    ["c", "Changes"],
  ] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
  }
  await page.getByRole("link", { name: "Find me, please" }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Find me, please" }).waitFor();
  await page.getByRole("textbox", { name: "Comment" }).pressSequentially("go? g c");
  expect(await page.getByRole("textbox", { name: "Comment" }).inputValue()).toBe("go? g c");
  await page.getByRole("heading", { level: 1, name: "Find me, please" }).waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
});

test("filters stand in the address, which opens the same list elsewhere, and back undoes going on", async () => {
  const { page } = await place.visit("dev", "/changes");
  await page.getByRole("link", { name: "A draft, aside" }).waitFor();
  await page.getByRole("combobox", { name: "Requester" }).click();
  await page.getByRole("option", { name: /rosa/ }).click();
  await page.getByRole("link", { name: "A draft, aside" }).waitFor({ state: "hidden" });
  const address = new URL(page.url());
  expect(address.searchParams.get("requester")).toBe("rosa");

  const another = await place.visit("lena", `${address.pathname}${address.search}`);
  await another.page.getByRole("link", { name: "Find me, please" }).waitFor();
  expect(await another.page.getByRole("link", { name: "A draft, aside" }).count()).toBe(0);

  await page.getByRole("link", { name: "Find me, please" }).click();
  await page.getByRole("heading", { level: 1, name: "Find me, please" }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "Changes" }).waitFor();
  expect(page.url()).toBe(address.href);
  await page.getByRole("link", { name: "Find me, please" }).waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("link", { name: "A draft, aside" }).waitFor();
});

test("what is shown of the list is saved as CSV", async () => {
  const { page } = await place.visit("dev", "/changes");
  await page.getByRole("link", { name: "Find me, please" }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("changes.csv");
  const [head, ...lines] = (await readFile(await download.path(), "utf8")).trim().split(/\r?\n/);
  expect(head).toContain("Title");
  expect(lines).toHaveLength(2);
  expect(lines.join("\n")).toContain('"Find me, please"');
});

test("what was written and not sent is there again after a reload, until it is sent or thrown away", async () => {
  const { page } = await place.visit("dev", "/changes/new?process=data-layer&type=add-field");
  const title = page.getByRole("textbox", { name: "Title" });
  await title.fill("Written by half");
  await page.getByText("What you write is kept in this browser.").waitFor();
  await page.reload();
  await page.getByText(/Restored what you wrote/).waitFor();
  expect(await title.inputValue()).toBe("Written by half");
  await page.getByRole("button", { name: "Throw it away and start anew" }).click();
  expect(await title.inputValue()).toBe("");
  await page.reload();
  await title.waitFor();
  expect(await title.inputValue()).toBe("");

  await page.goto(`/changes/${road.number}`);
  const comment = page.getByRole("textbox", { name: "Comment" });
  await comment.fill("A thought, unsent");
  await page.reload();
  await comment.waitFor();
  expect(await comment.inputValue()).toBe("A thought, unsent");
  await comment.press("Control+Enter");
  await page.getByRole("region", { name: "Timeline" }).getByRole("listitem").getByText("A thought, unsent").waitFor();
  await page.reload();
  await comment.waitFor();
  expect(await comment.inputValue()).toBe("");
});

test("a dialog takes the focus, Escape closes it with nothing done, and the focus is back at its button", async () => {
  const visitor = await place.visit("dev", `/changes/${road.number}`);
  const { page } = visitor;
  const button = page.getByRole("main").getByRole("button", { name: "Write the impact analysis" });
  await button.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: /Impact analysis/ });
  const field = dialog.getByRole("textbox", { name: "What it touches, and what may break" });
  await expect.poll(() => field.evaluate("(field) => field === document.activeElement")).toBe(true);
  await page.keyboard.type("Not meant to be saved.");
  await visitor.isAccessible();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await expect.poll(() => button.evaluate("(button) => button === document.activeElement")).toBe(true);
  expect((await road.now()).assessment).toBeNull();
});
