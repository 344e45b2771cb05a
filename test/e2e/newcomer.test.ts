import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { dataFolder, ROOT } from "../acceptance/testing/folder.ts";
import { openBrowser } from "./testing/place.ts";
import { Visitor } from "./testing/visitor.ts";

let ended: () => Promise<void>;
let browser: Browser;
let link: string;

beforeAll(async () => {
  const folder = dataFolder();
  const server = spawn(
    process.execPath,
    [join(ROOT, "packages/cli/src/main.ts"), "serve", "--port=0", `--data-dir=${folder.path}`],
    { env: { PATH: process.env.PATH, HOME: "/nonexistent" }, stdio: ["ignore", "pipe", "inherit"] },
  );
  ended = async () => {
    const over = once(server, "exit");
    server.kill("SIGTERM");
    await over;
    folder.remove();
  };
  for await (const line of createInterface({ input: server.stdout })) {
    const found = /https?:\S+#sign-in=\S+/.exec(line);
    if (!found) continue;
    link = found[0];
    break;
  }
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await ended?.();
});

async function arrive(): Promise<Visitor> {
  const visitor = await Visitor.arrive(browser, new URL(link).origin, {});
  onTestFinished(() => visitor.leave());
  return visitor;
}

test("the link that the terminal prints leads in, and two clicks later a newcomer is writing a change", async () => {
  const newcomer = await arrive();
  const { page } = newcomer;
  await newcomer.go(link);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await newcomer.press(page.getByRole("button", { name: "New change" }));
  await page.getByText("What must I say?").waitFor();
  await newcomer.press(page.getByRole("link", { name: "Add a field A new column on an existing table" }));
  const title = page.getByRole("textbox", { name: "Title" });
  await title.waitFor();
  expect(newcomer.presses).toBe(2);
  await page.getByText("What changes in one line.").waitFor();
  await page.getByText("Components that read or write what changes").waitFor();
  await page
    .getByRole("region", { name: "What will be asked of it" })
    .getByText("approval: Owning team")
    .first()
    .waitFor();
  await newcomer.staysStill();

  // Whoever sends it too early is told everything that is missing, and led there.
  await newcomer.press(page.getByRole("button", { name: "Create and submit" }));
  await page.getByRole("alert").getByText("Title").first().waitFor();
  await page.keyboard.type("Add nickname");
  expect(await title.inputValue()).toBe("Add nickname");
});

test("a link that was used says what to do", async () => {
  const late = await arrive();
  late.foresee(/status of 40[0-9]/);
  await late.go(link);
  const refused = late.page.getByRole("alert");
  await refused.waitFor();
  await refused.getByText("LINK_INVALID").waitFor();
  await late.page.getByRole("form", { name: "Sign in" }).waitFor();
});
