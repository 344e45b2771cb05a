import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../acceptance/testing/folder.ts";
import { handwork, Road } from "../acceptance/testing/road.ts";
import { Place } from "./testing/place.ts";

/** The hash of a version that asked for one thing more. */
const EARLIER = "e".repeat(64);
const DEADLINE = { id: "deadline-reason", title: "Reason for the haste", help: "If any.", kind: "text" };

let place: Place;
let number: string;

beforeAll(async () => {
  place = await Place.open();
  number = (await Road.begin(place.people, { title: "Submitted before", artifacts: [handwork("look")] })).number;
  await place.between(async ({ pool }) => {
    await pool.query(
      `INSERT INTO change_mgmt.processes (hash, name, version, document, created_at)
       SELECT $1, name, 0, jsonb_set(jsonb_set(document, '{version}', '0'), '{form,fields}', document #> '{form,fields}' || $2::jsonb),
              created_at - interval '1 day'
       FROM change_mgmt.processes WHERE name = 'data-layer'`,
      [EARLIER, JSON.stringify([DEADLINE])],
    );
    await pool.query(
      "UPDATE change_mgmt.change_requests SET process_hash = $1, process_version = 0 WHERE number = $2",
      [EARLIER, number],
    );
  });
});
afterAll(() => place?.close());

test("a change leads to the version it was submitted under, which says that it is not in force and leads to the one that is", async () => {
  const rosa = await place.visit("rosa", `/changes/${number}`);
  const { page } = rosa;
  await page.getByRole("link", { name: "data-layer, version 0" }).click();
  await page.getByText("This is version 0, which is not in force any more.").waitFor();
  await page.getByText(DEADLINE.title).waitFor();
  await rosa.isAccessible();
  await page.getByRole("link", { name: "the version in force" }).click();
  await page.getByText("not in force any more").waitFor({ state: "detached" });
  expect(new URL(page.url()).search).toBe("");
  expect(await page.getByText(DEADLINE.title).count()).toBe(0);
  const versions = page.getByRole("region", { name: "Versions" });
  await versions.getByRole("link", { name: "Version 0" }).click();
  await page.getByText("This is version 0").waitFor();
});

test("a change is edited by the form of the version it was submitted under", async () => {
  const { page } = await place.visit("rosa", `/changes/${number}/edit`);
  await page.getByLabel(DEADLINE.title).fill("The law changes.");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL(new RegExp(`/changes/${number}$`));
  const saved = await place.people.rosa.ask("changes.get", { params: { id: number } });
  expect(saved).toMatchObject({ processVersion: 0, fields: { [DEADLINE.id]: "The law changes." } });
});

test("an earlier version is read beside the one in force, with what that would have said of past changes", async () => {
  const rosa = await place.visit("rosa", "/process/data-layer");
  const { page } = rosa;
  await page.getByRole("region", { name: "Versions" }).getByRole("link", { name: "beside the one in force" }).click();
  const differences = page.getByRole("region", { name: "Differences" });
  await differences.getByRole("rowheader", { name: DEADLINE.id }).waitFor();
  await differences.getByText(`title: ${DEADLINE.title}`).waitFor();
  await page.getByRole("link", { name: `${number} Submitted before` }).waitFor();
  await page.getByText(`FIELD_UNKNOWN /fields/${DEADLINE.id}`).waitFor();
  await rosa.isAccessible();
});

test("a file that is being written is tried, and its problems are told with their lines", async () => {
  const { page } = await place.visit("rosa", "/process/data-layer/compare");
  const text = readFileSync(join(ROOT, "processes/data-layer/process.yaml"), "utf8");
  const choose = async (content: string) =>
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "next.yaml", mimeType: "text/yaml", buffer: Buffer.from(content) });
  await choose(text.replace("then: { team: component }", "then: { team: web }"));
  await page.getByText("The file says one thing otherwise than version 2.").waitFor();
  await page.getByText("team: web").first().waitFor();
  await choose(text.replace("initialStage: draft", "initialStage: nowhere"));
  await page
    .getByRole("alert")
    .getByText(/^line \d+/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Leave next.yaml out" }).click();
  await page.getByText("Both say the same").waitFor();
});
