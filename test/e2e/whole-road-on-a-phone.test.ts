import { afterAll, beforeAll, expect, test } from "vitest";
import { Place } from "./testing/place.ts";
import { Walker, wishFor } from "./testing/road.ts";

const WISH = wishFor("birthday");

let place: Place;
/** The change that these tests bring down the road, one after the other. */
let number: string;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place?.close());

const walker = async (handle: string, path?: string) => new Walker(await place.visit(handle, path, { at: "phone" }));

test("rosa makes a change and submits it", async () => {
  const rosa = await walker("rosa");
  number = await rosa.makeChange(WISH);
  await rosa.visitor.page.getByRole("listitem").filter({ hasText: "Impact analysis, now" }).waitFor();
});

test("dev and quinn bring it to the votes", async () => {
  const dev = await walker("dev");
  await dev.openWaiting(number);
  await dev.assess("One column more; nobody reads differently.");
  await dev.complete("Generate templates", "None are needed.");
  await dev.complete("Create migration files", "It is in the change.");
  await dev.complete("Implement repository methods", "Both repositories know the column.");
  await dev.complete("Run the automated tests", "214 passed.");
  const quinn = await walker("quinn");
  await quinn.openWaiting(number);
  await quinn.complete("Code review", "https://git.example/shop/pull/42");
});

test("lena approves in three taps from the overview", async () => {
  const { visitor } = await walker("lena");
  const { page } = visitor;
  await visitor.press(page.getByRole("region", { name: "Waits for me" }).getByRole("link", { name: number }));
  await visitor.press(page.getByRole("button", { name: "Approve" }).first());
  await visitor.press(page.getByRole("dialog", { name: `Approve ${number}` }).getByRole("button", { name: "Approve" }));
  await page.getByRole("listitem").filter({ hasText: "Deployment, now" }).waitFor();
  expect(visitor.presses).toBe(3);
});

test("olga deploys it as far as production and takes it back there", async () => {
  const olga = await walker("olga");
  await olga.openWaiting(number);
  for (const environment of ["development", "staging"]) {
    await olga.deploy(environment);
    await olga.environmentIs(environment, "deployed");
  }
  const quinn = await walker("quinn");
  await quinn.openWaiting(number);
  await quinn.complete("Run integration tests on staging", "31 passed.");
  await olga.deploy("production", "production");
  await olga.environmentIs("production", "deployed");
  await olga.rollBack("production", "Errors went up.", "production");
  await olga.environmentIs("production", "rolled back");
});
