import { afterAll, beforeAll, expect, test } from "vitest";
import { Place } from "./testing/place.ts";
import type { Visitor } from "./testing/visitor.ts";

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place?.close());

const up = (visitor: Visitor) => visitor.page.getByRole("textbox", { name: "What it does (up)" });
const down = (visitor: Visitor) => visitor.page.getByRole("textbox", { name: "The way back (down)" });
const rehearsal = (visitor: Visitor) => visitor.page.getByRole("region", { name: "Rehearsal of migration-1" });

async function writing(options: Parameters<Place["visit"]>[2] = {}): Promise<Visitor> {
  const visitor = await place.visit("dev", "/changes/new?type=add-field", options);
  // What an earlier test has written is kept in the browser.
  await visitor.page.evaluate(
    "for (const key of Object.keys(localStorage)) key.startsWith('draft:') && localStorage.removeItem(key)",
  );
  await visitor.page.reload();
  await visitor.page.getByRole("button", { name: "Migration", exact: true }).click();
  await visitor.page.locator(".cm-content").nth(1).waitFor();
  return visitor;
}

test("a mistake is marked at its place, listed, and led to by keyboard; Tab leads out of the editor", async () => {
  const visitor = await writing();
  const { page } = visitor;
  await up(visitor).fill("-- für 🚆\nALTER TABLE products ADD nickname text;\nALTER TABEL products;");
  const entry = page.getByRole("list", { name: /^What it does \(up\): 1 finding/ });
  await entry.getByText(/syntax error at or near "TABEL"/).waitFor();
  await expect.poll(() => page.locator(".cm-lintRange-error").textContent()).toBe("TABEL");
  await rehearsal(visitor).getByText("to be mended first").waitFor();
  await entry.getByRole("button", { name: "Line 3, column 7" }).press("Enter");
  expect(await page.evaluate("getSelection().toString()")).toBe("TABEL");
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.closest('.cm-editor')")).toBeNull();
  await visitor.isAccessible();
});

test.each([
  ["desktop", "light"],
  ["phone", "dark"],
] as const)(
  "the rehearsal stands beside what is written, and what it breaks is asked for: %s, %s",
  async (at, scheme) => {
    const visitor = await writing({ at, scheme });
    const { page } = visitor;
    await up(visitor).fill("ALTER TABLE products ADD nickname text;\nALTER TABLE products DROP COLUMN name;");
    await down(visitor).fill("ALTER TABLE products DROP nickname;");
    const beside = rehearsal(visitor);
    await beside.getByText("passed").waitFor();
    await beside.getByText(/Rollback: does not restore the schema/).waitFor();
    await beside.getByRole("cell", { name: /ACCESS EXCLUSIVE/ }).waitFor();
    await page.getByRole("button", { name: "Line 2, column 1" }).waitFor();
    await page.getByText("yes, its rehearsal says so").waitFor();
    const proposed = page.getByRole("region", { name: "Proposed way back", exact: true });
    await proposed.getByText(/Rehearsed: fails\. column "name" .* contains null values/).waitFor();
    await visitor.isAccessible();

    // Once it is mended nothing of it stands.
    await up(visitor).fill("ALTER TABLE products ADD nickname text;");
    await beside.getByText(/restores the schema exactly/).waitFor();
    await page.getByText("not by what is said so far").waitFor();
    expect(await page.locator(".cm-lintRange").count()).toBe(0);

    // Without a way back one is proposed, and taken over by a button.
    await down(visitor).fill("");
    await proposed.getByText("Rehearsed: restores the schema exactly").waitFor();
    await visitor.isAccessible();
    await proposed.getByRole("button", { name: "Put it into the way back" }).click();
    await expect.poll(() => down(visitor).textContent()).toMatch(/ALTER TABLE .*products.* DROP COLUMN nickname/i);
    await beside.getByText(/Rollback: restores the schema exactly/).waitFor();
    expect(await proposed.count()).toBe(0);

    // One that leaves something is put in place of what stands there, and says what no statement brings back.
    await up(visitor).fill("ALTER TABLE products ADD nickname text;\nALTER TABLE products DROP COLUMN description;");
    await proposed.getByText("Rehearsed: restores the schema but for the order of columns").waitFor();
    await proposed.getByText("products.description: restores the column, not its values").waitFor();
    await visitor.isAccessible();
    await proposed.getByRole("button", { name: "Put it in place of the way back" }).press("Enter");
    await beside.getByText(/Rollback: restores the schema but for the order of columns/).waitFor();
    await beside.getByText(/The data did not come back as it was/).waitFor();
    expect(await proposed.count()).toBe(0);
  },
);
