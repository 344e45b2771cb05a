import { totpCode } from "@change-mgmt/server/identity/totp.ts";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf, refusalOf } from "../acceptance/testing/people.ts";
import { Place } from "./testing/place.ts";

const PASSWORD = "a heron stands in the rain";
const REFUSED = /status of 40[13]/;

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place?.close());

/** Fills in the form at the door and sends it. */
async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByRole("textbox", { name: "Handle or e-mail" }).fill(login);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const isIn = (page: Page, handle: string) => page.getByRole("button", { name: `You: ${handle}` }).waitFor();

/** Somebody opens the link they were given and sets a password. */
async function setPassword(handle: string): Promise<Page> {
  const { page } = await place.visit(handle, "/settings");
  await page.getByRole("textbox", { name: "New password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Set it" }).click();
  await page.getByText("the password is set").waitFor();
  return page;
}

async function atTheDoor(): Promise<Page> {
  const visitor = await place.arrive();
  visitor.foresee(REFUSED, /status of 429/);
  await visitor.go("/");
  await visitor.page.getByRole("form", { name: "Sign in" }).waitFor();
  return visitor.page;
}

test("whoever leaves a page before it knows them is not signed out by that", async () => {
  const visitor = await place.visit("lena");
  visitor.foresee(/ERR_/);
  const { page } = visitor;
  const overview = page.getByRole("heading", { name: "Overview", level: 1 });
  // As a browser ends a question of a page that is left.
  await page.route("**/api/me", (route) => route.abort("aborted"));
  await page.reload();
  await overview.waitFor();
  await page.unroute("**/api/me");
  for (let time = 0; time < 3; time++) {
    await page.reload({ waitUntil: "commit" });
    await page.goto("/");
    await overview.waitFor();
    await isIn(page, "lena");
  }
});

test("a one-time link signs in, a reload stays in, signing out goes back to the door", async () => {
  const visitor = await place.visit("lena");
  visitor.foresee(REFUSED);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
  expect(page.url()).not.toContain("sign-in=");
  await page.reload();
  await page.getByRole("button", { name: "You: lena" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("form", { name: "Sign in" }).waitFor();
});

test("whoever was invited by a link sets a password and comes in with it; a wrong one is refused without saying what was wrong", async () => {
  await setPassword("wim");
  const page = await atTheDoor();
  await signIn(page, "wim", "not what was set");
  const refused = page.getByRole("alert");
  await refused.getByText("SIGN_IN_REFUSED").waitFor();
  const words = await refused.textContent();
  await signIn(page, "nobody-of-that-name", PASSWORD);
  await expect.poll(() => refused.textContent()).toBe(words);
  await signIn(page, "wim", PASSWORD);
  await isIn(page, "wim");
});

test("after five wrong passwords the account is locked for a while, and the door says until when", async () => {
  await setPassword("bo");
  const page = await atTheDoor();
  const refused = page.getByRole("alert");
  for (let failures = 0; failures < 5; failures++) {
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await signIn(page, "bo", "a guess of somebody else");
    expect((await answered).status()).toBe(401);
    await refused.getByText("SIGN_IN_REFUSED").waitFor();
  }
  await signIn(page, "bo", PASSWORD);
  await refused.getByText("ACCOUNT_LOCKED").waitFor();
  await refused.getByText("There were too many failed attempts for this account.").waitFor();
  await refused.getByText(/Try again after/).waitFor();
});

test("with a second factor the code of the app is asked for as well; a wrong one can be corrected", async () => {
  const settings = await setPassword("archie");
  await settings.getByRole("textbox", { name: "Password, to begin" }).fill(PASSWORD);
  await settings.getByRole("button", { name: "Use an authenticator app" }).click();
  const address = await settings.getByRole("link", { name: "Open it in the app on this device" }).getAttribute("href");
  const secret = new URL(address!).searchParams.get("secret")!;
  const step = Math.floor(Date.now() / 30_000);
  await settings.getByRole("textbox", { name: "The six digits the app shows" }).fill(totpCode(secret, step));
  await settings.getByRole("button", { name: "Confirm" }).click();
  await settings.getByText("Recovery codes, shown this once").waitFor();
  await settings.getByRole("button", { name: "I have it" }).click();

  const page = await atTheDoor();
  await signIn(page, "archie", PASSWORD);
  const factor = page.getByRole("textbox", { name: "Code of your second factor" });
  await factor.fill(totpCode(secret, step - 1000));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("SIGN_IN_REFUSED").waitFor();
  // A code counts once, and the next one counts already.
  await factor.fill(totpCode(secret, step + 1));
  await page.getByRole("button", { name: "Sign in" }).click();
  await isIn(page, "archie");
});

test("signing out everywhere ends the session in the other browser too", async () => {
  const here = await setPassword("quinn");
  const there = await atTheDoor();
  await signIn(there, "quinn", PASSWORD);
  await isIn(there, "quinn");
  await here.reload();
  await here.getByRole("button", { name: "Sign out everywhere…" }).click();
  await here
    .getByRole("dialog", { name: "Sign out everywhere" })
    .getByRole("button", { name: "Sign out everywhere" })
    .click();
  await here.getByRole("form", { name: "Sign in" }).waitFor();
  // Whichever comes first shows it: the live connection that is ended, or the next question that is refused.
  const form = there.getByRole("form", { name: "Sign in" });
  const changes = there.getByRole("link", { name: "Changes", exact: true });
  await Promise.any([form.waitFor(), changes.click().then(() => form.waitFor())]);
});

test("a token made in the settings lets a program in as far as it reaches, and is shown once", async () => {
  const { page } = await place.visit("dev", "/settings");
  await page.getByRole("button", { name: "Make a token" }).click();
  const form = page.getByRole("form", { name: "Make a token" });
  await form.getByRole("textbox", { name: "What it is for" }).fill("nightly");
  await form.getByRole("button", { name: "Make it" }).click();
  const tokens = page.getByRole("region", { name: "API tokens" });
  const shown = tokens.getByRole("status").filter({ hasText: "shown this once" });
  const secret = (await shown.getByText(/^cm_\S+$/).textContent())!;
  const program = clientOf(place.address, secret);
  expect((await program("me")).handle).toBe("dev");
  expect((await refusalOf(program("changes.create", { body: { fields: { type: "add-field" } } }))).status).toBe(403);
  await page.reload();
  await tokens.getByText("nightly").waitFor();
  expect(await page.getByText(secret).count()).toBe(0);
});
