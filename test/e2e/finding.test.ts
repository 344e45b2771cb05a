import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handwork, Road } from "../acceptance/testing/road.ts";
import { Place } from "./testing/place.ts";

let place: Place;
beforeAll(async () => {
  place = await Place.open();
  await Road.begin(place.people, { title: "Find me, please", artifacts: [handwork("found")] });
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

test("the palette says which of its entries is chosen, and goes there by keyboard alone", async () => {
  const visitor = await place.visit("dev");
  const { page } = visitor;
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to" });
  const box = palette.getByRole("combobox", { name: "A page, words of a change, something to do" });
  await box.waitFor();
  const chosen = async () => {
    const id = await box.getAttribute("aria-activedescendant");
    const option = palette.getByRole("option", { selected: true });
    expect(await option.getAttribute("id")).toBe(id);
    return await option.textContent();
  };
  await palette.getByRole("option", { name: /Find me, please/ }).waitFor();
  expect(await chosen()).toBe("Overview");
  await page.keyboard.press("ArrowDown");
  expect(await chosen()).toBe("Changes");
  await visitor.isAccessible();
  await visitor.lookFrom({ at: "phone", scheme: "dark" });
  await visitor.isAccessible();
  await visitor.lookFrom({ at: "desktop" });
  await page.keyboard.type("no such thing anywhere");
  await palette.getByText("Nothing is found by that.").waitFor();
  await box.fill("find me");
  await expect.poll(chosen).toContain("Find me, please");
  await page.keyboard.press("Enter");
  await palette.waitFor({ state: "hidden" });
  await page.getByRole("heading", { level: 1, name: "Find me, please" }).waitFor();
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
