import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handwork, Road } from "../acceptance/testing/road.ts";
import { Place } from "./testing/place.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let place: Place;
let folder: string;

beforeAll(async () => {
  place = await Place.open();
  folder = mkdtempSync(join(tmpdir(), "change-mgmt-files-"));
});
afterAll(async () => {
  await place?.close();
  rmSync(folder, { recursive: true, force: true });
});

const section = (page: Page) => page.getByRole("region", { name: "Attachments" });
const aFile = (name: string, content: string | Buffer = `${randomUUID()}\n`) => ({
  name,
  mimeType: "",
  buffer: Buffer.from(content as string),
});
const begin = async () => (await Road.begin(place.people, { artifacts: [handwork("look")] })).number;

async function choose(page: Page, button: string, ...files: ReturnType<typeof aFile>[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button }).click();
  await (await chooser).setFiles(files);
}

test.each([
  ["desktop", "light"],
  ["phone", "dark"],
] as const)("files are attached, looked at, saved and removed (%s, %s)", async (at, scheme) => {
  const number = await begin();
  const visitor = await place.visit("dev", `/changes/${number}`, { at, scheme });
  const { page } = visitor;
  await section(page).getByText("No files yet").waitFor();
  await section(page).getByText("at most 10 MB each").waitFor();
  await choose(page, "Attach files", aFile("junit.xml", "<testsuites/>"), aFile("shot.png", PNG));
  const report = section(page).getByRole("listitem").filter({ hasText: "junit.xml" });
  await report.getByText("13 bytes, application/xml").waitFor();
  const saved = page.waitForEvent("download");
  await report.getByRole("link", { name: "Download junit.xml" }).click();
  expect(readFileSync(await (await saved).path(), "utf8")).toBe("<testsuites/>");

  await section(page).getByRole("button", { name: "Show shot.png" }).click();
  const large = page.getByRole("dialog").getByRole("img", { name: "shot.png" });
  await large.waitFor();
  await expect
    .poll(() => large.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBe(1);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await visitor.isAccessible();

  await report.getByRole("button", { name: "Remove junit.xml" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await section(page).getByText("1 removed").waitFor();
  const timeline = page.getByRole("region", { name: "Timeline" });
  await timeline.getByText("attached shot.png").waitFor();
  await timeline.getByText("removed the attachment junit.xml").waitFor();
});

test("what may not be attached is refused in words, and what can be goes through beside it", async () => {
  const number = await begin();
  const visitor = await place.visit("dev", `/changes/${number}`);
  const { page } = visitor;
  visitor.foresee(/status of 415/);
  writeFileSync(join(folder, "large.log"), Buffer.alloc(10_000_001, "x"));
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  writeFileSync(join(folder, "page.png"), "<!doctype html>");
  writeFileSync(join(folder, "fine.log"), `${number}\n`);
  await (await chooser).setFiles(["large.log", "page.png", "fine.log"].map((name) => join(folder, name)));
  await section(page).getByText('"large.log" is larger than 10 MB.').waitFor();
  await section(page).getByText('"page.png" may not be attached').waitFor();
  await section(page).getByRole("link", { name: "Download fine.log" }).waitFor();
  await visitor.isAccessible();
});

test("by drag and drop, live for somebody else", async () => {
  const number = await begin();
  const lena = await place.visit("lena", `/changes/${number}`);
  const { page } = await place.visit("dev", `/changes/${number}`);
  await section(lena.page).getByText("No files yet").waitFor();
  const files = await page.evaluateHandle(
    "(() => { const transfer = new DataTransfer(); transfer.items.add(new File(['dropped'], 'dropped.txt')); return transfer; })()",
  );
  const zone = section(page).locator(".drop");
  await zone.dispatchEvent("dragenter", { dataTransfer: files });
  await zone.dispatchEvent("drop", { dataTransfer: files });
  await section(page).getByRole("link", { name: "Download dropped.txt" }).waitFor();
  await section(lena.page).getByRole("link", { name: "Download dropped.txt" }).waitFor();
});

test("a step is completed with a file chosen in place; it is then evidence and stays", async () => {
  const number = await begin();
  const { dev } = place.people;
  await dev.ask("changes.assess", { params: { id: number }, body: { impact: "None." } });
  const visitor = await place.visit("dev", `/changes/${number}`);
  const { page } = visitor;
  const checklist = page.getByRole("region", { name: "Checklist" });
  await checklist
    .getByRole("button", { name: /^Complete: / })
    .first()
    .click();
  const form = checklist.getByRole("form");
  await form.getByLabel(/Note/).fill("Walked through.");
  const chooser = page.waitForEvent("filechooser");
  await form.getByRole("button", { name: "Add files" }).click();
  await (await chooser).setFiles([aFile("plan.md", "# Plan\n")]);
  expect(await form.getByRole("checkbox", { name: /^plan.md/ }).isChecked()).toBe(true);
  await visitor.isAccessible();
  await form.getByRole("button", { name: "Complete", exact: true }).click();
  await section(page)
    .getByText(/, evidence of "/)
    .waitFor();
  const { items } = await dev.ask("changes.attachments", { params: { id: number } });
  expect(items).toMatchObject([{ name: "plan.md", steps: [expect.any(String)] }]);
  const remove = section(page).getByRole("button", { name: "Remove plan.md" });
  expect(await remove.getAttribute("aria-disabled")).toBe("true");
  await remove.focus();
  await page.getByRole("tooltip").getByText("is evidence of the completed step").waitFor();
});

test("a comment has a file beside it", async () => {
  const number = await begin();
  const { page } = await place.visit("lena", `/changes/${number}`);
  const timeline = page.getByRole("region", { name: "Timeline" });
  await timeline.getByLabel("Comment").fill("This is what I saw.");
  await timeline.getByRole("button", { name: "With files" }).click();
  const chooser = page.waitForEvent("filechooser");
  await timeline.getByRole("button", { name: "Add files" }).click();
  await (await chooser).setFiles([aFile("shot.png", PNG)]);
  await timeline.getByRole("checkbox", { name: /^shot.png/, checked: true }).waitFor();
  await timeline.getByRole("button", { name: "Comment", exact: true }).click();
  const said = timeline.getByRole("listitem").filter({ hasText: "This is what I saw." });
  await said.getByRole("link", { name: "Download shot.png" }).waitFor();
});

test("who may not attach reads why, and may still save what is there", async () => {
  const number = await begin();
  await place.people.dev.ask("changes.attach", {
    params: { id: number },
    query: { name: "run.log" },
    body: new Uint8Array(Buffer.from("fine\n")),
  });
  const { page } = await place.visit("audrey", `/changes/${number}`);
  await section(page).locator(".act-reason", { hasText: "audrey may not attach files to changes." }).waitFor();
  await section(page).getByRole("link", { name: "Download run.log" }).waitFor();
});
