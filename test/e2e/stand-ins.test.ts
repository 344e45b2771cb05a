import { afterAll, beforeAll, expect, test } from "vitest";
import { handwork, Road } from "../acceptance/testing/road.ts";
import { Place } from "./testing/place.ts";

let place: Place;
let road: Road;

beforeAll(async () => {
  place = await Place.open();
  road = await Road.begin(place.people, { title: "Voted on by a stand-in", artifacts: [handwork("look")] });
  await road.untilVotes();
});
afterAll(() => place?.close());

test("whoever is away names a stand-in, who sees whose vote it is, keeps out or gives it, and takes it back", async () => {
  const lena = await place.visit("lena", "/settings");
  await lena.page.getByRole("button", { name: "Name a stand-in" }).click();
  await lena.page.getByRole("combobox", { name: "Who votes for me" }).fill("olga");
  await lena.page.getByRole("option", { name: "olga" }).click();
  await lena.page.getByLabel("Until").fill("2099-01-01");
  await lena.page.getByRole("button", { name: "Name them" }).click();
  const standIns = lena.page.getByRole("region", { name: "Stand-ins" });
  await standIns.getByText("olga votes for you").waitFor();
  await lena.isAccessible();

  const olga = await place.visit("olga", `/changes/${road.number}`, { at: "phone" });
  const approvals = olga.page.getByRole("region", { name: "Approvals" });
  await approvals.getByRole("button", { name: "Keep out of it" }).tap();
  const keepOut = olga.page.getByRole("dialog");
  await keepOut.getByLabel("The conflict of interest").fill("My brother sells it.");
  await keepOut.getByRole("button", { name: "Keep out of it" }).tap();
  const keptOut = approvals.getByText("olga keeps out of it for a conflict of interest: My brother sells it.");
  await keptOut.waitFor();
  await olga.isAccessible();
  await approvals.getByRole("button", { name: "Withdraw what I said" }).tap();
  await olga.page.getByRole("dialog").getByRole("button", { name: "Withdraw" }).tap();
  await keptOut.waitFor({ state: "detached" });
  await approvals.getByRole("button", { name: "Approve" }).tap();
  const dialog = olga.page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Whose vote it is" }).tap();
  await olga.page.getByRole("option", { name: "lena, for whom I stand in" }).tap();
  await dialog.getByRole("button", { name: "Approve" }).tap();
  await dialog.waitFor({ state: "detached" });
  expect((await road.now()).votes).toMatchObject([{ voter: "olga", for: "lena" }]);

  await standIns.getByRole("button", { name: "End that olga votes for me" }).click();
  await standIns.getByText("Nobody votes for you").waitFor();
});
