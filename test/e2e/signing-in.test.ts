import { afterAll, beforeAll, expect, test } from "vitest";
import { Place } from "./testing/place.ts";

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place?.close());

test("a one-time link signs in, a reload stays in, signing out goes back to the door", async () => {
  const { page } = await place.visit("lena");
  await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
  expect(page.url()).not.toContain("sign-in=");
  await page.reload();
  await page.getByRole("button", { name: "You: lena" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("form", { name: "Sign in" }).waitFor();
});
