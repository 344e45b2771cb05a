import { afterAll, beforeAll, expect, test } from "vitest";
import { handwork, Road } from "../acceptance/testing/road.ts";
import { Place } from "./testing/place.ts";

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place?.close());

test.each(["desktop", "phone"] as const)(
  "a deployment is put down for a moment to come, and called off (%s)",
  async (at) => {
    const road = await Road.begin(place.people, { artifacts: [handwork(`later-${at}`)] });
    await road.untilApproved();
    const visitor = await place.visit("olga", `/changes/${road.number}`, { at });
    const { page } = visitor;
    visitor.foresee(/422 .*schedule/);
    const environments = page.getByRole("region", { name: "Environments" });
    await environments.getByRole("button", { name: "Deploy later to development" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("When").fill("2020-01-01T10:00");
    await dialog.getByRole("button", { name: "Put down" }).click();
    await dialog.getByText("SCHEDULE_PAST").waitFor();
    await dialog.getByLabel("When").fill("2099-01-01T10:00");
    await dialog.getByText("Nothing stands against it.").waitFor();
    await dialog.getByRole("button", { name: "Put down" }).click();
    await dialog.waitFor({ state: "hidden" });
    await environments.getByText(/development begins by itself/).waitFor();
    await page.getByText(/put a deployment to development down for .*2099, 10:00/).waitFor();
    const { scheduled } = await road.now();
    expect(scheduled).toMatchObject([{ environment: "development", by: "olga", state: "waiting" }]);
    await environments.getByRole("button", { name: "Call off development" }).click();
    await environments.getByText(/development begins by itself/).waitFor({ state: "hidden" });
  },
);
