import { afterAll, beforeAll, expect, test } from "vitest";
import { handwork } from "../acceptance/testing/road.ts";
import { until } from "../acceptance/testing/waiting.ts";
import { Place } from "./testing/place.ts";

let place: Place;
let number: string;

/** Lena is the board's chair; a change of the highest risk waits for it. */
beforeAll(async () => {
  place = await Place.open();
  const { admin, rosa, dev } = place.people;
  for (const [name, position] of [
    ["lena", "engineering-manager"],
    ["olga", "security-lead"],
    ["dev", "operations-lead"],
  ] as const) {
    await admin.ask("users.edit", { params: { name }, body: { positions: [{ position }] } });
  }
  const made = await rosa.ask("changes.create", {
    body: {
      process: "itil",
      submit: true,
      artifacts: [handwork("look")],
      fields: {
        title: "Look at everything",
        type: "standard",
        description: "Somebody looks.",
        components: ["data-layer"],
        justification: "Needed.",
        impact: "high",
        probability: "low",
        rollbackPlan: "Look away.",
        testingCompleted: "Looked.",
        monitoringPlan: "Look on.",
        implementationPlan: "Look.",
        validationSteps: "Look again.",
      },
    },
  });
  number = made.number;
  const params = { id: number };
  await dev.ask("changes.assess", { params, body: { impact: "Little." } });
  for (const stepId of ["tests-passing", "security-scan"]) {
    const evidence = [{ kind: "note" as const, value: "Done." }];
    await dev.ask("changes.completeStep", { params: { ...params, stepId }, body: { evidence } });
  }
  await until(
    "it waits for approval",
    () => rosa.ask("changes.get", { params }),
    ({ status }) => status === "awaiting_approval",
  );
});
afterAll(() => place?.close());

test("a board convenes, who is there votes in the meeting, and its minutes are kept", async () => {
  const lena = await place.visit("lena", "/boards/itil/cab");
  const { page } = lena;
  const meeting = page.getByRole("region", { name: "Meeting" });
  await meeting.getByRole("button", { name: "Convene in an emergency" }).click();
  const asked = page.getByRole("dialog");
  await asked.getByLabel("Reason").fill("Orders are lost.");
  await asked.getByRole("button", { name: "Convene it" }).click();
  await meeting.getByRole("button", { name: "Open the meeting" }).click();
  await meeting.getByText("1 of 3 seats for a quorum are there.").waitFor();
  await meeting.getByRole("combobox", { name: "Somebody else is here" }).fill("dev");
  await page.getByRole("option", { name: "dev" }).click();
  await meeting.getByText("2 of 3 seats for a quorum are there.").waitFor();
  await lena.isAccessible();

  const olga = await place.visit("olga", "/boards/itil/cab", { at: "phone" });
  await olga.page.getByRole("button", { name: "I am here" }).tap();
  await meeting.getByText("3 of 3 seats for a quorum are there.").waitFor();
  const item = page.getByRole("article", { name: new RegExp(number) });
  await item.getByText("Your vote is cast in the meeting.").waitFor();
  await item.getByRole("button", { name: `Approve ${number}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
  await meeting.getByText(/1 for, 0 against/).waitFor();
  await olga.page.getByRole("button", { name: `Abstain ${number}` }).tap();
  await olga.page.getByRole("dialog").getByRole("button", { name: "Abstain" }).tap();
  await meeting.getByText(/1 for, 0 against, 1 abstained/).waitFor();
  // Away from the button, which says now why she cannot vote again.
  await olga.page.getByRole("heading", { level: 1 }).tap();
  await olga.page.getByRole("tooltip").waitFor({ state: "detached" });
  await olga.isAccessible();

  await meeting.getByLabel("Notes").fill("It waits for dev.");
  await meeting.getByRole("button", { name: "Keep the notes" }).click();
  await meeting.getByText("Kept last by lena.").waitFor();
  await meeting.getByRole("button", { name: "Close the meeting" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close the meeting" }).click();
  const minutes = page.getByRole("region", { name: "Minutes" });
  await minutes.getByText(/0 decided, 3 there/).click();
  await minutes.getByText("It waits for dev.").waitFor();
  await lena.isAccessible();
  const { items } = await place.people.audrey.ask("meetings.list", { params: { name: "itil", board: "cab" } });
  expect(items).toMatchObject([
    { state: "closed", urgent: true, decisions: [{ outcome: "open", votes: [{ voter: "lena" }, { voter: "olga" }] }] },
  ]);
});

test("whoever has no seat reads it and is told why they do not open it", async () => {
  const rosa = await place.visit("rosa", "/boards/itil/cab");
  const convene = rosa.page.getByRole("button", { name: "Convene the next meeting" });
  await convene.waitFor();
  await rosa.isAccessible();
  await convene.focus();
  await rosa.page.getByRole("tooltip").getByText("You have no seat on this board.").waitFor();
});
