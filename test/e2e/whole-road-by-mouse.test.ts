import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf } from "../acceptance/testing/people.ts";
import { Place } from "./testing/place.ts";
import { Walker, wishFor } from "./testing/road.ts";

const WISH = {
  ...wishFor("nickname"),
  byHand: { name: "tell-support", step: "Tell support what is new", undo: "Tell support that it is gone" },
};

let place: Place;
/** The change that these tests bring down the road, one after the other. */
let number: string;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place?.close());

const walker = async (handle: string, path?: string) => new Walker(await place.visit(handle, path));

test("rosa makes a change from the form and submits it", async () => {
  const rosa = await walker("rosa");
  number = await rosa.makeChange(WISH);
  const { page } = rosa.visitor;
  await page.getByRole("listitem").filter({ hasText: "Impact analysis, now" }).waitFor();
  await page.getByRole("region", { name: "What changes" }).getByText(WISH.up).waitFor();
});

test("rosa cannot approve it herself: the page says why, and the server says the same when asked directly", async () => {
  const { visitor, approvals } = await walker("rosa", `/changes/${number}`);
  const approve = approvals.getByRole("button", { name: "Approve" });
  await approve.waitFor();
  expect(await approve.isDisabled()).toBe(true);
  const { contentHash } = await place.people.rosa.ask("changes.get", { params: { id: number } });
  const refusal = await refusalOf(
    place.people.rosa.ask("changes.vote", { params: { id: number }, body: { decision: "approve", contentHash } }),
  );
  expect(refusal.code).toBe("OWN_CHANGE");
  await approvals.getByText(refusal.detail).last().waitFor();
  await visitor.page.getByRole("button", { name: "Deploy to development" }).waitFor();
});

test("dev assesses it and does its steps; the rehearsal says what the migration does and that it can be taken back", async () => {
  const dev = await walker("dev");
  await dev.openWaiting(number);
  await dev.assess("One column more; nobody reads differently.");
  await dev.complete("Generate templates", "None are needed.");
  await dev.complete("Create migration files", "It is in the change.");
  await dev.complete("Implement repository methods", "Both repositories know the column.");
  const { page } = dev.visitor;
  const rehearsal = page.getByRole("region", { name: `Rehearsal of ${WISH.file}` });
  await rehearsal.getByText("passed").waitFor();
  await rehearsal.getByText("ok: It runs.").waitFor();
  await rehearsal.getByText("Rollback: restores the schema exactly.").waitFor();
  await rehearsal.getByRole("cell", { name: "public.users ACCESS EXCLUSIVE" }).first().waitFor();
});

test("quinn brings the evidence of tests and review", async () => {
  const quinn = await walker("quinn");
  await quinn.openWaiting(number);
  await quinn.complete("Run the automated tests", "214 passed.");
  await quinn.complete("Code review", "https://git.example/shop/pull/41");
  await quinn.visitor.page.getByRole("link", { name: "https://git.example/shop/pull/41" }).waitFor();
});

test("lena approves it, and the approvals say so", async () => {
  const lena = await walker("lena");
  await lena.openWaiting(number);
  await lena.approve("Go ahead.");
  await lena.visitor.page.getByRole("listitem").filter({ hasText: "Deployment, now" }).waitFor();
  const timeline = lena.visitor.page.getByRole("region", { name: "Timeline" });
  await timeline.getByRole("listitem").filter({ hasText: "lena approved" }).getByText("Go ahead.").waitFor();
});

test("olga deploys to development and sees its steps live, with the one that waits for a person", async () => {
  const olga = await walker("olga");
  await olga.openWaiting(number);
  await olga.deploy("development");
  const { visitor } = olga;
  const { page } = visitor;
  await visitor.press(page.getByRole("button", { name: "Follow the deployment" }));
  await page.getByRole("heading", { level: 1, name: `Deployment of ${number} to development` }).waitFor();
  const steps = page.getByRole("region", { name: "Steps" });
  await steps.getByText("5 of 8 done").waitFor();
  const byHand = steps.getByRole("listitem").filter({ hasText: WISH.byHand.step });
  await byHand.getByText("waiting, began").waitFor();
  await page.getByRole("textbox", { name: "Note" }).fill("Support knows.");
  await visitor.press(page.getByRole("button", { name: "It is done: sign off" }));
  await page.getByRole("status").getByText("succeeded").waitFor();
  await steps.getByText("8 of 8 done").waitFor();
});

test("olga deploys to staging, where quinn then runs the integration tests that production waits for", async () => {
  const olga = await walker("olga", `/changes/${number}`);
  await olga.deploy("staging");
  await olga.signOff();
  await olga.environmentIs("staging", "deployed");
  const toProduction = olga.environment("production").getByRole("button", { name: "Deploy to production" });
  expect(await toProduction.isDisabled()).toBe(true);
  await olga.environment("production").getByText("Not done yet: Run integration tests on staging.").waitFor();
  const quinn = await walker("quinn", `/changes/${number}`);
  await quinn.complete("Run integration tests on staging", "31 passed.");
  // What quinn did opens the gate on olga's page, which nobody loads anew.
  await olga.visitor.page.getByRole("banner").getByText("Live").waitFor();
  await expect.poll(() => toProduction.isDisabled(), { timeout: 30_000 }).toBe(false);
});

test("production is deployed only once its name is typed", async () => {
  const olga = await walker("olga", `/changes/${number}`);
  const { visitor } = olga;
  await visitor.press(olga.environment("production").getByRole("button", { name: "Deploy to production" }));
  const dialog = visitor.page.getByRole("dialog", { name: `Deploy ${number} to production` });
  const confirm = dialog.getByRole("button", { name: "Deploy", exact: true });
  const name = dialog.getByRole("textbox", { name: "Type production to confirm" });
  await dialog.getByText("The gates are open.").waitFor();
  await dialog.getByText("Run the down migration that drops it").waitFor();
  expect(await confirm.isDisabled()).toBe(true);
  await name.fill("staging");
  expect(await confirm.isDisabled()).toBe(true);
  await visitor.press(dialog.getByRole("button", { name: "Cancel" }));
  await olga.deploy("production", "production");
  await olga.signOff();
  await olga.environmentIs("production", "deployed");
});

test("olga rolls production back, says why, and sees that the schema is as the snapshot says", async () => {
  const olga = await walker("olga", `/changes/${number}`);
  const { visitor } = olga;
  await olga.rollBack("production", "Errors went up.", "production");
  await olga.signOff();
  await olga.environmentIs("production", "rolled back");
  await olga.environmentIs("staging", "deployed");
  await visitor.press(visitor.page.getByRole("link", { name: "The whole deployment" }).first());
  await visitor.page.getByRole("heading", { level: 1, name: `Rollback of ${number} in production` }).waitFor();
  const steps = visitor.page.getByRole("region", { name: "Steps" }).getByRole("listitem");
  await steps.filter({ hasText: "done: " }).filter({ hasText: "Compare the schema with the snapshot" }).waitFor();
  await visitor.page.getByText("The target is as it was before the change; this was verified.").waitFor();
});

test("it is deployed to production again, its last steps are done, and olga closes it", async () => {
  const olga = await walker("olga", `/changes/${number}`);
  await olga.deploy("production", "production");
  await olga.signOff();
  await olga.environmentIs("production", "deployed");
  const quinn = await walker("quinn", `/changes/${number}`);
  await quinn.complete("Monitor metrics", "Quiet.");
  await quinn.complete("Verify functionality", "Seen in the shop.");
  await quinn.complete("Update documentation", "Done.");
  const { visitor } = olga;
  await visitor.press(visitor.page.getByRole("button", { name: "Close the change" }));
  const dialog = visitor.page.getByRole("dialog", { name: `Close the change: ${number}` });
  await dialog.getByRole("textbox", { name: "Summary" }).fill("Everybody has a nickname now.");
  await visitor.press(dialog.getByRole("button", { name: "Close the change" }));
  await visitor.page.getByRole("listitem").filter({ hasText: "Post-deployment, done" }).waitFor();
});

test("audrey reads all of it in the audit explorer, the refusal too, and the trail verifies", async () => {
  const { visitor } = await walker("audrey");
  const { page } = visitor;
  await visitor.press(page.getByRole("link", { name: "Audit" }));
  await page.getByRole("textbox", { name: "Change" }).fill(number);
  await visitor.press(page.getByRole("button", { name: "Show" }));
  const entries = page.getByRole("region", { name: "Entries" });
  await visitor.press(entries.getByRole("button", { name: "Older entries" }));
  for (const said of [
    "rosa change.created",
    "rosa change.vote.refused",
    "dev change.assessed",
    "lena vote.approved",
    "olga deployment.requested",
    "olga rollback.requested",
    "olga change.closed",
  ])
    await entries.getByText(said).first().waitFor();
  await visitor.press(page.getByRole("button", { name: "Verify the trail" }));
  await page.getByRole("dialog", { name: "What the verification found" }).getByText("unbroken and whole").waitFor();
});
