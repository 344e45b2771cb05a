import type { Problem } from "@change-mgmt/api/problem.ts";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Handle, type Person, refusalOf } from "../acceptance/testing/people.ts";
import { type ChangeView, handwork, migration, Road } from "../acceptance/testing/road.ts";
import { until } from "../acceptance/testing/waiting.ts";
import { Place } from "./testing/place.ts";

let place: Place;
/** Changes by what the tests call their state. */
const changes: Record<string, string> = {};
/** A deployment that waits for a sign-off, and one that has ended. */
const deployments = { waiting: "", ended: "" };

beforeAll(async () => {
  place = await Place.open();
  const { people } = place;
  const { admin, rosa, lena } = people;
  await admin.ask("users.create", { body: { handle: "nora", name: "Nora Newcomer", roles: [], teams: [] } });
  const fields = { type: "add-field", title: "Not finished" };
  changes["an unfinished draft"] = (await rosa.ask("changes.create", { body: { fields } })).number;
  const begun = await Road.begin(people, { title: "Steps are open", artifacts: [handwork("begun")] });
  changes["a change with open steps"] = begun.number;
  const column = (name: string, down: string) =>
    migration(`drop-${name}`, `ALTER TABLE users ADD COLUMN ${name} text;\n`, down);
  const two = await Road.begin(people, {
    title: "Two must approve",
    fields: { breaking: true, migrationStrategy: "At once.", rollbackPlan: "Take it back." },
    artifacts: [handwork("two")],
  });
  await two.untilVotes();
  await two.approve(lena);
  changes["a change that waits for the second approval"] = two.number;
  const walked = await Road.begin(people, {
    title: "Half way",
    artifacts: [column("half", "ALTER TABLE users DROP COLUMN half;\n")],
  });
  await walked.untilApproved();
  deployments.ended = (await walked.deployed("development")).id;
  changes["a change deployed in the first environment"] = walked.number;
  const next = await Road.begin(people, { title: "Comes next", artifacts: [handwork("next")] });
  await next.untilApproved();
  changes["a change whose environment another has"] = next.number;
  const waiting = await Road.begin(people, { title: "Under way", artifacts: [handwork("waiting")] });
  await waiting.untilApproved();
  deployments.waiting = (await waiting.requestDeployment("development")).id;
  changes["a change that is being deployed"] = waiting.number;
  await until(
    "a deployment waits for a sign-off",
    () => people.lena.ask("deployments.get", { params: { id: deployments.waiting } }),
    ({ state }) => state === "waiting",
  );
});
afterAll(() => place?.close());

/** Asks the server directly for what a button is called. */
function directly({ ask }: Person, change: ChangeView, button: string): Promise<unknown> {
  const params = { id: change.number };
  const [, verb = button, about = ""] = /^(Deploy to|Roll back|Complete:) (.*)$/.exec(button) ?? [];
  const body = { environment: about, reason: "Asked directly." };
  const vote = (decision: "approve" | "reject" | "abstain") =>
    ask("changes.vote", { params, body: { decision, contentHash: change.contentHash, comment: "Asked directly." } });
  const acts: Record<string, () => Promise<unknown>> = {
    Submit: () => ask("changes.submit", { params, body: {} }),
    "Write the impact analysis": () => ask("changes.assess", { params, body: { impact: "Asked directly." } }),
    "Complete:": () => {
      const stepId = change.steps.find(({ title }) => title === about)!.id;
      return ask("changes.completeStep", { params: { ...params, stepId }, body: { evidence: [] } });
    },
    "Complete the next step": () => {
      const step = change.steps.find(({ automatic, completed }) => !automatic && !completed);
      const stepId = step?.id ?? "none";
      return ask("changes.completeStep", { params: { ...params, stepId }, body: { evidence: [] } });
    },
    Approve: () => vote("approve"),
    Reject: () => vote("reject"),
    Abstain: () => vote("abstain"),
    "Withdraw what I said": () => ask("changes.withdraw", { params, body: {} }),
    "Keep out of it": () => ask("changes.recuse", { params, body: { reason: "Asked directly." } }),
    "Deploy to": () => ask("changes.deploy", { params, body: { environment: about } }),
    "Roll back": () => ask("changes.rollback", { params, body }),
    "Close the change": () => ask("changes.close", { params, body: {} }),
    "Take back to work": () => ask("changes.rework", { params, body: { reason: "Asked directly." } }),
    Edit: () => ask("changes.edit", { params, body: { fields: { title: "Asked directly" } } }),
    // The same permission, with less to send; it is asked for before anything is looked for.
    "Attach files": () => ask("attachments.remove", { params: { id: "00000000-0000-7000-8000-000000000000" } }),
    "Cancel the change": () => ask("changes.cancel", { params, body: { reason: "Asked directly." } }),
  };
  const act = acts[verb];
  if (!act) throw new Error(`this test does not know what "${button}" asks of the server`);
  return act();
}

/** The reason of a disabled button as a screen reader says it, by its name. */
async function disabledIn(within: Locator): Promise<readonly { name: string; reason: string }[]> {
  return await within.getByRole("button", { disabled: true }).evaluateAll(TOLD);
}

/** Runs in the page, on all of them in one moment; made from text, as the types of a browser are not known here. */
const TOLD = new Function(
  "buttons",
  `return buttons.map((button) => ({
    name: button.getAttribute("aria-label") ?? button.textContent.trim(),
    reason: document.getElementById(button.getAttribute("aria-describedby"))?.textContent ?? "",
  }));`,
) as (buttons: unknown) => readonly { name: string; reason: string }[];

function words({ detail, hint }: Problem): string {
  return `${detail} ${hint}`;
}

const SEEN_BY: Readonly<Record<string, readonly Handle[]>> = {
  "an unfinished draft": ["rosa", "bora"],
  "a change with open steps": ["rosa", "quinn", "olga"],
  "a change that waits for the second approval": ["rosa", "dev", "lena", "audrey"],
  "a change deployed in the first environment": ["rosa", "lena"],
  "a change that is being deployed": ["rosa", "lena", "olga"],
  "a change whose environment another has": ["rosa", "lena"],
};

const SEEN = Object.entries(SEEN_BY).flatMap(([state, handles]) => handles.map((who) => ({ state, who })));

/** Only stands for steps of which there is none: there is nothing to ask the server for. */
const NO_STEP = "No step of this stage or an earlier one is open.";

describe.each(SEEN)("$who at $state", ({ state, who }) => {
  test("is told beside each disabled act what the server says when asked directly", async () => {
    const person = place.people[who];
    const number = changes[state]!;
    const { page } = await place.visit(who, `/changes/${number}`);
    const main = page.getByRole("main");
    await page.getByRole("button", { name: `You: ${who}` }).waitFor();
    await main.getByRole("region", { name: "Environments" }).waitFor();
    await main.getByRole("list", { name: "Stage" }).getByRole("listitem").last().waitFor();
    const change = await person.ask("changes.get", { params: { id: number } });
    const disabled = await disabledIn(main);
    const told: string[] = [];
    const asked: string[] = [];
    for (const { name, reason } of disabled) {
      // What is merely waited for, such as an empty comment, is no act that is refused.
      if (name === "Comment" || reason.startsWith(NO_STEP)) continue;
      told.push(`${name}: ${reason}`);
      asked.push(`${name}: ${words(await refusalOf(directly(person, change, name)))}`);
    }
    await main.getByRole("button", { name: "All acts" }).click();
    const items = page.getByRole("menuitem", { disabled: true });
    await page.getByRole("menuitem").first().waitFor();
    for (const text of await items.allInnerTexts()) {
      const [name = "", reason = ""] = text.split("\n").filter((line) => line.trim() !== "");
      if (reason === NO_STEP) continue;
      told.push(`menu, ${name}: ${reason}`);
      asked.push(`menu, ${name}: ${(await refusalOf(directly(person, change, name))).detail}`);
    }
    expect(told.length, "disabled acts").toBeGreaterThan(0);
    expect(told).toEqual(asked);
  });
});

test("who has the environment is said beside it, and one press leads there", async () => {
  const { page } = await place.visit("lena", `/changes/${changes["a change whose environment another has"]}`);
  const main = page.getByRole("main");
  const has = `${changes["a change that is being deployed"]}'s deployment to development has it at this moment`;
  await main.getByRole("link", { name: new RegExp(`^${has}; it waits for the sign-off of ".+"`) }).click();
  await page.getByRole("heading", { level: 1, name: /^Deployment of/ }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/deployments/${deployments.waiting}`);
});

/** Buttons of the other pages: who may not, where, and what the server says to the same. */
const ELSEWHERE: readonly {
  readonly who: Handle | "nora";
  readonly path: () => string;
  readonly button: string;
  readonly ask: (person: Person) => Promise<unknown>;
}[] = [
  ...["/", "/changes"].map((path) => ({
    who: "audrey" as const,
    path: () => path,
    button: "New change",
    ask: ({ ask }: Person) => ask("changes.create", { body: { fields: { type: "add-field", title: "No" } } }),
  })),
  {
    who: "rosa",
    path: () => `/deployments/${deployments.waiting}`,
    button: "Stop…",
    ask: ({ ask }) =>
      ask("deployments.cancel", { params: { id: deployments.waiting }, body: { reason: "Asked directly." } }),
  },
  {
    who: "rosa",
    path: () => `/deployments/${deployments.waiting}`,
    button: "It is done: sign off",
    ask: ({ ask }) =>
      ask("changes.signOff", {
        params: { id: changes["a change that is being deployed"]! },
        body: { step: "waiting" },
      }),
  },
  {
    who: "quinn",
    path: () => `/deployments/${deployments.ended}`,
    button: "Roll back…",
    ask: ({ ask }) =>
      ask("changes.rollback", {
        params: { id: changes["a change deployed in the first environment"]! },
        body: { environment: "development", reason: "Asked directly." },
      }),
  },
  ...(["dev", "olga"] as const).map((who) => ({
    who,
    path: () => "/environments",
    button: "Take a baseline of development",
    ask: ({ ask }: Person) =>
      ask("environments.baseline", { params: { name: "development" }, body: { reason: "Asked directly." } }),
  })),
  {
    who: "lena",
    path: () => "/people",
    button: "Add a person",
    ask: ({ ask }) => ask("users.create", { body: { handle: "zoe", name: "Zoe", roles: [], teams: [] } }),
  },
  {
    who: "admin",
    path: () => "/people?person=admin",
    button: "Disable…",
    ask: ({ ask }) => ask("users.edit", { params: { name: "admin" }, body: { disabled: true } }),
  },
  {
    who: "dev",
    path: () => "/audit",
    button: "Verify the trail",
    ask: ({ ask }) => ask("audit.verify"),
  },
  { who: "lena", path: () => "/audit", button: "Export", ask: ({ ask }) => ask("audit.export") },
  { who: "dev", path: () => "/audit", button: "Checkpoint", ask: ({ ask }) => ask("audit.checkpoint") },
];

describe.each(ELSEWHERE)("$who at $button", ({ who, path, button, ask }) => {
  test("is told what the server says when asked directly", async () => {
    const visitor = await place.visit(who, path());
    const main = visitor.page.getByRole("main");
    await main.getByRole("button", { name: button, disabled: true }).waitFor();
    const refusal = await refusalOf(ask(place.people[who as Handle]));
    const told = async () => (await disabledIn(main)).find(({ name }) => name === button)?.reason;
    await expect.poll(told, { timeout: 30_000 }).toBe(words(refusal));
  });
});
