import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Place } from "./testing/place.ts";

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place?.close());

const choose = (page: Page, name: string, text: string) =>
  page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

test("an empty template is saved, filled in, and fills in the form; a mistake in it is shown with its line", async () => {
  const { page } = await place.visit("rosa", "/changes/new?process=itil");
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Empty template" }).click();
  const template = readFileSync(await (await saving).path(), "utf8");
  const filled = template
    .replace("## Change Request Template", "## Retire the old queue")
    .replace("[Standard|Normal|Emergency]", "Standard")
    .replace("[Low|Medium|High|Critical]", "Hihg")
    .replace("Brief description of the change", "Nothing is sent to it any more.");
  await choose(page, "queue.md", filled);
  const alert = page.getByRole("alert");
  await alert.getByText("One thing in queue.md could not be understood").waitFor();
  const line = filled.split("\n").findIndex((one) => one.includes("Hihg")) + 1;
  expect(await alert.textContent()).toContain(`line ${line}:1`);
  await choose(page, "queue.md", filled.replace("Hihg", "High"));
  await page.getByRole("button", { name: "Fill in the form", exact: true }).click();
  const title = page.getByRole("textbox", { name: "Title" });
  await title.waitFor();
  expect(await title.inputValue()).toBe("Retire the old queue");
  expect(await page.getByRole("textbox", { name: "Summary" }).inputValue()).toBe("Nothing is sent to it any more.");
  await page.getByRole("button", { name: "Create as draft" }).click();
  await page.getByRole("heading", { name: /Retire the old queue/ }).waitFor();
  const again = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as a file" }).click();
  expect(readFileSync(await (await again).path(), "utf8")).toContain("## Retire the old queue\n");
});

test("a table becomes drafts, one of each row, and none while a row has a mistake", async () => {
  const { page } = await place.visit("rosa", "/changes/new?process=itil");
  await choose(
    page,
    "backlog.csv",
    "title,type,components\nFirst of two,standard,data-layer\nSecond of two,nromal,api\n",
  );
  await page.getByText("line 3:2").waitFor();
  expect(await page.getByRole("button", { name: "Make 2 drafts" }).isDisabled()).toBe(true);
  await choose(
    page,
    "backlog.csv",
    "title,type,components\nFirst of two,standard,data-layer\nSecond of two,normal,web-app\n",
  );
  await page.getByRole("button", { name: "Make 2 drafts" }).click();
  await page.getByText("2 of 2 drafts are made.").waitFor();
  await page.getByRole("link", { name: /Second of two/ }).click();
  await page.getByRole("heading", { name: /Second of two/ }).waitFor();
});
