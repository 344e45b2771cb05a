import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { newEmbeddedStore, openedStore } from "../testing/stores.ts";
import { freeAllLeases, releaseLease, takeLease } from "./leases.ts";
import type { Store } from "./store.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.stop());

describe.each(["embedded", "postgres"])("leases on %s", (kind) => {
  let store: Store;

  beforeAll(async () => {
    store =
      kind === "embedded" ? await newEmbeddedStore() : await openedStore({ databaseUrl: await postgres.newDatabase() });
  });

  afterAll(() => store.close());

  const HOUR = 3_600_000;
  const runOut = (resource: string) =>
    store.pool.query("UPDATE change_mgmt.leases SET expires_at = now() - interval '1 ms' WHERE resource = $1", [
      resource,
    ]);

  test("one holder at a time; another resource is another lease", async () => {
    expect(await takeLease(store.db, "one", "a", HOUR)).toBe(1);
    expect(await takeLease(store.db, "one", "b", HOUR)).toBeUndefined();
    expect(await takeLease(store.db, "other", "b", HOUR)).toBe(1);
  });

  test("of many who try at once, one gets it", async () => {
    const fences = await Promise.all(
      Array.from({ length: 20 }, (_, n) => takeLease(store.db, "crowd", `holder-${n}`, HOUR)),
    );
    expect(fences.filter((fence) => fence !== undefined)).toEqual([1]);
  });

  test("of many who see it run out, one gets it, with the next fence", async () => {
    await takeLease(store.db, "run-out", "first", HOUR);
    await runOut("run-out");
    const fences = await Promise.all(
      Array.from({ length: 20 }, (_, n) => takeLease(store.db, "run-out", `holder-${n}`, HOUR)),
    );
    expect(fences.filter((fence) => fence !== undefined)).toEqual([2]);
    expect(await takeLease(store.db, "run-out", "first", HOUR)).toBeUndefined();
  });

  test("one's own is taken again and lasts longer, under the same fence", async () => {
    expect(await takeLease(store.db, "own", "a", 1)).toBe(1);
    expect(await takeLease(store.db, "own", "a", HOUR)).toBe(1);
    const { rows } = await store.pool.query(
      "SELECT expires_at > now() + interval '59 minutes' AS long FROM change_mgmt.leases WHERE resource = 'own'",
    );
    expect(rows).toEqual([{ long: true }]);
  });

  test("what is given back is free; what is another's cannot be given back", async () => {
    await takeLease(store.db, "back", "a", HOUR);
    await releaseLease(store.db, "back", "b");
    expect(await takeLease(store.db, "back", "b", HOUR)).toBeUndefined();
    await releaseLease(store.db, "back", "a");
    expect(await takeLease(store.db, "back", "b", HOUR)).toBe(2);
  });

  test("the fence grows with every change of holder and never comes back", async () => {
    const fences: (number | undefined)[] = [];
    for (const holder of ["a", "b", "a", "b"]) {
      fences.push(await takeLease(store.db, "fence", holder, HOUR));
      await runOut("fence");
    }
    expect(fences).toEqual([1, 2, 3, 4]);
  });

  test("all are free after the one owner of the store died", async () => {
    await takeLease(store.db, "dead-1", "a", HOUR);
    await takeLease(store.db, "dead-2", "a", HOUR);
    await freeAllLeases(store.db);
    expect(await takeLease(store.db, "dead-1", "b", HOUR)).toBe(2);
    expect(await takeLease(store.db, "dead-2", "b", HOUR)).toBe(2);
  });
});
