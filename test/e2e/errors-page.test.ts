import { afterAll, beforeAll, expect, test } from "vitest";
import { Place } from "./testing/place.ts";

let place: Place;
beforeAll(async () => {
  place = await Place.openEmpty();
});
afterAll(() => place?.close());

test("the page about errors can be used by everybody, in every look, and its links lead to a code", async () => {
  const visitor = await place.arrive();
  await visitor.go("/docs/errors#OWN_CHANGE");
  for (const look of [
    { at: "desktop", scheme: "light" },
    { at: "phone", scheme: "dark" },
  ] as const) {
    await visitor.lookFrom(look);
    await visitor.isAccessible();
  }
  expect(await visitor.page.locator("article:target").getByRole("heading").textContent()).toBe("OWN_CHANGE HTTP 403");
});

test("its filter leaves the codes that have every word, and says how many", async () => {
  const { page } = await place.arrive();
  await page.goto("/docs/errors");
  const codes = page.getByRole("article");
  const all = await codes.count();
  const filter = page.getByRole("searchbox", { name: "Find a code or a word" });
  await filter.fill("own change 403");
  await page.getByRole("heading", { name: "OWN_CHANGE" }).waitFor();
  const left = await codes.count();
  expect(left).toBeLessThan(all);
  expect(await page.getByRole("status").textContent()).toBe(left === 1 ? "1 code" : `${left} codes`);
  await filter.fill("no such words at all");
  await page.getByText("No code has these words.").waitFor();
  expect(await codes.count()).toBe(0);
  await filter.fill("");
  expect(await codes.count()).toBe(all);
});

test("it keeps to the colours chosen in the app", async () => {
  const { page } = await place.arrive({ scheme: "light" });
  await page.addInitScript(`localStorage.setItem("mantine-color-scheme-value", "dark")`);
  await page.goto("/docs/errors");
  expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(20, 23, 28)");
});
