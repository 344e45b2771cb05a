import { afterAll, beforeAll, expect, test } from "vitest";
import { Place } from "./testing/place.ts";

let place: Place;

beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place?.close());

test("a standing change of the catalogue fills in its form, and its use is counted", async () => {
  const rosa = await place.visit("rosa", "/changes/new?process=itil");
  const { page } = rosa;
  await page.getByRole("region", { name: "Or one that was approved beforehand" }).waitFor();
  await rosa.isAccessible();
  await page.getByRole("button", { name: /^Security patch/ }).click();
  await page.getByText("Filled in from Security patch").waitFor();
  expect(await page.getByLabel("Standing change").inputValue()).toBe("security-patch");
  expect(await page.getByLabel("Business justification").inputValue()).toBe("A known weakness is closed.");
  await page.getByRole("textbox", { name: "Title" }).fill("Patch the proxy");
  await page.getByRole("button", { name: "Create as draft" }).click();
  await page.waitForURL(/\/changes\/CR-/);
  const number = decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1)!);
  const change = await place.people.rosa.ask("changes.get", { params: { id: number } });
  expect(change.fields).toMatchObject({ standing: "security-patch", type: "standard" });

  const fields = {
    title: "Patch the cache",
    description: "As its maker published it.",
    components: ["data-layer"],
    testingCompleted: "All of them.",
    implementationPlan: "Roll it out.",
    validationSteps: "Look.",
  };
  const { items } = await place.people.rosa.ask("processes.standing", { params: { name: "itil" } });
  const patch = items.find(({ id }) => id === "security-patch")!;
  expect(patch).toMatchObject({ uses: 0, lastUsedAt: null, expired: false });
  const whole = { ...patch.fields, ...fields, standing: patch.id };
  const risky = { ...whole, probability: "medium" };
  const refusal = await place.people.rosa
    .ask("changes.create", { body: { process: "itil", fields: risky, artifacts: [], submit: true } })
    .then(String, (error) => error.problem);
  expect(refusal).toMatchObject({ code: "FORM_INVALID", problems: [{ code: "STANDING_CONDITIONS" }] });
  await place.people.rosa.ask("changes.create", {
    body: { process: "itil", fields: whole, artifacts: [], submit: true },
  });

  const process = await place.visit("rosa", "/process/itil");
  const catalogue = process.page.getByRole("region", { name: "Standing changes" });
  await catalogue.getByText(/Kept by Team lead.*Used once/).waitFor();
  await process.isAccessible();
});
