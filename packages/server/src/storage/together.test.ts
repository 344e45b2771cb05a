import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { newEmbeddedStore, openedStore } from "../testing/stores.ts";
import type { Db, Store, Tx } from "./store.ts";
import { together } from "./together.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.stop());

describe.each(["embedded", "postgres"])("statements sent together to a store on %s", (kind) => {
  let store: Store;

  beforeAll(async () => {
    store =
      kind === "embedded" ? await newEmbeddedStore() : await openedStore({ databaseUrl: await postgres.newDatabase() });
  });

  afterAll(() => store.close());

  const add = (db: Db | Tx, name: string) =>
    db
      .insertInto("teams")
      .values({ id: crypto.randomUUID(), name, title: name, created_at: new Date() })
      .returning("name")
      .compile();
  const count = (db: Db | Tx) => sql<{ n: number }>`SELECT count(*)::int AS n FROM change_mgmt.teams`.compile(db);

  test("are carried out in their order, each after those before it, and each has its own rows", async () => {
    await store.db.transaction().execute(async (tx) => {
      const [before, added, between, , after] = await together(tx, [
        count(tx),
        add(tx, "one"),
        count(tx),
        add(tx, "two"),
        count(tx),
      ]);
      expect(added).toEqual([{ name: "one" }]);
      expect([before[0]!.n, between[0]!.n, after[0]!.n]).toEqual([0, 1, 2]);
    });
    expect((await together(store.db, [count(store.db)]))[0]).toEqual([{ n: 2 }]);
  });

  test("fail as the first of them that fails, and in a transaction nothing of them is left", async () => {
    const failing = store.db
      .transaction()
      .execute((tx) =>
        together(tx, [add(tx, "three"), add(tx, "one"), sql`SELECT nothing`.compile(tx), add(tx, "four")]),
      );
    await expect(failing).rejects.toMatchObject({ code: "23505", constraint: "teams_name_key" });
    const caught = store.db.transaction().execute(async (tx) => {
      await together(tx, [add(tx, "one"), add(tx, "five")]).catch(() => undefined);
    });
    await expect(caught).rejects.toThrow(/rolled back/);
    expect(await together(store.db, [count(store.db)])).toEqual([[{ n: 2 }]]);
  });

  test("of several transactions at once do not get into each other's way", async () => {
    const names = Array.from({ length: 20 }, (_, n) => `crowd-${n}`);
    const seen = await Promise.all(
      names.map((name) =>
        store.db.transaction().execute(async (tx) => {
          const mine = () => sql<{ name: string }>`SELECT ${name}::text AS name`.compile(tx);
          const [first, added, last] = await together(tx, [mine(), add(tx, name), mine()]);
          return [first[0]!.name, added[0]!.name, last[0]!.name];
        }),
      ),
    );
    expect(seen).toEqual(names.map((name) => [name, name, name]));
  });
});
