import { afterAll, beforeAll, expect, test } from "vitest";
import { handwork, migration, Road } from "../acceptance/testing/road.ts";
import { Place } from "./testing/place.ts";
import type { Visitor } from "./testing/visitor.ts";

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place?.close());

const column = (name: string) =>
  migration(`add-${name}`, `ALTER TABLE users ADD COLUMN ${name} text;\n`, `ALTER TABLE users DROP COLUMN ${name};\n`);

/** What a reload would forget, to see that there was none. */
async function mark({ page }: Visitor): Promise<() => Promise<void>> {
  await page.evaluate("globalThis.neverReloaded = true");
  return async () => expect(await page.evaluate("globalThis.neverReloaded"), "the page was not reloaded").toBe(true);
}

/** The page hears of what happens. */
async function isLive({ page }: Visitor): Promise<void> {
  await page.getByRole("banner").getByRole("status").getByText("Live", { exact: true }).waitFor();
}

test("a comment, a vote and each step of a deployment are seen by whoever else looks, without a reload", async () => {
  const road = await Road.begin(place.people, { title: "Seen by two", artifacts: [column("seen")] });
  await road.untilVotes();
  const [lena, rosa] = [await place.visit("lena"), await place.visit("rosa")];
  for (const visitor of [lena, rosa]) {
    await visitor.go(`/changes/${road.number}`);
    await isLive(visitor);
  }
  const notReloaded = await mark(rosa);
  const [here, there] = [lena.page, rosa.page];
  const timeline = there.getByRole("region", { name: "Timeline" });

  await here.getByRole("textbox", { name: "Comment" }).fill("One column, nothing reads it yet.");
  await here.getByRole("button", { name: "Comment" }).click();
  await timeline.getByText("One column, nothing reads it yet.").waitFor();

  await here.getByRole("region", { name: "Approvals" }).getByRole("button", { name: "Approve" }).click();
  const dialog = here.getByRole("dialog", { name: `Approve ${road.number}` });
  await dialog.getByRole("button", { name: "Approve" }).click();
  await timeline.getByText("lena approved").waitFor();
  await there
    .getByRole("region", { name: "Environments" })
    .getByRole("button", { name: "Deploy to development" })
    .waitFor();
  await there.getByRole("region", { name: "Approvals" }).getByText("met:").first().waitFor();

  await here
    .getByRole("region", { name: "Environments" })
    .getByRole("button", { name: "Deploy to development" })
    .click();
  await here.getByRole("dialog").getByRole("button", { name: "Deploy", exact: true }).click();
  await there
    .getByRole("button", { name: "Follow the deployment" })
    .or(there.getByText("deployed to development"))
    .first()
    .waitFor();
  await there.getByRole("region", { name: "Deployments" }).getByText("Deployment to").waitFor();
  await timeline.getByText("deployed to development").waitFor();
  await notReloaded();
});

test("a manual step waits for its sign-off, and whoever follows the deployment sees it go on", async () => {
  const road = await Road.begin(place.people, { title: "Step by step", artifacts: [handwork("by-hand")] });
  await road.untilApproved();
  const { id } = await road.requestDeployment("development");
  const [quinn, audrey] = [await place.visit("quinn"), await place.visit("audrey")];
  for (const visitor of [quinn, audrey]) await visitor.go(`/deployments/${id}`);
  const notReloaded = await mark(audrey);
  await audrey.page.getByRole("region", { name: "Waits for a person" }).waitFor();
  await quinn.page.getByRole("textbox", { name: "Note" }).fill("Looked.");
  await quinn.page.getByRole("button", { name: "It is done: sign off" }).click();
  await audrey.page.getByRole("status").getByText("succeeded").waitFor();
  await audrey.page.getByRole("region", { name: "Waits for a person" }).waitFor({ state: "detached" });
  await notReloaded();
});

test("a lost connection is said, comes back by itself, and what happened meanwhile is shown", async () => {
  const { people } = place;
  const road = await Road.begin(people, { title: "Across a restart", artifacts: [handwork("restart")] });
  const visitor = await place.visit("rosa", `/changes/${road.number}`);
  visitor.foresee(/ERR_|status of 50\d/);
  const { page } = visitor;
  await isLive(visitor);
  const notReloaded = await mark(visitor);
  await page.getByRole("textbox", { name: "Comment" }).fill("Written while it was away");
  await place.goDown();
  await page
    .getByRole("banner")
    .getByRole("status")
    .getByText(/Connection lost/)
    .waitFor();
  await page.getByRole("button", { name: "Comment" }).click();
  await page.getByRole("region", { name: "Timeline" }).getByText("The server cannot be reached.").waitFor();
  const open = await visitor.holdBack(({ pathname }) => pathname === "/api/events");
  await place.comeBack();
  await people.dev.ask("changes.comment", { params: road.params, body: { text: "Said while rosa was cut off." } });
  await road.assess();
  open();
  await isLive(visitor);
  const timeline = page.getByRole("region", { name: "Timeline" });
  await timeline.getByText("Said while rosa was cut off.").waitFor();
  await timeline.getByText(/dev wrote the impact analysis/).waitFor();
  expect(await page.getByRole("textbox", { name: "Comment" }).inputValue()).toBe("Written while it was away");
  await page.getByRole("button", { name: "Comment" }).click();
  await timeline.getByText("Written while it was away").last().waitFor();
  await notReloaded();
});

test("of two who edit the same change the second is told what is newer, loses nothing and merges", async () => {
  const { rosa } = place.people;
  const change = await rosa.ask("changes.create", {
    body: { fields: { type: "add-field", title: "First words", components: ["data-layer"] } },
  });
  const address = `/changes/${change.number}/edit`;
  const [first, second] = [await place.visit("rosa", address), await place.visit("rosa")];
  // It learns of what the other does from the server's refusal, not before.
  const open = await second.holdBack(({ pathname }) => pathname === "/api/events");
  await second.go(address);
  const field = ({ page }: Visitor, name: string) => page.getByRole("textbox", { name });
  for (const visitor of [first, second]) {
    visitor.foresee(/status of 412/);
    await field(visitor, "Title").waitFor();
  }
  await field(second, "Title").fill("Words of the second");
  await field(second, "Description").fill("Only the second wrote a description.");
  await field(first, "Title").fill("Words of the first");
  await first.page.getByRole("button", { name: "Save", exact: true }).click();
  await first.page.getByRole("heading", { level: 1, name: "Words of the first" }).waitFor();

  const notice = second.page.getByRole("alert").filter({ hasText: `Somebody has edited ${change.number}` });
  await second.page.getByRole("button", { name: "Save", exact: true }).click();
  await notice.waitFor();
  await notice.getByText("was “First words”, is now “Words of the first”; you wrote “Words of the second”").waitFor();
  expect(await field(second, "Description").inputValue()).toBe("Only the second wrote a description.");
  const save = second.page.getByRole("button", { name: "Save", exact: true });
  await second.page.getByText("There is a newer version. Take it over first.").first().waitFor({ state: "attached" });
  await notice.getByRole("button", { name: "Take it over, keep what I wrote" }).click();
  expect(await field(second, "Title").inputValue()).toBe("Words of the second");
  await save.click();
  await second.page.getByRole("heading", { level: 1, name: "Words of the second" }).waitFor();
  open();
  const { fields } = await rosa.ask("changes.get", { params: { id: change.number } });
  expect(fields).toMatchObject({ title: "Words of the second", description: "Only the second wrote a description." });
});

test("whoever votes on what was edited meanwhile is told so, and the vote does not count for something else", async () => {
  const road = await Road.begin(place.people, { title: "Edited under the vote", artifacts: [handwork("edited")] });
  await road.untilVotes();
  const lena = await place.visit("lena", `/changes/${road.number}`);
  lena.foresee(/status of 4(09|12|22)/);
  await lena.page.getByRole("region", { name: "Approvals" }).getByRole("button", { name: "Approve" }).click();
  const open = await lena.holdBack(
    ({ pathname }) => pathname === "/api/events" || pathname === `/api/changes/${road.number}`,
  );
  const { version } = await road.now();
  await place.people.rosa.ask("changes.edit", {
    params: road.params,
    ifMatch: version,
    body: { fields: { description: "Something else entirely." } },
  });
  const dialog = lena.page.getByRole("dialog", { name: `Approve ${road.number}` });
  await dialog.getByRole("button", { name: "Approve" }).click();
  await dialog
    .getByRole("alert")
    .getByText(/No votes are taken while|is not what you looked at/)
    .waitFor();
  open();
  expect((await road.now()).votes).toEqual([]);
});

test("a session that is ended elsewhere ends here with its reason, and signing in again goes on", async () => {
  const [laptop, phone] = [await place.arrive(), await place.arrive({ at: "phone" })];
  for (const visitor of [phone, laptop]) await visitor.signIn(await place.link("wim"), "/settings");
  phone.foresee(/status of 401/);
  const { page } = laptop;
  await page
    .getByRole("button", { name: /^End it/ })
    .last()
    .click();
  await page.getByRole("button", { name: /^End it/ }).waitFor({ state: "detached" });
  await phone.goOn("/changes");
  await phone.page.getByRole("form", { name: "Sign in" }).waitFor();
  await phone.page.getByRole("alert").waitFor();
  await phone.isAccessible();
  await phone.signIn(await place.link("wim"), "/changes");
  await phone.page.getByRole("heading", { level: 1, name: "Changes" }).waitFor();
});

test("held deployments are said on every page, and released by whoever may", async () => {
  const [olga, rosa] = [await place.visit("olga", "/environments"), await place.visit("rosa", "/", { at: "phone" })];
  for (const visitor of [olga, rosa]) await isLive(visitor);
  const notReloaded = await mark(rosa);
  const [here, there] = [olga.page, rosa.page];
  const banner = (page: typeof here) => page.getByRole("region", { name: "Deployments are held" });

  await here.getByRole("button", { name: "Hold deployments…" }).click();
  const dialog = here.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Reason" }).fill("The storage is being moved.");
  await dialog.getByRole("button", { name: "Hold", exact: true }).click();
  await banner(there).getByText("The storage is being moved.").waitFor();
  await banner(there).getByText("held by olga").waitFor();
  await rosa.isAccessible();
  expect(await banner(there).getByRole("button", { name: "Release…" }).getAttribute("aria-disabled")).toBe("true");
  await banner(there).getByText("rosa may not hold or release deployments.").waitFor({ state: "attached" });

  await banner(here).getByRole("button", { name: "Release…" }).click();
  await dialog.getByRole("textbox", { name: "Note" }).fill("It was moved.");
  await dialog.getByRole("button", { name: "Release", exact: true }).click();
  await banner(there).waitFor({ state: "detached" });
  await banner(here).waitFor({ state: "detached" });
  await notReloaded();
});
