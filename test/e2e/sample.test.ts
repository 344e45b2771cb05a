import { afterAll, beforeAll, expect, test } from "vitest";
import { Place } from "./testing/place.ts";

/** Whoever is not signed in asks who they are in vain, which the console tells. */
const UNKNOWN = /status of 401/;

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place?.close());

test.each(["desktop", "phone"] as const)("on a %s one looks around as anybody of the sample", async (at) => {
  const visitor = await place.arrive({ at });
  visitor.foresee(UNKNOWN);
  const { page } = visitor;
  await visitor.go("/");
  const people = page.getByRole("list", { name: "Sign in as" });
  await people.getByRole("button", { name: /^Lena/ }).waitFor();
  await page.getByRole("form", { name: "Sign in" }).waitFor();
  await visitor.staysStill();
  await visitor.isAccessible();
  await visitor.lookFrom({ scheme: "dark" });
  await visitor.isAccessible();
  await visitor.press(people.getByRole("button", { name: /^Lena/ }));
  await page.getByRole("button", { name: "You: lena" }).waitFor();

  // The menu of who one is, the person, and that is all.
  const before = visitor.presses;
  await visitor.press(page.getByRole("button", { name: "You: lena" }));
  await visitor.press(page.getByRole("menuitem", { name: "Switch person…" }));
  const choice = page.getByRole("dialog", { name: /^Switch to another/ });
  await choice.getByRole("button", { name: /^Olga/ }).waitFor();
  await visitor.isAccessible();
  await visitor.press(choice.getByRole("button", { name: /^Olga/ }));
  await page.getByRole("button", { name: "You: olga" }).waitFor();
  expect(visitor.presses - before).toBe(3);
});

test("the form does not move when the server is slow to say whom it offers", async () => {
  const visitor = await place.arrive();
  visitor.foresee(UNKNOWN);
  const { page } = visitor;
  const answer = await visitor.holdBack(({ pathname }) => pathname === "/api/sample");
  await visitor.go("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await page.getByRole("form", { name: "Sign in" }).count()).toBe(0);
  await answer();
  await page.getByRole("form", { name: "Sign in" }).waitFor();
  await visitor.staysStill();
});
