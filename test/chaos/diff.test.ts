import { tmpdir } from "node:os";
import { join } from "node:path";
import { planAlteration } from "@change-mgmt/analysis/alteration/plan.ts";
import { applySteps } from "@change-mgmt/analysis/alteration/verify-alteration.ts";
import { introspect } from "@change-mgmt/analysis/introspection/introspect.ts";
import { DEFAULT_MAJOR } from "@change-mgmt/analysis/rehearsal/embedded-majors.ts";
import { embeddedSource } from "@change-mgmt/analysis/rehearsal/embedded-source.ts";
import type { Engine } from "@change-mgmt/analysis/rehearsal/engine.ts";
import { diffSchemas } from "@change-mgmt/domain/schema/diff.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROLES, SLOTS, schemaPair } from "./schemas/random-schema.ts";

let database: Engine;
beforeAll(async () => {
  const cacheFolder = join(tmpdir(), "change-mgmt-test-cache");
  const texts = ["create extension citext"];
  const onStatement = () => undefined;
  const source = await embeddedSource({ major: DEFAULT_MAJOR, base: [], texts, cacheFolder, onStatement });
  database = await source.open([]);
  for (const role of ROLES) await database.run(`create role ${role}`);
});
afterAll(() => database.close());

/** Runs in a transaction that is rolled back. */
async function scratch<T>(statements: readonly string[], then: () => Promise<T>): Promise<T> {
  await database.run("begin");
  try {
    for (const statement of statements) await database.run(statement);
    return await then();
  } finally {
    await database.run("rollback");
  }
}

const read = () => introspect(database.query, { dependencies: true });

test("for random pairs of schemas the planned SQL leads from the first to the second", async () => {
  const number = fc.nat({ max: 839 });
  const drawn = fc.array(fc.record({ a: number, b: number, same: fc.boolean() }), {
    minLength: SLOTS,
    maxLength: SLOTS,
  });
  await fc.assert(
    fc.asyncProperty(drawn, async (numbers) => {
      const { a, b } = schemaPair(numbers);
      const from = await scratch(a, read);
      const to = await scratch(b, read);
      const { steps, obstacles } = planAlteration(from, to, { recreate: true });
      for (const { object, reason } of obstacles)
        expect(reason, object).toMatch(/holds a list of it or has a default|partition key/);
      if (obstacles.length > 0) return;
      await scratch(a, async () => {
        // All in one transaction: that labels of an enum have to be committed first shows only on a server of its own.
        const failed = await applySteps(
          { run: async (sql) => void (/^(?:begin|commit)$/.test(sql) || (await database.run(sql))) },
          steps,
        );
        expect(failed).toBeNull();
        const left = diffSchemas(await read(), to).filter(({ fields }) => !fields.includes("columnOrder"));
        expect(left.map(({ object, detail }) => `${object}: ${detail}`)).toEqual([]);
      });
    }),
    { seed: 20261128, numRuns: 30 },
  );
});
