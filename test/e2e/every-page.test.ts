import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../acceptance/testing/folder.ts";
import { migration, Road } from "../acceptance/testing/road.ts";
import { Place } from "./testing/place.ts";
import type { Visitor } from "./testing/visitor.ts";

/** What of a page the tests below look at; numbers and ids are those of the road that `beforeAll` walks. */
interface PageEntry {
  readonly path: () => string;
  readonly title: string | RegExp;
  /** Shown once everything is there. */
  readonly filled: (page: Page) => Locator;
  /** Where it leads to something that is not there, and what it says then. */
  readonly missing?: { readonly path: string; readonly says: RegExp };
  /** What a person without any role is told. */
  readonly refused: RegExp | null;
  /** What it says in a workspace that has nothing yet, and to whoever is there alone; null where it cannot be reached then. */
  readonly empty: RegExp | null;
}

let place: Place;
let emptyPlace: Place;
let road: Road;
let deployment: string;

const section = (name: string) => (page: Page) => page.getByRole("region", { name });
const MAY_NOT_READ = /nora may not read changes\.\s*It takes one of these roles/;

const PAGES: Readonly<Record<string, PageEntry>> = {
  "/": {
    path: () => "/",
    title: "Overview",
    filled: (page) => page.getByRole("region", { name: "Changes by stage" }).getByText("Add a nickname"),
    refused: MAY_NOT_READ,
    empty: /Nothing waits for you/,
  },
  "/changes": {
    path: () => "/changes",
    title: "Changes",
    filled: (page) => page.getByRole("link", { name: "Add a nickname" }),
    refused: MAY_NOT_READ,
    empty: /No changes yet/,
  },
  "/changes/$number": {
    path: () => `/changes/${road.number}`,
    title: /^Add a nickname/,
    filled: (page) => page.getByRole("region", { name: "Timeline" }).getByText("Looks right to me."),
    missing: { path: "/changes/CHG-9999", says: /There is no change CHG-9999/ },
    refused: MAY_NOT_READ,
    empty: null,
  },
  "/changes/new": {
    path: () => "/changes/new?process=data-layer&type=add-field",
    title: "New change",
    filled: (page) => page.getByRole("textbox", { name: "Title" }),
    missing: { path: "/changes/new?process=nothing", says: /nothing/ },
    refused: /nora may not create changes\.\s*It takes one of these roles/,
    empty: /No configuration is in force/,
  },
  "/changes/$number/edit": {
    path: () => `/changes/${road.number}/edit`,
    title: `Edit CHG-`,
    filled: (page) => page.getByRole("textbox", { name: "Title" }),
    missing: { path: "/changes/CHG-9999/edit", says: /There is no change CHG-9999/ },
    refused: MAY_NOT_READ,
    empty: null,
  },
  "/deployments/$id": {
    path: () => `/deployments/${deployment}`,
    title: /^Deployment of .* to development/,
    filled: section("Steps"),
    missing: { path: "/deployments/none", says: /There is no deployment none/ },
    refused: MAY_NOT_READ,
    empty: null,
  },
  "/environments": {
    path: () => "/environments",
    title: "Environments",
    filled: (page) => page.getByRole("list", { name: "Changes in development" }).getByText("Add a nickname"),
    refused: /nora may not read the configuration\.\s*It takes one of these roles/,
    empty: /No configuration is in force yet/,
  },
  "/people": {
    path: () => "/people?person=lena",
    title: "People",
    filled: (page) => page.getByRole("region", { name: "Lena Lead" }),
    missing: { path: "/people?person=zed", says: /There is nobody called "zed"/ },
    refused: /nora may not see people and teams\.\s*It takes one of these roles/,
    empty: /No team yet/,
  },
  "/audit": {
    path: () => "/audit",
    title: "Audit",
    filled: (page) => page.getByRole("region", { name: "Entries" }).getByText("deployment.succeeded").first(),
    missing: { path: "/audit?event=no-such-event", says: /Nothing fits these filters/ },
    refused: /nora may not read the audit trail\.\s*It takes one of these roles/,
    empty: /user\.created/,
  },
  "/process/{-$name}": {
    path: () => "/process",
    title: "Data layer changes",
    filled: section("The way of a change"),
    missing: { path: "/process/nothing", says: /nothing/ },
    refused: /nora may not read the configuration\.\s*It takes one of these roles/,
    empty: /No configuration is in force/,
  },
  "/boards/{-$process}/{-$board}": {
    path: () => "/boards/itil/cab",
    title: "Change advisory board",
    filled: section("Agenda"),
    missing: { path: "/boards/itil/nothing", says: /There is no such board/ },
    refused: /nora may not read the configuration\.\s*It takes one of these roles/,
    empty: /Nothing waits for this board/,
  },
  "/process/$name/compare": {
    path: () => "/process/data-layer/compare",
    title: "data-layer: two versions",
    filled: section("What the later says otherwise"),
    missing: { path: "/process/nothing/compare", says: /There is no process "nothing"/ },
    refused: MAY_NOT_READ,
    empty: /Both say the same/,
  },
  "/settings": {
    path: () => "/settings",
    title: "Settings",
    filled: (page) => page.getByRole("region", { name: "API tokens" }).getByText("acceptance"),
    refused: /nora may not manage one's own tokens\.\s*It takes one of these roles/,
    empty: /Teams\s*none/,
  },
};

const EVERY_PAGE = Object.entries(PAGES).map(([route, entry]) => ({ route, ...entry }));

beforeAll(async () => {
  [place, emptyPlace] = [await Place.open(), await Place.openEmpty()];
  const { admin, lena } = place.people;
  await admin.ask("users.create", { body: { handle: "nora", name: "Nora Newcomer", roles: [], teams: [] } });
  road = await Road.begin(place.people, {
    title: "Add a nickname",
    artifacts: [
      migration(
        "add-nickname",
        "ALTER TABLE users ADD COLUMN nickname text;\n",
        "ALTER TABLE users DROP COLUMN nickname;\n",
      ),
    ],
  });
  await lena.ask("changes.comment", { params: road.params, body: { text: "Looks right to me." } });
  await road.untilApproved();
  deployment = (await road.deployed("development")).id;
});
afterAll(async () => {
  await place?.close();
  await emptyPlace?.close();
});

test("every page of the app has its entry here", () => {
  const source = readFileSync(join(ROOT, "packages/web/src/routes.tsx"), "utf8");
  const routes = [...source.matchAll(/\bpath: "([^"]+)"/g)].map(([, path]) => path!);
  expect(routes).toHaveLength(source.match(/= createRoute\(/g)!.length);
  expect(Object.keys(PAGES).sort()).toEqual(routes.sort());
});

/** The page has its shape: one title that says what it is, in the tab as well. */
async function isTitled({ page }: Visitor, title: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
  expect(await page.title()).toMatch(/^\S.* · change-mgmt$/);
}

/** What the page says instead is there, and a word for it that helps; never only "Error". */
async function says({ page }: Visitor, words: RegExp): Promise<void> {
  await page.getByRole("main").filter({ hasText: words }).waitFor();
}

describe.each(EVERY_PAGE)("$route", (entry) => {
  test("shows grey shapes while it reads, keeps still when the answers come, and can be used by everybody in every look", async () => {
    const visitor = await place.visit("lena");
    const { page } = visitor;
    // Who somebody is must be known for there to be a page at all.
    const open = await visitor.holdBack(({ pathname }) => pathname.startsWith("/api/") && pathname !== "/api/me");
    await visitor.go(entry.path());
    await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
    await page.getByRole("main").getByText("Loading", { exact: true }).first().waitFor();
    open();
    await entry.filled(page).waitFor();
    await isTitled(visitor, entry.title);
    await visitor.staysStill();
    for (const scheme of ["light", "dark"] as const)
      for (const at of ["desktop", "phone"] as const) {
        await visitor.lookFrom({ at, scheme });
        await visitor.isAccessible();
      }
  });

  test("says who may, to somebody who may not", async ({ skip }) => {
    if (entry.refused === null) skip();
    const visitor = await place.visit("nora", entry.path());
    visitor.foresee(/status of 403/);
    await says(visitor, entry.refused!);
    await isTitled(visitor, /./);
    await visitor.isAccessible();
  });

  test.runIf(entry.missing)("says what is not there", async () => {
    const visitor = await place.visit("lena", entry.missing!.path);
    visitor.foresee(/status of 404/);
    await says(visitor, entry.missing!.says);
    await isTitled(visitor, /./);
    await visitor.isAccessible();
  });

  test.runIf(entry.empty)("says what to do where there is nothing yet", async () => {
    const visitor = await emptyPlace.visit("admin", entry.path());
    visitor.foresee(/status of 404/);
    await says(visitor, entry.empty!);
    await isTitled(visitor, /./);
    await visitor.isAccessible();
  });
});

test("an address that leads nowhere says so and leads on", async () => {
  const visitor = await place.visit("lena", "/nothing/here");
  await isTitled(visitor, "Nothing is here");
  await visitor.isAccessible();
  await visitor.page.getByRole("link", { name: "All changes" }).click();
  await isTitled(visitor, "Changes");
});

test("the door can be used by everybody in every look", async () => {
  const visitor = await place.arrive();
  await visitor.go("/");
  await visitor.page.getByRole("form", { name: "Sign in" }).waitFor();
  await isTitled(visitor, /change to your data/);
  for (const scheme of ["light", "dark"] as const)
    for (const at of ["desktop", "phone"] as const) {
      await visitor.lookFrom({ at, scheme });
      await visitor.isAccessible();
    }
});

test("each page says that the server is away, and goes on when it is back", async () => {
  const visitor = await place.visit("lena");
  const { page } = visitor;
  visitor.foresee(/ERR_|Failed to fetch/);
  await isTitled(visitor, "Overview");
  // The code of all pages is fetched once the first one is there, so that the last of them can tell the rest.
  const fetched = "performance.getEntriesByType('resource').some(({ name }) => /settings-[^/]*\\.js$/.test(name))";
  await expect.poll(() => page.evaluate<boolean>(fetched), { timeout: 60_000 }).toBe(true);
  await place.goDown();
  for (const { path, title } of EVERY_PAGE.slice(1)) {
    await visitor.goOn(path());
    const main = page.getByRole("main");
    await main.getByRole("alert").getByText("The server cannot be reached.").first().waitFor();
    await main.getByRole("button", { name: "Try again" }).first().waitFor();
    expect(await page.getByRole("heading", { level: 1 }).count(), String(title)).toBe(1);
  }
  await page
    .getByRole("banner")
    .getByText(/Connection lost/)
    .waitFor();
  await visitor.isAccessible();
  await place.comeBack();
  await EVERY_PAGE.at(-1)!.filled(page).waitFor();
  await page
    .getByRole("banner")
    .getByText(/Connection lost/)
    .waitFor({ state: "detached" });
});
