import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf } from "../acceptance/testing/people.ts";
import { type FuzzGround, fuzzGround } from "./fuzzing/ground.ts";
import { fuzz } from "./fuzzing/run.ts";
import { HOSTILE } from "./fuzzing/texts.ts";

let ground: FuzzGround;
beforeAll(async () => {
  ground = await fuzzGround();
});
afterAll(() => ground?.close());

test("whatever is sent to any operation is answered as its description says, and nothing comes out that must not", async () => {
  const { operations, failures, compared, invalid, statuses, neverFine } = await fuzz(ground, {
    seed: 1,
    requests: 800,
  });
  expect(failures).toEqual([]);
  expect(operations).toBeGreaterThan(75);
  for (const act of ["deploy", "signOff", "rollback", "close"]) expect(neverFine).not.toContain(`changes.${act}`);
  expect(invalid).toBeGreaterThan(150);
  expect(compared).toBeGreaterThan(10);
  for (const status of [200, 201, 400, 401, 403, 404, 405, 409, 415, 422])
    expect([status, statuses[status] ?? 0]).not.toEqual([status, 0]);
});

test("texts that do harm elsewhere are kept as they were typed, and found by nobody who looks for something else", async () => {
  const admin = clientOf(ground.address, await ground.tokenOf("rosa"));
  const ask = async (q: string) => (await admin("changes.list", { query: { q } })).items.map(({ number }) => number);
  for (const text of HOSTILE.filter((one) => one.trim() !== "" && one.length < 200)) {
    const fields = { type: "add-field", title: `kept ${text}`, description: text, components: ["data-layer"] };
    const created = await admin("changes.create", { body: { fields } });
    const { number } = created;
    await admin("changes.comment", { params: { id: number }, body: { text } });
    const kept = await admin("changes.get", { params: { id: number } });
    const { items } = await admin("changes.comments", { params: { id: number }, query: {} });
    expect([kept.title, kept.description, items[0]!.text]).toEqual([`kept ${text}`, text, text]);
  }
  for (const q of ["zebra%", "zebra_", "%zebra", "zebra\\", "zebra' OR '1'='1", "zebra:*", "zebra | kept"])
    expect([q, await ask(q)]).toEqual([q, []]);
});
