import { createChange } from "@change-mgmt/server/lifecycle/requests/create-change.ts";
import { startPostgres, type TestPostgres } from "@change-mgmt/server/testing/postgres.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenInstallation, open } from "./data-layer/installation.ts";

const CREATORS = ["rosa", "dev", "lena", "archie", "olga", "quinn", "bora", "admin"] as const;

/** One request for a change: by whom, at which of the two processes, and whether its form holds. */
const request = fc.record({
  who: fc.constantFrom(...CREATORS),
  where: fc.constantFrom(0, 1),
  type: fc.constantFrom("add-field", "index", "remove-table", "api-endpoint"),
  submit: fc.boolean(),
  holds: fc.boolean(),
});

describe("Property 2: Unique Identifier Generation (requirement 1.4)", () => {
  let postgres: TestPostgres;
  let places: OpenInstallation[] = [];
  const given = { numbers: new Set<string>(), ids: new Set<string>() };

  beforeAll(async () => {
    postgres = await startPostgres();
    const databaseUrl = await postgres.newDatabase();
    places = [await open(databaseUrl), await open(databaseUrl)];
  });
  afterAll(async () => {
    for (const place of places) await place.close();
    await postgres?.stop();
  });

  test("changes made at once, in any mix, by anybody and through any process each get a number and an id that nobody else has", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 24 }), async (requests) => {
        const outcomes = await Promise.all(
          requests.map(({ who, where, type, submit, holds }) => {
            const { installation, actors } = places[where]!;
            const fields = {
              type,
              title: "Any",
              description: "Whatever.",
              components: ["data-layer"],
              tables: ["users"],
              endpoints: ["GET /api/users"],
              migrationStrategy: "Side by side.",
              rollbackPlan: "Back again.",
              ...(holds ? {} : { colour: "red" }),
            };
            return installation.door.execute(createChange, { fields, submit }, { actor: actors[who]! });
          }),
        );
        expect(outcomes.map(({ ok }) => ok)).toEqual(requests.map(({ holds }) => holds));
        const ids = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value.id] : []));
        const rows =
          ids.length === 0
            ? []
            : await places[0]!.installation.store.db
                .selectFrom("change_requests")
                .select(["id", "number"])
                .where("id", "in", ids)
                .execute();
        expect(rows).toHaveLength(ids.length);
        for (const { id, number } of rows) {
          expect(number).toMatch(/^CHG-[1-9]\d*$/);
          expect({ number, seen: given.numbers.has(number) || given.ids.has(id) }).toEqual({ number, seen: false });
          given.numbers.add(number);
          given.ids.add(id);
        }
      }),
      { numRuns: 15, endOnFailure: true },
    );
    const all = await places[1]!.installation.store.db.selectFrom("change_requests").select("number").execute();
    expect(new Set(all.map(({ number }) => number))).toEqual(given.numbers);
    expect(all).toHaveLength(given.numbers.size);
  });
});
