import { afterAll, beforeAll, expect, test } from "vitest";
import { handwork, Road } from "../acceptance/testing/road.ts";
import { until } from "../acceptance/testing/waiting.ts";
import { Place } from "./testing/place.ts";

let place: Place;

beforeAll(async () => {
  place = await Place.open();
});

afterAll(() => place?.close());

test("a deployment is paused with a reason, says so to everybody, and is let go on", async () => {
  const road = await Road.begin(place.people, { title: "To be paused", artifacts: [handwork("pausing")] });
  await road.untilApproved();
  const { id } = await road.requestDeployment("development");
  const lena = await place.visit("lena", `/deployments/${id}`);
  const { page } = lena;
  await page.getByRole("button", { name: "Pause…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Reason" }).fill("Rush hour");
  await dialog.getByRole("button", { name: "Pause it" }).click();
  await page
    .getByText(/Rush hour/)
    .first()
    .waitFor();
  const paused = await place.people.audrey.ask("deployments.get", { params: { id } });
  expect(paused.paused).toMatchObject({ by: "lena", reason: "Rush hour" });
  expect(await page.getByRole("button", { name: "Pause…" }).count()).toBe(0);
  await page.getByRole("button", { name: "Let it go on" }).click();
  await until(
    "nobody keeps it from going on",
    () => place.people.audrey.ask("deployments.get", { params: { id } }),
    ({ paused: now }) => now === null,
  );
  await page.getByRole("button", { name: "Pause…" }).waitFor();
});

test("drift is looked at on the page of environments before anything is taken over", async () => {
  const { page } = await place.visit("olga", "/environments");
  await page.getByRole("button", { name: "Look for drift in staging" }).click();
  await page.getByText("No schema of staging is known yet").waitFor();
  await page.getByRole("button", { name: "Take a baseline of staging" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Reason" }).fill("As we found it");
  await dialog.getByRole("button", { name: "Take the baseline" }).click();
  await page.getByText(/Taken: \d+ objects/).waitFor();
  await page.getByRole("button", { name: "Look for drift in staging" }).click();
  await page.getByText("The schema is the one last known").waitFor();
});
