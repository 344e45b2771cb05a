import { resolve } from "node:path";
import { loadProcess } from "@change-mgmt/analysis/configuration/process-file.ts";
import type { FieldValues } from "@change-mgmt/domain/change/change.ts";
import type { FactInputs } from "@change-mgmt/domain/process/facts.ts";
import fc from "fast-check";

const folder = resolve(import.meta.dirname, "../../../processes/data-layer");
const loaded = await loadProcess(folder);
if (!loaded.ok) throw new Error(loaded.refusal.message);

/** The data-layer process as it is shipped. */
export const dataLayer = loaded.value.process;

/** Who owns what in the workspaces these properties speak of. */
export const componentTeams = { users: "core", billing: "money", web: "front", bot: "front" };

/** The types that take away what somebody may still use. */
export const REMOVING = ["rename-field", "remove-field", "remove-table"];

/** Any change type of the process. */
export const anyType = fc.constantFrom(...dataLayer.types.map((type) => type.id));

const text = fc.string({ minLength: 1, maxLength: 80 }).filter((value) => value.trim() !== "");
const identifier = fc.stringMatching(/^[a-z_][a-z0-9_]{0,12}$/);
const endpoint = fc
  .tuple(fc.constantFrom("GET", "POST", "PATCH", "DELETE"), identifier)
  .map(([method, path]) => `${method} /api/${path}`);

/** A form filled in completely: every field that can be asked for is there. */
export const completeForm: fc.Arbitrary<FieldValues> = fc.record({
  title: text,
  description: text,
  type: anyType,
  priority: fc.constantFrom("low", "medium", "high", "critical"),
  components: fc
    .subarray(Object.keys(componentTeams), { minLength: 1 })
    .chain((names) => fc.shuffledSubarray(names, { minLength: names.length })),
  tables: fc.uniqueArray(identifier, { minLength: 1, maxLength: 4 }),
  endpoints: fc.uniqueArray(endpoint, { minLength: 1, maxLength: 4 }),
  breaking: fc.boolean(),
  stakeholders: fc.uniqueArray(identifier, { minLength: 1, maxLength: 3 }),
  migrationStrategy: text,
  rollbackPlan: text,
  securityReview: fc.boolean(),
  performanceTests: fc.boolean(),
});

/** Everything else that facts are gathered from. */
export const circumstances: fc.Arbitrary<Omit<FactInputs, "type" | "fields">> = fc.record({
  artifacts: fc.subarray(["migration", "external", "manual"] as const).map((kinds) => kinds.map((kind) => ({ kind }))),
  environments: fc.subarray(["development", "staging", "production"], { minLength: 1 }),
  assessment: fc.option(
    fc.record({
      breaking: fc.boolean(),
      complexity: fc.constantFrom("low" as const, "medium" as const, "high" as const),
    }),
  ),
  componentTeams: fc.constant(componentTeams),
  measured: fc.oneof(fc.constant({}), fc.record({ breaking: fc.boolean() })),
});
